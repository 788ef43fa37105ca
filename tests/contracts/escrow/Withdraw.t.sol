// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatEscrow} from "../../../contracts/interfaces/ISeatEscrow.sol";
import {DeployedSeats} from "../base/DeployedSeats.sol";
import {PRICE} from "../base/Plans.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {Storage} from "../base/Storage.sol";
import {vm} from "../base/Vm.sol";
import {ReenteringReceiver, RefusingReceiver} from "../hostile/EtherReceivers.sol";

contract WithdrawTest is SeatsTest {
    uint256 private constant CREDIT = 3 ether;

    address private recipient = _account("recipient");

    function setUp() public override {
        super.setUp();
        _mint(alice);
        Storage.addCredit(seats, alice, CREDIT);
    }

    function test_WhenTheAmountIsZero_ItReverts() public {
        vm.prank(alice);
        vm.expectRevert(_nothing(alice, recipient));
        seats.withdraw(address(0), recipient, 0);
    }

    function test_WhenTheRecipientIsNobody_ItReverts() public {
        vm.prank(alice);
        vm.expectRevert(_nothing(alice, address(0)));
        seats.withdraw(address(0), address(0), 1);
    }

    function test_WhenTheCreditIsTooSmall_ItRevertsWithBothAmounts() public {
        vm.prank(alice);
        vm.expectRevert(_tooSmall(alice, CREDIT, CREDIT + 1));
        seats.withdraw(address(0), recipient, CREDIT + 1);
    }

    function test_GivenNoCredit_ItRevertsAlthoughTheContractHoldsMoney() public {
        vm.prank(bob);
        vm.expectRevert(_tooSmall(bob, 0, 1));
        seats.withdraw(address(0), bob, 1);
    }

    function test_WhenTheCurrencyIsAnother_ItHasItsOwnCredit() public {
        vm.prank(alice);
        vm.expectRevert(_tooSmall(alice, 0, 1));
        seats.withdraw(bob, alice, 1);
        vm.assertEq(seats.creditOf(alice, bob), 0, "credit in another currency");
    }

    function test_WhenTheRecipientRefuses_ItRevertsAndKeepsTheCredit() public {
        address refusing = address(new RefusingReceiver());
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(ISeatEscrow.SeatEscrow_PaymentRefused.selector, refusing, CREDIT)
        );
        seats.withdraw(address(0), refusing, CREDIT);
        vm.assertEq(seats.creditOf(alice, address(0)), CREDIT, "credit");
    }

    function test_WhenTheRecipientReenters_ItPaysOnce() public {
        ReenteringReceiver receiver = new ReenteringReceiver();
        Storage.addCredit(seats, address(receiver), CREDIT);
        bytes memory again =
            abi.encodeCall(ISeatEscrow.withdraw, (address(0), address(receiver), 1 ether));
        receiver.prepare(address(seats), again, 0);
        receiver.act(address(seats), again, 0);
        vm.assertEq(
            receiver.outcome(), bytes32(DeployedSeats.Reentrancy.selector), "second withdrawal"
        );
        vm.assertEq(address(receiver).balance, 1 ether, "paid");
        vm.assertEq(seats.creditOf(address(receiver), address(0)), 2 ether, "credit");
    }

    function test_WhenTheCreditCoversIt_ItPaysTheRecipient() public {
        vm.prank(alice);
        seats.withdraw(address(0), recipient, 1 ether);
        vm.assertEq(recipient.balance, 1 ether, "paid");
        vm.assertEq(seats.creditOf(alice, address(0)), 2 ether, "credit");
        vm.prank(alice);
        seats.withdraw(address(0), recipient, 2 ether);
        vm.assertEq(recipient.balance, CREDIT, "paid in all");
        vm.assertEq(seats.creditOf(alice, address(0)), 0, "no credit");
        vm.assertEq(address(seats).balance, PRICE, "escrow stays");
    }

    function test_WhenTheCreditCoversIt_ItPublishesTheWithdrawal() public {
        vm.expectEmit(address(seats));
        emit ISeatEscrow.Withdrawn(alice, address(0), recipient, 1 ether);
        vm.prank(alice);
        seats.withdraw(address(0), recipient, 1 ether);
    }

    function _nothing(address account, address to) private pure returns (bytes memory) {
        return
            abi.encodeWithSelector(ISeatEscrow.SeatEscrow_NothingToWithdraw.selector, account, to);
    }

    function _tooSmall(address account, uint256 credit, uint256 amount)
        private
        pure
        returns (bytes memory)
    {
        return abi.encodeWithSelector(
            ISeatEscrow.SeatEscrow_CreditTooSmall.selector, account, credit, amount
        );
    }
}
