// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatEscrow} from "../../../contracts/interfaces/ISeatEscrow.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {DeployedSeats} from "../base/DeployedSeats.sol";
import {NOW, PRICE, Plan} from "../base/Plans.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {Storage} from "../base/Storage.sol";
import {vm} from "../base/Vm.sol";
import {
    BlockingCoin,
    CallbackCoin,
    CalledBackHolder,
    Coin,
    FalseCoin,
    FeeCoin,
    PlainCoin,
    RebasingCoin,
    SilentCoin
} from "../hostile/Currencies.sol";

/// @dev A credit of one face: of a cancelled drop's seat, claimed by somebody else.
contract WithdrawCoinTest is SeatsTest {
    address private recipient = _account("recipient");

    Coin internal coin;

    function test_GivenACredit_ItPaysTheRecipientInParts() public {
        _use(address(new PlainCoin()), alice);
        _withdraw(recipient, 1);
        vm.assertEq(coin.balanceOf(recipient), 1, "paid");
        vm.assertEq(_credit(alice), PRICE - 1, "credit");
        _withdraw(alice, PRICE - 1);
        vm.assertEq(coin.balanceOf(alice), PRICE - 1, "the rest");
        vm.assertEq(_credit(alice), 0, "no credit");
        vm.assertEq(coin.balanceOf(address(seats)), 0, "coins of the contract");
        _refused(alice, 1, _tooSmall(0, 1));
    }

    function test_GivenACredit_ItPublishesTheWithdrawal() public {
        _use(address(new PlainCoin()), alice);
        vm.expectEmit(address(seats));
        emit ISeatEscrow.Withdrawn(alice, address(coin), recipient, PRICE);
        _withdraw(recipient, PRICE);
    }

    function test_GivenACredit_ItLeavesCreditsInOtherCurrencies() public {
        _use(address(new PlainCoin()), alice);
        Coin first = coin;
        Storage.addCredit(seats, alice, 1 ether);
        _use(address(new PlainCoin()), alice);
        _withdraw(recipient, PRICE);
        vm.assertEq(seats.creditOf(alice, address(0)), 1 ether, "credit in ether");
        vm.assertEq(seats.creditOf(alice, address(first)), PRICE, "credit in the other coin");
        vm.assertEq(first.balanceOf(address(seats)), PRICE, "coins of the other kind");
        vm.assertEq(address(seats).balance, 1 ether, "ether");
    }

    function test_WhenTheAmountIsOneWeiAboveTheCredit_ItRevertsWithBothAmounts() public {
        _use(address(new PlainCoin()), alice);
        _refused(alice, PRICE + 1, _tooSmall(PRICE, PRICE + 1));
        _refused(alice, type(uint256).max, _tooSmall(PRICE, type(uint256).max));
    }

    function test_WhenTheAmountIsZero_ItReverts() public {
        _use(address(new PlainCoin()), alice);
        _refused(recipient, 0, _nothing(recipient));
    }

    function test_WhenTheRecipientIsNobody_ItReverts() public {
        _use(address(new PlainCoin()), alice);
        _refused(address(0), PRICE, _nothing(address(0)));
    }

    /// @dev Money that is sent here without a function belongs to nobody, so it does not leave so.
    function test_WhenTheRecipientIsTheContract_ItRevertsAndKeepsTheCredit() public {
        _use(address(new PlainCoin()), alice);
        Storage.addCredit(seats, alice, 1 ether);
        _refused(address(seats), PRICE, _nothing(address(seats)));
        vm.assertEq(_credit(alice), PRICE, "credit");
        vm.prank(alice);
        vm.expectRevert(_nothing(address(seats)));
        seats.withdraw(address(0), address(seats), 1 ether);
        vm.assertEq(seats.creditOf(alice, address(0)), 1 ether, "credit in ether");
    }

    function test_WhenTheCurrencyIsNothingAtAll_ItRevertsWithNoCredit() public {
        coin = Coin(address(0xdead));
        _refused(alice, 1, _tooSmall(0, 1));
    }

    /// @dev C-48.
    function test_GivenThePlatformAllowsTheCoinNoLonger_ItPaysAllTheSame() public {
        _use(address(new PlainCoin()), alice);
        vm.prank(platformOwner);
        seats.setCurrency(address(coin), false);
        _withdraw(alice, PRICE);
        vm.assertEq(coin.balanceOf(alice), PRICE, "paid");
    }

    function test_GivenSellingIsPaused_ItPaysAllTheSame() public {
        _use(address(new PlainCoin()), alice);
        Storage.setPausedUntil(seats, drop, NOW + 1 days);
        _withdraw(alice, PRICE);
        vm.assertEq(coin.balanceOf(alice), PRICE, "paid");
    }

    /// @dev C-43.
    function test_WhenTheCoinSaysNo_ItRevertsAndKeepsTheCredit() public {
        FalseCoin refusing = new FalseCoin();
        refusing.setRefusing(false);
        _use(address(refusing), alice);
        refusing.setRefusing(true);
        _refused(alice, PRICE, _paymentRefused(alice, PRICE));
        vm.assertEq(_credit(alice), PRICE, "credit");
        refusing.setRefusing(false);
        _withdraw(alice, PRICE);
        vm.assertEq(coin.balanceOf(alice), PRICE, "paid later");
    }

    /// @dev C-44.
    function test_WhenTheCoinIsSilent_ItPays() public {
        _use(address(new SilentCoin()), alice);
        _withdraw(recipient, PRICE);
        vm.assertEq(coin.balanceOf(recipient), PRICE, "paid");
    }

    /// @dev C-47.
    function test_WhenTheCoinBlocksTheRecipient_ItPaysAnotherInstead() public {
        BlockingCoin blocking = new BlockingCoin();
        _use(address(blocking), alice);
        blocking.setBlocked(alice, true);
        _refused(alice, PRICE, _paymentRefused(alice, PRICE));
        vm.assertEq(_credit(alice), PRICE, "credit");
        _withdraw(recipient, PRICE);
        vm.assertEq(coin.balanceOf(recipient), PRICE, "paid");
    }

    /// @dev C-42: a fee on the way out is the recipient's, and nobody else's money pays it.
    function test_WhenTheCoinKeepsAPart_ItTakesTheWholeCreditAndNoMore() public {
        FeeCoin fees = new FeeCoin();
        fees.setTaking(false);
        _use(address(fees), alice);
        _fund(address(coin), bob, PRICE);
        Plan memory plan = _plan();
        plan.terms.currency = address(coin);
        drop = _create(plan);
        vm.prank(bob);
        seats.mint(_request(bob, 1), "");
        fees.setTaking(true);
        _withdraw(recipient, PRICE);
        vm.assertEq(coin.balanceOf(recipient), PRICE - PRICE / 100, "less the fee");
        vm.assertEq(_credit(alice), 0, "credit");
        vm.assertEq(coin.balanceOf(address(seats)), PRICE, "the other drop's coins");
    }

    /// @dev C-45.
    function test_WhenTheCoinShrinksBelowTheCredit_ItRevertsAndKeepsTheCredit() public {
        RebasingCoin shrinking = new RebasingCoin();
        _use(address(shrinking), alice);
        shrinking.rebase(5000);
        _refused(alice, PRICE, _paymentRefused(alice, PRICE));
        _withdraw(alice, PRICE / 2);
        vm.assertEq(coin.balanceOf(alice), PRICE / 2, "what is there");
        vm.assertEq(_credit(alice), PRICE / 2, "credit");
    }

    function test_WhenTheCoinHasNoCodeAnyMore_ItRevertsAndKeepsTheCredit() public {
        _use(address(new PlainCoin()), alice);
        vm.etch(address(coin), "");
        _refused(alice, PRICE, _paymentRefused(alice, PRICE));
        vm.assertEq(_credit(alice), PRICE, "credit");
    }

    /// @dev C-46.
    function test_WhenTheCoinCallsTheRecipientBack_ItPaysOnce() public {
        CalledBackHolder holder = new CalledBackHolder();
        _use(address(new CallbackCoin()), address(holder));
        bytes memory half =
            abi.encodeCall(ISeatEscrow.withdraw, (address(coin), address(holder), PRICE / 2));
        holder.prepare(address(seats), half);
        holder.act(address(seats), half);
        vm.assertEq(
            holder.outcome(), bytes32(DeployedSeats.Reentrancy.selector), "second withdrawal"
        );
        vm.assertEq(coin.balanceOf(address(holder)), PRICE / 2, "paid");
        vm.assertEq(_credit(address(holder)), PRICE / 2, "credit");
    }

    /// @dev Gives `account` a credit of PRICE in `currency`, by what anybody can do.
    function _use(address currency, address account) private {
        coin = Coin(currency);
        drop = _createIn(currency);
        _fund(currency, carol, PRICE);
        vm.prank(carol);
        SeatId seat = seats.mint(_request(account, 1), "");
        vm.prank(mentor);
        seats.cancelDrop(drop);
        vm.expectEmit(address(seats));
        emit ISeatEscrow.Credited(account, currency, PRICE);
        vm.prank(carol);
        seats.claim(seat);
    }

    function _withdraw(address to, uint256 amount) private {
        vm.prank(alice);
        seats.withdraw(address(coin), to, amount);
    }

    function _refused(address to, uint256 amount, bytes memory expected) private {
        vm.prank(alice);
        vm.expectRevert(expected);
        seats.withdraw(address(coin), to, amount);
    }

    function _credit(address account) private view returns (uint256) {
        return seats.creditOf(account, address(coin));
    }

    function _nothing(address to) private view returns (bytes memory) {
        return abi.encodeWithSelector(ISeatEscrow.SeatEscrow_NothingToWithdraw.selector, alice, to);
    }

    function _tooSmall(uint256 credit, uint256 amount) private view returns (bytes memory) {
        return abi.encodeWithSelector(
            ISeatEscrow.SeatEscrow_CreditTooSmall.selector, alice, credit, amount
        );
    }

    function _paymentRefused(address to, uint256 amount) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ISeatEscrow.SeatEscrow_PaymentRefused.selector, to, amount);
    }
}
