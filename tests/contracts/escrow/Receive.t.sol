// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDelivery} from "../../../contracts/interfaces/ISeatDelivery.sol";
import {ISeatEscrow} from "../../../contracts/interfaces/ISeatEscrow.sol";
import {ISeatMarket} from "../../../contracts/interfaces/ISeatMarket.sol";
import {ISeatOffers} from "../../../contracts/interfaces/ISeatOffers.sol";
import {ISeatPlatform} from "../../../contracts/interfaces/ISeatPlatform.sol";
import {ISeatSteering} from "../../../contracts/interfaces/ISeatSteering.sol";
import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {PRICE} from "../base/Plans.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {vm} from "../base/Vm.sol";

interface IUnwrapping {
    function deposit() external payable;
    function withdraw(uint256 amount) external;
}

contract ReceiveTest is SeatsTest {
    SeatId internal seat;

    function setUp() public override {
        super.setUp();
        seat = _mint(alice);
    }

    function test_WhenAnybodySendsIt_ItGoesBackWithSenderAndAmount() public {
        address[5] memory senders = [alice, mentor, platformOwner, treasury, seats.extension()];
        for (uint256 i; i < senders.length; ++i) {
            vm.deal(senders[i], 1 ether);
            _refused(senders[i], 1 ether, "", _unasked(senders[i], 1 ether));
            _refused(senders[i], 1, "", _unasked(senders[i], 1));
        }
        vm.assertEq(address(seats).balance, PRICE, "balance of the contract");
    }

    function test_WhenNothingIsSent_ItGoesBackTheSameWay() public {
        _refused(alice, 0, "", _unasked(alice, 0));
    }

    function test_WhenItComesWithACallOfNoFunction_ItGoesBack() public {
        bytes4 unknown = ISeatPlatform.Seats_FunctionUnknown.selector;
        bytes memory expected = abi.encodeWithSelector(unknown, bytes4(0xdeadbeef));
        _refused(alice, 1, hex"deadbeef", expected);
        _refused(wrappedEther, 0, hex"deadbeef", expected);
        _refused(alice, 1, hex"de", abi.encodeWithSelector(unknown, bytes4(0xde000000)));
    }

    /// @dev Those of the contract itself, and those of its extension.
    function test_WhenItComesWithACallThatTakesNone_ItGoesBack() public {
        bytes[10] memory calls = [
            abi.encodeCall(ISeatToken.cancelListings, (seat)),
            abi.encodeCall(ISeatMarket.bumpCounter, ()),
            abi.encodeCall(ISeatMarket.list, (_listing(seat, PRICE))),
            abi.encodeCall(ISeatEscrow.withdraw, (address(0), alice, 1)),
            abi.encodeCall(ISeatEscrow.heldOf, (seat)),
            abi.encodeCall(ISeatOffers.cancelOffer, (0)),
            abi.encodeCall(ISeatDelivery.refund, (seat)),
            abi.encodeCall(ISeatDelivery.claim, (seat)),
            abi.encodeCall(ISeatSteering.failDrop, (drop)),
            abi.encodeCall(ISeatPlatform.guardian, ())
        ];
        for (uint256 i; i < calls.length; ++i) {
            _refused(alice, 1, calls[i], "");
        }
        vm.assertEq(address(seats).balance, PRICE, "balance of the contract");
    }

    function test_WhenWrappedEtherSendsIt_ItIsKeptAndOwedToNobody() public {
        vm.deal(wrappedEther, 1 ether);
        vm.prank(wrappedEther);
        (bool accepted,) = address(seats).call{value: 1 ether}("");
        vm.assertTrue(accepted, "accepted");
        vm.assertEq(address(seats).balance, PRICE + 1 ether, "balance of the contract");
        vm.assertEq(seats.escrowOf(drop), PRICE, "escrow");
        vm.assertEq(seats.heldOf(seat), 0, "held");
        vm.assertEq(seats.creditOf(wrappedEther, address(0)), 0, "credit");
    }

    /// @dev Wrapped ether pays who calls it, so nobody makes it send ether here for them.
    function test_WhenSomebodyUnwrapsForTheContract_ItGoesToWhoUnwraps() public {
        vm.startPrank(alice);
        IUnwrapping(wrappedEther).deposit{value: 1 ether}();
        uint256 before = alice.balance;
        IUnwrapping(wrappedEther).withdraw(1 ether);
        vm.assertEq(alice.balance - before, 1 ether, "unwrapped");
        vm.assertEq(address(seats).balance, PRICE, "balance of the contract");
    }

    function _refused(address sender, uint256 amount, bytes memory data, bytes memory expected)
        private
    {
        vm.prank(sender);
        (bool accepted, bytes memory answer) = address(seats).call{value: amount}(data);
        vm.assertFalse(accepted, "accepted");
        vm.assertEq(answer, expected, "refusal");
    }

    function _unasked(address sender, uint256 amount) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ISeatEscrow.SeatEscrow_EtherUnasked.selector, sender, amount);
    }
}
