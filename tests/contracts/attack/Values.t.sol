// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatBaskets} from "../../../contracts/interfaces/ISeatBaskets.sol";
import {ISeatEscrow} from "../../../contracts/interfaces/ISeatEscrow.sol";
import {ISeatPlatform} from "../../../contracts/interfaces/ISeatPlatform.sol";
import {ISeatStandards} from "../../../contracts/interfaces/ISeatStandards.sol";
import {ISeatSteering} from "../../../contracts/interfaces/ISeatSteering.sol";
import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {vm} from "../base/Vm.sol";

/// @dev Found by giving every function the largest: refusals that named no values. Those that still
/// name none are of malformed calls alone, where there is no value yet.
contract ValueAttacksTest is SeatsTest {
    function test_WhenTheSalePriceDoesNotFit_ItNamesTheHighest() public {
        uint256 id = SeatId.unwrap(_mint(alice));
        uint256 price = type(uint256).max;
        _assertRefused(
            bob,
            abi.encodeCall(ISeatStandards.royaltyInfo, (id, price)),
            abi.encodeWithSelector(
                ISeatStandards.SeatStandards_PriceTooHigh.selector, price, price / 10_000
            ),
            "royaltyInfo"
        );
    }

    function test_WhenAnErc721QuestionHasNoAnswer_ItNamesTheSeat() public {
        uint256 none = type(uint256).max;
        bytes memory unknown = abi.encodeWithSelector(ISeatToken.SeatToken_Unknown.selector, none);
        _assertRefused(bob, abi.encodeWithSignature("ownerOf(uint256)", none), unknown, "owner");
        _assertRefused(
            bob, abi.encodeWithSignature("getApproved(uint256)", none), unknown, "approved"
        );
    }

    function test_WhenThereIsNoSuchFunction_ItNamesTheSelector() public {
        _assertUnknown(hex"deadbeef", 0xdeadbeef, 0);
        _assertUnknown(hex"deadbeef", 0xdeadbeef, 1);
        _assertUnknown(hex"deadbeef00", 0xdeadbeef, 0);
        _assertUnknown(hex"de", 0xde000000, 0);
    }

    function test_WhenTheMarketItselfWouldTakeASeat_ItNamesBoth() public {
        uint256 id = SeatId.unwrap(_mint(alice));
        vm.warp(block.timestamp + 7 days);
        uint256 toll = seats.seatOf(_seat(1)).toll;
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(ISeatToken.SeatToken_ToNobody.selector, id, seats));
        seats.safeTransferFrom{value: toll}(alice, address(seats), id);
    }

    function test_WhenTheExtensionIsCalledItself_ItNamesWhatItCannotDo() public {
        address extension = seats.extension();
        vm.deal(bob, 2);
        vm.startPrank(bob);
        (bool accepted, bytes memory answer) = extension.call{value: 1}("");
        vm.assertFalse(accepted, "ether");
        vm.assertEq(
            answer,
            abi.encodeWithSelector(ISeatEscrow.SeatEscrow_EtherUnasked.selector, bob, 1),
            "ether"
        );
        (accepted, answer) = extension.call(hex"deadbeef");
        vm.assertFalse(accepted, "no such function");
        vm.assertEq(
            answer,
            abi.encodeWithSelector(
                ISeatPlatform.Seats_FunctionUnknown.selector, bytes4(0xdeadbeef)
            ),
            "no such function"
        );
    }

    function test_WhenTheCallIsMalformed_ItSaysNothing() public {
        bytes4 withdraw = ISeatEscrow.withdraw.selector;
        _assertRefused(bob, abi.encodePacked(withdraw), "", "arguments missing");
        _assertRefused(
            bob,
            abi.encodeWithSelector(withdraw, type(uint256).max, bob, 1),
            "",
            "an address of 256 bits"
        );
        _assertRefused(
            bob,
            abi.encodeWithSelector(ISeatBaskets.buyMany.selector, 64, type(uint256).max),
            "",
            "an array that is not there"
        );
        vm.prank(bob);
        (bool accepted, bytes memory answer) =
            address(seats).call{value: 1}(abi.encodeCall(ISeatSteering.failDrop, (drop)));
        vm.assertFalse(accepted, "ether for nothing");
        vm.assertEq(answer, "", "ether for nothing");
    }

    function _assertUnknown(bytes memory call_, bytes4 selector, uint256 value) private {
        vm.deal(bob, value);
        vm.prank(bob);
        (bool accepted, bytes memory answer) = address(seats).call{value: value}(call_);
        vm.assertFalse(accepted, "no such function");
        vm.assertEq(
            answer,
            abi.encodeWithSelector(ISeatPlatform.Seats_FunctionUnknown.selector, selector),
            "no such function"
        );
    }

    function _assertRefused(
        address sender,
        bytes memory call_,
        bytes memory expected,
        string memory what
    ) private {
        vm.prank(sender);
        (bool accepted, bytes memory answer) = address(seats).call(call_);
        vm.assertFalse(accepted, what);
        vm.assertEq(answer, expected, what);
    }
}
