// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDelivery} from "../../../contracts/interfaces/ISeatDelivery.sol";
import {ISeatEscrow} from "../../../contracts/interfaces/ISeatEscrow.sol";
import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {TransferPolicy} from "../../../contracts/types/Terms.sol";
import {DeployedSeats} from "../base/DeployedSeats.sol";
import {COOLDOWN, NOW, PRICE, Plan, TOLL} from "../base/Plans.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {vm} from "../base/Vm.sol";
import {
    BlockingCoin,
    CallbackCoin,
    CalledBackHolder,
    Coin,
    FalseCoin,
    FeeCoin,
    LyingCoin,
    PlainCoin,
    SilentCoin
} from "../hostile/Currencies.sol";

/// @dev What keeps a seat where it is is the same in every currency; see Gift.t.sol.
contract GiftCoinTest is SeatsTest {
    Coin internal coin;
    SeatId internal seat;
    uint256 internal id;

    function test_GivenAnOwnerWhoCanPayTheToll_ItTakesTheTollAndKeepsItWithTheSeat() public {
        _use(address(new PlainCoin()));
        _give();
        _assertGiven(TOLL);
        vm.assertEq(coin.balanceOf(alice), 0, "coins of the owner");
        vm.assertEq(coin.allowance(alice, address(seats)), 0, "allowance");
        vm.assertEq(address(seats).balance, 0, "ether of the contract");
        vm.assertEq(seats.escrowOf(drop), PRICE, "escrow");
    }

    function test_GivenAnOwnerWhoCanPayTheToll_ItPublishesTollAndTransfer() public {
        _use(address(new PlainCoin()));
        vm.expectEmit(address(seats));
        emit ISeatEscrow.Held(seat, TOLL);
        vm.expectEmit(address(seats));
        emit DeployedSeats.Transfer(alice, bob, id);
        _give();
    }

    function test_GivenAnOwnerWhoCanPayTheToll_ItTakesTheTollInEveryForm() public {
        _use(address(new PlainCoin()));
        vm.prank(alice);
        seats.safeTransferFrom(alice, bob, id);
        _assertGiven(TOLL);
        _fund(address(coin), bob, TOLL);
        vm.warp(NOW + 2 * COOLDOWN);
        vm.prank(bob);
        seats.safeTransferFrom(bob, carol, id, "data");
        vm.assertEq(_ownerOf(seat), carol, "owner");
        vm.assertEq(seats.heldOf(seat), 2 * TOLL, "held");
        vm.assertEq(coin.balanceOf(address(seats)), PRICE + 2 * TOLL, "coins of the contract");
    }

    function test_WhenEtherComesWithTheCall_ItRevertsWithTheAmount() public {
        _use(address(new PlainCoin()));
        vm.startPrank(alice);
        vm.expectRevert(_wrongToll(1));
        seats.transferFrom{value: 1}(alice, bob, id);
        vm.expectRevert(_wrongToll(TOLL));
        seats.safeTransferFrom{value: TOLL}(alice, bob, id);
        vm.expectRevert(_wrongToll(TOLL));
        seats.safeTransferFrom{value: TOLL}(alice, bob, id, "data");
    }

    function test_WhenAWeiOfTheAllowanceIsMissing_ItRevertsWithNothingReceived() public {
        _use(address(new PlainCoin()));
        vm.prank(alice);
        coin.approve(address(seats), TOLL - 1);
        _refused(_missing(0));
        vm.prank(alice);
        coin.approve(address(seats), TOLL);
        _give();
    }

    function test_WhenAWeiOfTheBalanceIsMissing_ItRevertsWithNothingReceived() public {
        _use(address(new PlainCoin()));
        vm.prank(alice);
        PlainCoin(address(coin)).transfer(carol, 1);
        _refused(_missing(0));
        vm.prank(carol);
        PlainCoin(address(coin)).transfer(alice, 1);
        _give();
    }

    function test_WhenTheCooldownIsNotOver_ItTakesNothing() public {
        _use(address(new PlainCoin()));
        vm.warp(NOW + COOLDOWN - 1);
        _refused(
            abi.encodeWithSelector(ISeatToken.SeatToken_CoolingDown.selector, seat, NOW + COOLDOWN)
        );
        vm.assertEq(coin.balanceOf(alice), TOLL, "coins of the owner");
    }

    function test_GivenTheDropHasNoToll_ItNeedsNoAllowance() public {
        Plan memory plan = _plan();
        plan.terms.toll = 0;
        _usePlan(address(new PlainCoin()), plan);
        vm.prank(alice);
        coin.approve(address(seats), 0);
        _give();
        _assertGiven(0);
    }

    function test_GivenAnOpenDrop_ItNeedsNoAllowanceFromWhoeverMovesIt() public {
        Plan memory plan = _plan();
        plan.terms.policy = TransferPolicy.OPEN;
        (plan.terms.toll, plan.terms.giftCooldown) = (0, 0);
        _usePlan(address(new PlainCoin()), plan);
        vm.startPrank(alice);
        coin.approve(address(seats), 0);
        seats.approve(carol, id);
        vm.stopPrank();
        vm.prank(carol);
        seats.transferFrom(alice, bob, id);
        _assertGiven(0);
        vm.prank(bob);
        vm.expectRevert(_wrongToll(1));
        seats.transferFrom{value: 1}(bob, alice, id);
    }

    /// @dev C-48.
    function test_GivenThePlatformAllowsTheCoinNoLonger_ItMovesTheSeatAllTheSame() public {
        _use(address(new PlainCoin()));
        vm.prank(platformOwner);
        seats.setCurrency(address(coin), false);
        _give();
        _assertGiven(TOLL);
    }

    /// @dev C-42.
    function test_WhenTheCoinKeepsAPart_ItRevertsWithWhatArrived() public {
        FeeCoin fees = new FeeCoin();
        fees.setTaking(false);
        _use(address(fees));
        fees.setTaking(true);
        _refused(_missing(TOLL - TOLL / 100));
        vm.assertEq(seats.heldOf(seat), 0, "held");
    }

    /// @dev C-43.
    function test_WhenTheCoinSaysNo_ItRevertsWithNothingReceived() public {
        FalseCoin refusing = new FalseCoin();
        refusing.setRefusing(false);
        _use(address(refusing));
        refusing.setRefusing(true);
        _refused(_missing(0));
    }

    function test_WhenTheCoinLies_ItRevertsWithNothingReceived() public {
        LyingCoin lying = new LyingCoin();
        lying.setLying(false);
        _use(address(lying));
        lying.setLying(true);
        _refused(_missing(0));
    }

    /// @dev C-44.
    function test_WhenTheCoinIsSilent_ItMovesTheSeat() public {
        _use(address(new SilentCoin()));
        _give();
        _assertGiven(TOLL);
    }

    /// @dev C-47: who is blocked can still sell, and gets a credit; see BuyCoin.t.sol.
    function test_WhenTheCoinBlocksTheOwner_ItRevertsWithNothingReceived() public {
        BlockingCoin blocking = new BlockingCoin();
        _use(address(blocking));
        blocking.setBlocked(alice, true);
        _refused(_missing(0));
    }

    function test_WhenTheCoinBlocksTheRecipient_ItMovesTheSeatAllTheSame() public {
        BlockingCoin blocking = new BlockingCoin();
        _use(address(blocking));
        blocking.setBlocked(bob, true);
        _give();
        _assertGiven(TOLL);
    }

    /// @dev C-46: the owner is called back before the coins move, when the seat has gone.
    function test_WhenTheCoinCallsTheOwnerBack_ItFindsEveryDoorClosed() public {
        _use(address(new CallbackCoin()));
        CalledBackHolder holder = new CalledBackHolder();
        vm.warp(NOW);
        uint256 given = SeatId.unwrap(_mintForCoin(address(holder)));
        SeatId kept = _mintForCoin(address(holder));
        vm.warp(NOW + COOLDOWN);
        bytes[3] memory doors = [
            _transfer(address(holder), SeatId.unwrap(kept)),
            abi.encodeCall(ISeatDelivery.refund, (kept)),
            abi.encodeCall(ISeatEscrow.withdraw, (address(coin), bob, 1))
        ];
        for (uint256 i; i < doors.length; ++i) {
            _fund(address(coin), address(holder), TOLL);
            holder.prepare(address(seats), doors[i]);
            holder.act(address(seats), _transfer(address(holder), given));
            vm.assertEq(holder.outcome(), bytes32(DeployedSeats.Reentrancy.selector), "the door");
            vm.warp(NOW + COOLDOWN * (2 * i + 2));
            vm.prank(bob);
            coin.approve(address(seats), TOLL);
            coin.mint(bob, TOLL);
            vm.prank(bob);
            seats.transferFrom(bob, address(holder), given);
            vm.warp(NOW + COOLDOWN * (2 * i + 3));
        }
        vm.assertEq(_ownerOf(kept), address(holder), "kept");
    }

    /// @dev A drop in `currency`, a seat of alice's in it that may be given away, and its toll.
    function _use(address currency) private {
        _usePlan(currency, _plan());
    }

    function _usePlan(address currency, Plan memory plan) private {
        coin = Coin(currency);
        _allow(currency);
        plan.terms.currency = currency;
        drop = _create(plan);
        seat = _mintForCoin(alice);
        id = SeatId.unwrap(seat);
        _fund(currency, alice, TOLL);
        vm.warp(NOW + COOLDOWN);
    }

    function _mintForCoin(address recipient) private returns (SeatId) {
        _fund(address(coin), carol, PRICE);
        vm.prank(carol);
        return seats.mint(_request(recipient, 1), "");
    }

    function _give() private {
        vm.prank(alice);
        seats.transferFrom(alice, bob, id);
    }

    function _refused(bytes memory expected) private {
        vm.startPrank(alice);
        vm.expectRevert(expected);
        seats.transferFrom(alice, bob, id);
        vm.expectRevert(expected);
        seats.safeTransferFrom(alice, bob, id);
        vm.expectRevert(expected);
        seats.safeTransferFrom(alice, bob, id, "data");
        vm.stopPrank();
        vm.assertEq(_ownerOf(seat), alice, "owner");
    }

    function _assertGiven(uint256 toll) private view {
        vm.assertEq(_ownerOf(seat), bob, "owner");
        vm.assertEq(seats.seatOf(seat).epoch, 1, "epoch");
        vm.assertEq(seats.heldOf(seat), toll, "held");
        vm.assertEq(coin.balanceOf(address(seats)), PRICE + toll, "coins of the contract");
    }

    function _transfer(address from, uint256 given) private view returns (bytes memory) {
        return abi.encodeCall(seats.transferFrom, (from, bob, given));
    }

    function _wrongToll(uint256 paid) private view returns (bytes memory) {
        return abi.encodeWithSelector(ISeatToken.SeatToken_WrongToll.selector, seat, 0, paid);
    }

    function _missing(uint256 received) private view returns (bytes memory) {
        return abi.encodeWithSelector(
            ISeatEscrow.SeatEscrow_PaymentMissing.selector, coin, alice, TOLL, received
        );
    }
}
