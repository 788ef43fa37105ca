// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDelivery} from "../../../contracts/interfaces/ISeatDelivery.sol";
import {ISeatEscrow} from "../../../contracts/interfaces/ISeatEscrow.sol";
import {DropId} from "../../../contracts/types/DropId.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {DeployedSeats} from "../base/DeployedSeats.sol";
import {NOW, PRICE, TOLL} from "../base/Plans.sol";
import {vm} from "../base/Vm.sol";
import {
    BlockingCoin,
    CallbackCoin,
    CalledBackHolder,
    Coin,
    FalseCoin,
    PlainCoin,
    RebasingCoin,
    SilentCoin
} from "../hostile/Currencies.sol";
import {DeliveryTest} from "./DeliveryTest.sol";

/// @dev C-43 to C-48 on the way out: what comes in is in the tests of minting and buying.
contract CurrenciesTest is DeliveryTest {
    function test_GivenAPlainCurrency_ItRunsTheWholeLifeInIt() public {
        _wholeLife(new PlainCoin());
    }

    function test_GivenACurrencyThatAnswersNothing_ItRunsTheWholeLifeInIt() public {
        _wholeLife(new SilentCoin());
    }

    /// @dev C-48: drops that exist keep what they were sold in.
    function test_GivenTheCurrencyWasRemoved_ItRunsTheWholeLifeInIt() public {
        PlainCoin coin = new PlainCoin();
        _payIn(address(coin));
        vm.prank(platformOwner);
        seats.setCurrency(address(coin), false);
        _live(coin);
    }

    /// @dev C-43.
    function test_GivenACurrencyThatStartsToRefuse_ItTurnsEveryPaymentIntoACredit() public {
        FalseCoin coin = new FalseCoin();
        coin.setRefusing(false);
        _payIn(address(coin));
        SeatId seat = _mintSeats(bob, 2);
        vm.warp(NOW + 1);
        coin.setRefusing(true);
        _refund(seat);
        _cancel();
        _claimAsOwner(_seat(2));
        vm.assertEq(_creditOf(bob), 2 * PRICE - PENALTY, "credit");
        bytes memory withdrawal =
            abi.encodeCall(ISeatEscrow.withdraw, (address(coin), carol, 2 * PRICE - PENALTY));
        _refused(
            bob,
            withdrawal,
            abi.encodeWithSelector(
                ISeatEscrow.SeatEscrow_PaymentRefused.selector, carol, 2 * PRICE - PENALTY
            )
        );
        coin.setRefusing(false);
        vm.prank(bob);
        seats.withdraw(address(coin), carol, 2 * PRICE - PENALTY);
        vm.assertEq(coin.balanceOf(carol), 2 * PRICE - PENALTY, "paid in the end");
    }

    /// @dev C-47: mentor, treasury, buyers and sellers go on; the blocked holder's share waits.
    function test_GivenACurrencyThatBlocksOneHolder_ItFreezesNobodyElse() public {
        BlockingCoin coin = new BlockingCoin();
        _payIn(address(coin));
        _mintSeats(bob, 1);
        _mintSeats(carol, 2);
        coin.setBlocked(bob, true);
        _resell("carol", _seat(2), alice, PRICE);
        _assert();
        _object(_seat(1));
        _object(_seat(2));
        _settle();
        _resolve(5000);
        _claimAsOwner(_seat(1));
        _claimAsOwner(_seat(2));
        _claimAsOwner(_seat(3));
        vm.assertEq(_creditOf(bob), PRICE / 2, "the blocked holder's credit");
        vm.assertEq(coin.balanceOf(alice), PRICE / 2 + ROYALTY / 2, "the buyer");
        vm.assertEq(coin.balanceOf(carol), PRICE - ROYALTY + PRICE / 2, "the seller");
        _withdrawAll(mentor);
        _withdrawAll(treasury);
        vm.assertEq(coin.balanceOf(address(seats)), PRICE / 2, "what is left is the blocked one's");
    }

    /// @dev C-47: a seat of the blocked is still sold; the seller is credited.
    function test_GivenACurrencyThatBlocksTheSeller_ItCreditsTheSeller() public {
        BlockingCoin coin = new BlockingCoin();
        _payIn(address(coin));
        SeatId seat = _mintSeats(bob, 1);
        coin.setBlocked(bob, true);
        _resell("bob", seat, carol, PRICE);
        vm.assertEq(_ownerOf(seat), carol, "owner");
        vm.assertEq(_creditOf(bob), PRICE - ROYALTY, "credit");
    }

    /// @dev The mentor is never paid by anybody else's call, so a blocked payout stops nothing.
    function test_GivenACurrencyThatBlocksTheMentor_ItSettlesAllTheSame() public {
        BlockingCoin coin = new BlockingCoin();
        _payIn(address(coin));
        _mintSeats(bob, 1);
        coin.setBlocked(mentor, true);
        coin.setBlocked(treasury, true);
        _assert();
        _settle();
        _assertReleased(PRICE);
        uint256 credit = _creditOf(mentor);
        vm.prank(mentor);
        seats.withdraw(address(coin), alice, credit);
        vm.assertEq(coin.balanceOf(alice), credit, "to another address");
    }

    /// @dev C-45, a residual of such a currency: what is owed stays, what is there shrinks. The
    /// first are paid in full, the last has a credit that the balance does not cover. Drops in
    /// other currencies do not notice.
    function test_GivenACurrencyThatShrinks_ItHurtsItsOwnDropAlone() public {
        SeatId inEther = _mint(carol);
        DropId etherDrop = drop;
        RebasingCoin coin = new RebasingCoin();
        _payIn(address(coin));
        _mintSeats(bob, 2);
        coin.rebase(5000);
        _cancel();
        _claimAsOwner(_seat(1));
        vm.assertEq(coin.balanceOf(bob), PRICE, "the first is paid");
        _claimAsOwner(_seat(2));
        vm.assertEq(_creditOf(bob), PRICE, "the second waits");
        vm.prank(mentor);
        seats.cancelDrop(etherDrop);
        uint256 before = carol.balance;
        vm.prank(carol);
        seats.claim(inEther);
        vm.assertEq(carol.balance - before, PRICE, "ether");
        coin.mint(address(seats), 2 * PRICE);
        _withdrawAll(bob);
        vm.assertEq(coin.balanceOf(bob), 2 * PRICE, "and is paid once somebody makes up for it");
    }

    /// @dev C-45: what it grows by belongs to nobody.
    function test_GivenACurrencyThatGrows_ItPaysWhatIsOwed() public {
        RebasingCoin coin = new RebasingCoin();
        _payIn(address(coin));
        _mintSeats(bob, 1);
        coin.rebase(20_000);
        _cancel();
        _claimAsOwner(_seat(1));
        vm.assertEq(coin.balanceOf(bob), PRICE, "paid");
        vm.assertEq(coin.balanceOf(address(seats)), PRICE, "what stays");
        vm.assertEq(_creditOf(mentor) + _creditOf(treasury) + _creditOf(bob), 0, "credits");
    }

    /// @dev C-46.
    function test_GivenACurrencyThatCallsBack_ItFindsEveryGuardedDoorClosed() public {
        CallbackCoin coin = new CallbackCoin();
        _payIn(address(coin));
        CalledBackHolder holder = new CalledBackHolder();
        SeatId kept = _mintSeats(address(holder), 3);
        vm.warp(NOW + 1);
        holder.prepare(address(seats), abi.encodeCall(ISeatDelivery.refund, (kept)));
        vm.prank(address(holder));
        seats.refund(_seat(2));
        _assertRefusedInside(holder);
        _cancel();
        holder.prepare(address(seats), abi.encodeCall(ISeatDelivery.claim, (kept)));
        vm.prank(address(holder));
        seats.claim(_seat(3));
        _assertRefusedInside(holder);
        vm.assertEq(coin.balanceOf(address(holder)), 2 * PRICE - PENALTY, "paid once each");
        vm.assertEq(seats.escrowOf(drop), PRICE, "E");
    }

    /// @dev Two drops in two currencies: the money of one never pays the other's.
    function test_GivenTwoCurrencies_ItKeepsTheirMoneyApart() public {
        PlainCoin first = new PlainCoin();
        PlainCoin second = new PlainCoin();
        _payIn(address(first));
        SeatId seat = _mintSeats(bob, 1);
        _payIn(address(second));
        _mintSeats(carol, 1);
        _cancel();
        _claimAsOwner(_seat(1));
        vm.assertEq(second.balanceOf(carol), PRICE, "the second drop");
        vm.assertEq(first.balanceOf(address(seats)), PRICE, "the first currency");
        vm.assertEq(seats.creditOf(carol, address(first)), 0, "no credit in it");
        vm.assertEq(seats.escrowOf(seat.dropOf()), PRICE, "the first drop");
    }

    function _wholeLife(Coin coin) private {
        _payIn(address(coin));
        _live(coin);
    }

    /// @dev A resale, a gift, a refund, a narrow dispute, claims, collecting and withdrawals.
    function _live(Coin coin) private {
        _mintSeats(carol, ELEVEN + 1);
        _resell("carol", _seat(1), bob, PRICE);
        vm.warp(NOW + 7 days);
        _give(_seat(2), alice);
        _refund(_seat(3));
        _assert();
        _object(_seat(1));
        _settle();
        _assertOwed(PRICE);
        _resolve(5000);
        _claimAsOwner(_seat(1));
        seats.collect(_seat(2));
        seats.collect(_seat(3));
        vm.assertEq(coin.balanceOf(bob), PRICE / 2 + ROYALTY / 2, "the objector");
        vm.assertEq(coin.balanceOf(carol), PRICE - ROYALTY + PRICE - PENALTY, "carol");
        uint256 released = 10 * PRICE + PRICE / 2 + ROYALTY / 2 + TOLL + PENALTY;
        vm.assertEq(_creditOf(mentor) + _creditOf(treasury), released, "released");
        _withdrawAll(mentor);
        _withdrawAll(treasury);
        vm.assertEq(coin.balanceOf(address(seats)), 0, "balance");
        vm.assertEq(address(seats).balance, 0, "ether");
    }

    function _withdrawAll(address account) private {
        uint256 credit = _creditOf(account);
        vm.prank(account);
        seats.withdraw(currency, account, credit);
    }

    function _assertRefusedInside(CalledBackHolder holder) private view {
        vm.assertEq(holder.outcome(), bytes32(DeployedSeats.Reentrancy.selector), "the door");
    }
}
