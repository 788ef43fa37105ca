// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDelivery} from "../../../contracts/interfaces/ISeatDelivery.sol";
import {ISeatDrops} from "../../../contracts/interfaces/ISeatDrops.sol";
import {ISeatEscrow} from "../../../contracts/interfaces/ISeatEscrow.sol";
import {ISeatSteering} from "../../../contracts/interfaces/ISeatSteering.sol";
import {DropId} from "../../../contracts/types/DropId.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {MintRequest} from "../../../contracts/types/Terms.sol";
import {DeployedSeats} from "../base/DeployedSeats.sol";
import {PRICE, Plan} from "../base/Plans.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {vm} from "../base/Vm.sol";
import {
    BlockingCoin,
    CallbackCoin,
    CalledBackHolder,
    Coin,
    DenyingCoin,
    FalseCoin,
    FeeCoin,
    LyingCoin,
    PlainCoin,
    RebasingCoin,
    ShrinkingCoin,
    SilentCoin
} from "../hostile/Currencies.sol";

/// @dev C-42 to C-47. Drop 1 is in ETH; `drop` is in the coin that the test is about, of which
/// alice has what two seats cost.
contract MintCurrencyTest is SeatsTest {
    address private coin;

    function test_WhenTheCoinIsPlain_ItTakesThePriceFromTheCaller() public {
        _useCoin(address(new PlainCoin()));
        _minted(2);
        vm.assertEq(_balance(alice), 0, "alice");
        vm.assertEq(_balance(address(seats)), 2 * PRICE, "seats");
        vm.assertEq(Coin(coin).allowance(alice, address(seats)), 0, "allowance");
        vm.assertEq(alice.balance, 100 ether, "ether of alice");
    }

    function test_WhenTheCoinIsPlain_ItOwesTheFaceInThatCurrency() public {
        _useCoin(address(new PlainCoin()));
        SeatId first = _minted(2);
        vm.assertEq(seats.escrowOf(drop), 2 * PRICE, "escrow");
        vm.assertEq(seats.escrowOf(DropId.wrap(1)), 0, "escrow of the drop in ether");
        vm.assertEq(seats.seatOf(first).face, PRICE, "face");
        vm.assertEq(_ownerOf(first), resolver, "owner");
    }

    function test_WhenThePriceIsZero_ItAsksNothingOfTheCoin() public {
        coin = address(new FalseCoin());
        _allow(coin);
        Plan memory plan = _plan();
        (plan.terms.currency, plan.phases[0].price) = (coin, 0);
        drop = _create(plan);
        vm.prank(alice);
        seats.mint(_request(resolver, 2), "");
        vm.assertEq(seats.balanceOf(resolver), 2, "seats");
    }

    function test_WhenEtherIsSentAlong_ItRevertsWithTheAmount() public {
        _useCoin(address(new PlainCoin()));
        uint256[2] memory payments = [uint256(1), 2 * PRICE];
        for (uint256 i; i < payments.length; ++i) {
            MintRequest memory request = _request(resolver, 2);
            vm.prank(alice);
            vm.expectRevert(
                abi.encodeWithSelector(ISeatDrops.SeatDrops_WrongPayment.selector, 0, payments[i])
            );
            seats.mint{value: payments[i]}(request, "");
        }
    }

    function test_WhenTheAllowanceIsOneUnitShort_ItRevertsWithWhatArrived() public {
        _useCoin(address(new PlainCoin()));
        uint256[2] memory allowances = [uint256(0), 2 * PRICE - 1];
        for (uint256 i; i < allowances.length; ++i) {
            vm.prank(alice);
            Coin(coin).approve(address(seats), allowances[i]);
            _missing(0);
        }
    }

    function test_WhenTheBalanceIsOneUnitShort_ItRevertsWithWhatArrived() public {
        _useCoin(address(new PlainCoin()));
        vm.prank(alice);
        PlainCoin(coin).transfer(bob, 1);
        _missing(0);
    }

    function test_WhenOnlyTheRecipientHasTheCoin_ItRevertsWithWhatArrived() public {
        _useCoin(address(new PlainCoin()));
        vm.prank(alice);
        PlainCoin(coin).transfer(bob, 2 * PRICE);
        _fund(coin, resolver, 2 * PRICE);
        _missing(0);
    }

    function test_WhenTheTotalIsAboveTheCallersMaximum_ItTakesNothing() public {
        _useCoin(address(new PlainCoin()));
        MintRequest memory request = _request(resolver, 2);
        request.maxTotal -= 1;
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISeatDrops.SeatDrops_AboveMaxTotal.selector, 2 * PRICE, 2 * PRICE - 1
            )
        );
        seats.mint(request, "");
        vm.assertEq(_balance(alice), 2 * PRICE, "alice");
    }

    function test_WhenTheCoinAnswersNothing_ItIsPaid() public {
        _useCoin(address(new SilentCoin()));
        _minted(2);
        vm.assertEq(_balance(address(seats)), 2 * PRICE, "seats");
    }

    function test_WhenTheCoinAnswersFalse_ItRevertsWithWhatArrived() public {
        _useCoin(address(new FalseCoin()));
        _missing(0);
    }

    function test_WhenTheCoinMovesAndAnswersFalse_ItRevertsWithWhatArrived() public {
        _useCoin(address(new DenyingCoin()));
        _missing(2 * PRICE);
    }

    function test_WhenTheCoinTakesFromThisContract_ItRevertsWithNothing() public {
        _useCoin(address(new ShrinkingCoin()));
        Coin(coin).mint(address(seats), 100 * PRICE);
        _missing(0);
    }

    function test_WhenTheCoinKeepsAPart_ItRevertsWithWhatArrived() public {
        _useCoin(address(new FeeCoin()));
        _missing(2 * PRICE - 2 * PRICE / 100);
    }

    function test_WhenTheCoinLies_ItRevertsWithWhatArrived() public {
        _useCoin(address(new LyingCoin()));
        _missing(0);
    }

    /// @dev Money of other drops in the same currency pays for nobody.
    function test_WhenTheCoinLies_ItCountsNoMoneyThatWasThere() public {
        _useCoin(address(new LyingCoin()));
        Coin(coin).mint(address(seats), 100 * PRICE);
        _missing(0);
    }

    function test_WhenTheCoinRoundsTheAmount_ItRevertsWithWhatArrived() public {
        _useCoin(address(new RebasingCoin()));
        Coin(coin).mint(alice, 100_000 * PRICE);
        RebasingCoin(coin).rebase(3);
        _missing(2 * PRICE - 1);
        RebasingCoin(coin).rebase(20_000);
        _minted(2);
    }

    function test_WhenTheCoinBlocksOneHolder_ItServesTheOthers() public {
        _useCoin(address(new BlockingCoin()));
        BlockingCoin(coin).setBlocked(alice, true);
        _missing(0);
        _fund(coin, bob, PRICE);
        vm.prank(bob);
        seats.mint(_request(bob, 1), "");
        vm.assertEq(seats.balanceOf(bob), 1, "seats of bob");
    }

    function test_WhenTheCoinBlocksThisContract_ItSellsOtherDropsAllTheSame() public {
        _useCoin(address(new BlockingCoin()));
        BlockingCoin(coin).setBlocked(address(seats), true);
        _missing(0);
        SeatId seat = _mintIn(DropId.wrap(1), bob);
        vm.assertEq(_ownerOf(seat), bob, "owner");
    }

    /// @dev Without code there is nothing that could tell a balance.
    function test_GivenTheCoinHasVanished_ItReverts() public {
        _useCoin(address(new PlainCoin()));
        vm.etch(coin, "");
        vm.prank(alice);
        (bool accepted,) =
            address(seats).call(abi.encodeCall(ISeatDrops.mint, (_request(resolver, 2), "")));
        vm.assertFalse(accepted, "accepted");
    }

    function test_WhenTheCoinCallsBack_ItFindsEveryDoorClosed() public {
        _useCoin(address(new CallbackCoin()));
        CalledBackHolder holder = new CalledBackHolder();
        MintRequest[] memory requests = new MintRequest[](1);
        requests[0] = _request(address(holder), 1);
        bytes[] memory doors = new bytes[](4);
        doors[0] = abi.encodeCall(ISeatDrops.mint, (requests[0], ""));
        doors[1] = abi.encodeCall(ISeatDrops.mintMany, (requests, new bytes[](1)));
        doors[2] = abi.encodeCall(ISeatEscrow.withdraw, (coin, address(holder), 1));
        doors[3] = abi.encodeWithSignature("refund(uint256)", _seat(1));
        for (uint256 i; i < doors.length; ++i) {
            holder.prepare(address(seats), doors[i]);
            _mintAs(holder);
            vm.assertEq(holder.outcome(), bytes32(DeployedSeats.Reentrancy.selector), "outcome");
        }
        vm.assertEq(seats.balanceOf(address(holder)), doors.length, "seats");
        vm.assertEq(_balance(address(seats)), seats.escrowOf(drop), "escrow");
    }

    /// @dev The seats are the caller's before the coin is asked: what the callback sees is final.
    function test_WhenTheCoinCallsBack_ItHasMintedAlready() public {
        _useCoin(address(new CallbackCoin()));
        CalledBackHolder holder = new CalledBackHolder();
        holder.prepare(
            address(seats), abi.encodeCall(DeployedSeats.ownerOf, (SeatId.unwrap(_seat(1))))
        );
        _mintAs(holder);
        vm.assertEq(holder.outcome(), holder.ACCEPTED(), "the seat has an owner");
    }

    /// @dev A mentor who mints may cancel before their coin has arrived; it must arrive all the same.
    function test_WhenTheCoinCallsBack_ItOwesNoMoreThanArrives() public {
        coin = address(new CallbackCoin());
        _allow(coin);
        CalledBackHolder holder = new CalledBackHolder();
        Plan memory plan = _plan();
        plan.terms.currency = coin;
        holder.act(
            address(seats),
            abi.encodeCall(ISeatDrops.createDrop, (plan.terms, plan.tiers, plan.phases))
        );
        drop = DropId.wrap(2);
        holder.prepare(address(seats), abi.encodeCall(ISeatSteering.cancelDrop, (drop)));
        _mintAs(holder);
        vm.assertEq(holder.outcome(), holder.ACCEPTED(), "cancelled");
        vm.assertEq(seats.escrowOf(drop), PRICE, "escrow");
        vm.assertEq(_balance(address(seats)), PRICE, "balance");
        holder.prepare(address(0), "");
        holder.act(address(seats), abi.encodeCall(ISeatDelivery.claim, (_seat(1))));
        vm.assertEq(_balance(address(holder)), PRICE, "claimed");
        vm.assertEq(_balance(address(seats)), 0, "nothing is left");
    }

    function _useCoin(address coin_) private {
        coin = coin_;
        drop = _createIn(coin);
        _fund(coin, alice, 2 * PRICE);
    }

    function _balance(address account) private view returns (uint256) {
        return Coin(coin).balanceOf(account);
    }

    function _minted(uint256 quantity) private returns (SeatId first) {
        vm.prank(alice);
        first = seats.mint(_request(resolver, quantity), "");
        vm.assertEq(seats.balanceOf(resolver), quantity, "seats");
    }

    function _mintAs(CalledBackHolder holder) private {
        Coin(coin).mint(address(holder), PRICE);
        bytes memory approval = abi.encodeCall(Coin.approve, (address(seats), PRICE));
        holder.act(coin, approval);
        MintRequest memory request = _request(address(holder), 1);
        holder.act(address(seats), abi.encodeCall(ISeatDrops.mint, (request, "")));
    }

    /// @dev Two seats for alice's money, of which `received` arrived.
    function _missing(uint256 received) private {
        uint256 before = _balance(address(seats));
        MintRequest memory request = _request(resolver, 2);
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISeatEscrow.SeatEscrow_PaymentMissing.selector, coin, alice, 2 * PRICE, received
            )
        );
        seats.mint(request, "");
        vm.assertEq(seats.balanceOf(resolver), 0, "seats");
        vm.assertEq(seats.escrowOf(drop), 0, "escrow");
        vm.assertEq(_balance(address(seats)), before, "balance");
    }
}
