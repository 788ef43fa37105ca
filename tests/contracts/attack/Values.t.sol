// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatBaskets} from "../../../contracts/interfaces/ISeatBaskets.sol";
import {ISeatEscrow} from "../../../contracts/interfaces/ISeatEscrow.sol";
import {ISeatSteering} from "../../../contracts/interfaces/ISeatSteering.sol";
import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {Listing, TransferPolicy} from "../../../contracts/types/Terms.sol";
import {DeployedSeats} from "../base/DeployedSeats.sol";
import {Plan} from "../base/Plans.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {vm} from "../base/Vm.sol";

/// @dev Passes today: the refusals that name no values, found by giving every function the largest.
contract ValueAttacksTest is SeatsTest {
    bytes private constant OVERFLOW = abi.encodeWithSignature("Panic(uint256)", 0x11);

    function test_WhenTheSalePriceDoesNotFit_ItPanics() public {
        uint256 id = SeatId.unwrap(_mint(alice));
        bytes memory call_ = abi.encodeCall(ISeatToken.royaltyInfo, (id, type(uint256).max));
        _assertRefused(bob, call_, OVERFLOW, "royaltyInfo");
    }

    function test_WhenASeatMovesTheWrongWay_ItNamesNoValues() public {
        uint256 id = SeatId.unwrap(_mint(alice));
        vm.warp(block.timestamp + 7 days);
        string memory gift = "transferFrom(address,address,uint256)";
        _assertPaid(
            abi.encodeWithSignature(gift, alice, address(0), id),
            DeployedSeats.TransferToZeroAddress.selector
        );
        _assertPaid(
            abi.encodeWithSignature(gift, bob, carol, id),
            DeployedSeats.TransferFromIncorrectOwner.selector
        );
        _assertPaid(
            abi.encodeWithSignature("safeTransferFrom(address,address,uint256)", alice, seats, id),
            DeployedSeats.TransferToNonERC721ReceiverImplementer.selector
        );
    }

    function test_WhenAnErc721QuestionHasNoAnswer_ItNamesNoValues() public {
        uint256 none = type(uint256).max;
        bytes4 missing = DeployedSeats.TokenDoesNotExist.selector;
        _assertShort(abi.encodeWithSignature("ownerOf(uint256)", none), missing);
        _assertShort(abi.encodeWithSignature("getApproved(uint256)", none), missing);
        _assertShort(
            abi.encodeWithSignature("balanceOf(address)", address(0)),
            DeployedSeats.BalanceQueryForZeroAddress.selector
        );
    }

    function test_WhenAnApprovalIsNotTheirs_ItNamesNoValues() public {
        Plan memory plan = _plan();
        plan.terms.policy = TransferPolicy.OPEN;
        (plan.terms.toll, plan.terms.giftCooldown) = (0, 0);
        uint256 id = SeatId.unwrap(_mintIn(_create(plan), alice));
        _assertShort(
            abi.encodeWithSignature("approve(address,uint256)", bob, id),
            DeployedSeats.NotOwnerNorApproved.selector
        );
        _assertShort(
            abi.encodeWithSignature("approve(address,uint256)", bob, id + 1),
            DeployedSeats.TokenDoesNotExist.selector
        );
    }

    function test_WhenTheCallIsMalformed_ItSaysNothing() public {
        bytes4 withdraw = ISeatEscrow.withdraw.selector;
        _assertRefused(bob, hex"deadbeef", "", "no such function");
        _assertRefused(bob, hex"00", "", "no selector");
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

    function _assertShort(bytes memory call_, bytes4 selector) private {
        _assertRefused(bob, call_, abi.encodePacked(selector), "four bytes and no values");
    }

    /// @dev As alice, with the toll.
    function _assertPaid(bytes memory call_, bytes4 selector) private {
        uint256 toll = seats.seatOf(_seat(1)).toll;
        vm.prank(alice);
        (bool accepted, bytes memory answer) = address(seats).call{value: toll}(call_);
        vm.assertFalse(accepted, "refused");
        vm.assertEq(answer, abi.encodePacked(selector), "four bytes and no values");
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
