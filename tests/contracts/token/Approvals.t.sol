// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatEscrow} from "../../../contracts/interfaces/ISeatEscrow.sol";
import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {CHECKED_IN} from "../../../contracts/types/SeatWord.sol";
import {TransferPolicy} from "../../../contracts/types/Terms.sol";
import {DeployedSeats} from "../base/DeployedSeats.sol";
import {COOLDOWN, NOW, TOLL} from "../base/Plans.sol";
import {Storage} from "../base/Storage.sol";
import {vm} from "../base/Vm.sol";
import {PolicyTest} from "./PolicyTest.sol";

/// @dev C-88: what an approval moves is in Agreement.t.sol and OpenTransfers.t.sol.
contract ApprovalsTest is PolicyTest {
    uint256 internal id;
    uint256 internal open;
    uint256 internal bound;

    function setUp() public override {
        super.setUp();
        id = _idUnder(TransferPolicy.MARKET_ONLY, alice);
        open = _idUnder(TransferPolicy.OPEN, alice);
        bound = _idUnder(TransferPolicy.BOUND, alice);
    }

    function test_WhenTheOwnerApprovesSomebody_ItRevertsWithThePolicy() public {
        vm.prank(alice);
        vm.expectRevert(_refusal(TransferPolicy.MARKET_ONLY));
        seats.approve(bob, id);
    }

    function test_GivenABoundSeat_ItRevertsWithThatPolicy() public {
        vm.prank(alice);
        vm.expectRevert(_refusal(TransferPolicy.BOUND));
        seats.approve(bob, bound);
    }

    function test_WhenAnApprovalIsTakenBack_ItRevertsTheSameWay() public {
        vm.prank(alice);
        vm.expectRevert(_refusal(TransferPolicy.MARKET_ONLY));
        seats.approve(address(0), id);
    }

    function test_WhenTheDropIsUnknown_ItRevertsAsUnderTheDefaultPolicy() public {
        vm.prank(alice);
        vm.expectRevert(_refusal(TransferPolicy.MARKET_ONLY));
        seats.approve(bob, 9_000_001);
    }

    function test_WhenTheOwnerApprovesAnAccount_ItKeepsAndPublishesTheApproval() public {
        vm.expectEmit(address(seats));
        emit DeployedSeats.Approval(alice, bob, open);
        vm.prank(alice);
        seats.approve(bob, open);
        vm.assertEq(seats.getApproved(open), bob, "approved");
    }

    function test_WhenTheOwnerApprovesNobody_ItTakesTheApprovalBack() public {
        vm.startPrank(alice);
        seats.approve(bob, open);
        seats.approve(address(0), open);
        vm.stopPrank();
        vm.assertEq(seats.getApproved(open), address(0), "approved");
        vm.prank(bob);
        vm.expectRevert(_notOwner(open, alice, bob));
        seats.transferFrom(alice, bob, open);
    }

    function test_WhenAnOperatorApprovesAnAccount_ItKeepsTheApproval() public {
        vm.prank(alice);
        seats.setApprovalForAll(carol, true);
        vm.expectEmit(address(seats));
        emit DeployedSeats.Approval(alice, bob, open);
        vm.prank(carol);
        seats.approve(bob, open);
        vm.assertEq(seats.getApproved(open), bob, "approved");
    }

    function test_WhenAStrangerApproves_ItRevertsWithOwnerAndCaller() public {
        vm.prank(carol);
        vm.expectRevert(_notOwner(open, alice, carol));
        seats.approve(bob, open);
    }

    /// @dev ERC-721: who may move a seat once may not hand that on.
    function test_WhenTheApprovedAccountApprovesAnother_ItRevertsWithOwnerAndCaller() public {
        vm.prank(alice);
        seats.approve(bob, open);
        vm.prank(bob);
        vm.expectRevert(_notOwner(open, alice, bob));
        seats.approve(carol, open);
    }

    /// @dev ERC-721 lets it come, and nobody could ever take it out again.
    function test_WhenMoneyComesWithIt_ItRevertsWithTheAmount() public {
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(ISeatEscrow.SeatEscrow_EtherUnasked.selector, alice, 1)
        );
        seats.approve{value: 1}(bob, open);
        vm.assertEq(seats.getApproved(open), address(0), "approved");
    }

    function test_WhenTheSeatDoesNotExist_ItRevertsWithTheSeat() public {
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(ISeatToken.SeatToken_Unknown.selector, open + 1));
        seats.approve(bob, open + 1);
    }

    function test_GivenTheSeatWillNotMove_ItKeepsTheApprovalForNothing() public {
        Storage.setFlags(seats, SeatId.wrap(open), CHECKED_IN);
        vm.prank(alice);
        seats.approve(bob, open);
        vm.assertEq(seats.getApproved(open), bob, "approved");
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(ISeatToken.SeatToken_Locked.selector, open));
        seats.transferFrom(alice, bob, open);
    }

    function test_WhenTheOwnerNamesOne_ItSucceedsAndPublishesItInEveryPolicy() public {
        vm.expectEmit(address(seats));
        emit DeployedSeats.ApprovalForAll(alice, bob, true);
        vm.prank(alice);
        seats.setApprovalForAll(bob, true);
        vm.assertTrue(seats.isApprovedForAll(alice, bob), "operator");
        vm.assertFalse(seats.isApprovedForAll(bob, alice), "the other way round");
        vm.assertFalse(seats.isApprovedForAll(alice, carol), "somebody else");
        // One answer for every seat: none of an account's own is needed to name an operator.
        vm.prank(carol);
        seats.setApprovalForAll(bob, true);
        vm.assertTrue(seats.isApprovedForAll(carol, bob), "operator of an account without seats");
    }

    function test_WhenTheOperatorMovesASeatUnderAnotherPolicy_ItRevertsAsForAnybody() public {
        vm.prank(alice);
        seats.setApprovalForAll(bob, true);
        vm.warp(NOW + COOLDOWN);
        vm.startPrank(bob);
        vm.expectRevert(_notOwner(id, alice, bob));
        seats.transferFrom{value: TOLL}(alice, bob, id);
        vm.expectRevert(_notOwner(bound, alice, bob));
        seats.transferFrom{value: TOLL}(alice, bob, bound);
        vm.expectRevert(_refusal(TransferPolicy.MARKET_ONLY));
        seats.approve(bob, id);
        vm.expectRevert(_refusal(TransferPolicy.BOUND));
        seats.approve(bob, bound);
        seats.transferFrom(alice, bob, open);
        vm.assertEq(seats.ownerOf(open), bob, "the open seat");
    }

    function test_WhenTheOwnerTakesItBack_ItHasNoEffectAnyMore() public {
        vm.prank(alice);
        seats.setApprovalForAll(bob, true);
        vm.expectEmit(address(seats));
        emit DeployedSeats.ApprovalForAll(alice, bob, false);
        vm.prank(alice);
        seats.setApprovalForAll(bob, false);
        vm.assertFalse(seats.isApprovedForAll(alice, bob), "operator");
        vm.prank(bob);
        vm.expectRevert(_notOwner(open, alice, bob));
        seats.transferFrom(alice, bob, open);
    }

    function test_WhenSomebodyAsks_ItKnowsOfNoApproval() public view {
        vm.assertEq(seats.getApproved(id), address(0), "approved");
        vm.assertEq(seats.getApproved(open), address(0), "approved, open");
        vm.assertFalse(seats.isApprovedForAll(alice, bob), "operator");
    }

    /// @dev C-89: nothing that a former owner did before the move works after it.
    function test_GivenAFormerOwner_ItNeverComesBackToThem() public {
        vm.warp(NOW + COOLDOWN);
        vm.prank(alice);
        seats.setApprovalForAll(carol, true);
        vm.prank(alice);
        seats.transferFrom{value: TOLL}(alice, bob, id);
        vm.warp(NOW + 2 * COOLDOWN);
        vm.prank(alice);
        vm.expectRevert(_notOwner(id, bob, alice));
        seats.transferFrom{value: TOLL}(bob, alice, id);
        vm.prank(carol);
        vm.expectRevert(_notOwner(id, bob, carol));
        seats.transferFrom{value: TOLL}(bob, alice, id);
    }
}
