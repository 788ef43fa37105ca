// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {TransferPolicy} from "../../../contracts/types/Terms.sol";
import {COOLDOWN, NOW, Plan, TOLL} from "../base/Plans.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {vm} from "../base/Vm.sol";

contract ApprovalsTest is SeatsTest {
    uint256 internal id;

    function setUp() public override {
        super.setUp();
        id = SeatId.unwrap(_mint(alice));
    }

    function test_WhenTheOwnerApprovesASeat_ItRevertsWithThePolicy() public {
        vm.prank(alice);
        vm.expectRevert(_refusal());
        seats.approve(bob, id);
    }

    function test_WhenTheOwnerApprovesAnOperator_ItRevertsWithThePolicy() public {
        vm.prank(alice);
        vm.expectRevert(_refusal());
        seats.setApprovalForAll(bob, true);
    }

    function test_GivenABoundSeat_ItRevertsWithThatPolicy() public {
        Plan memory plan = _plan();
        plan.terms.policy = TransferPolicy.BOUND;
        drop = _create(plan);
        uint256 bound = SeatId.unwrap(_mint(alice));
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISeatToken.SeatToken_ApprovalRefused.selector, TransferPolicy.BOUND
            )
        );
        seats.approve(bob, bound);
    }

    function test_WhenAnApprovalIsTakenBack_ItRevertsTheSameWay() public {
        vm.startPrank(alice);
        vm.expectRevert(_refusal());
        seats.approve(address(0), id);
        vm.expectRevert(_refusal());
        seats.setApprovalForAll(bob, false);
    }

    function test_WhenSomebodyAsks_ItKnowsOfNoApproval() public view {
        vm.assertEq(seats.getApproved(id), address(0), "approved");
        vm.assertFalse(seats.isApprovedForAll(alice, bob), "operator");
    }

    /// @dev C-89: nothing that a former owner did before the move works after it.
    function test_GivenAFormerOwner_ItNeverComesBackToThem() public {
        vm.warp(NOW + COOLDOWN);
        vm.prank(alice);
        seats.transferFrom{value: TOLL}(alice, bob, id);
        vm.warp(NOW + 2 * COOLDOWN);
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISeatToken.SeatToken_NotOwner.selector, SeatId.wrap(id), bob, alice
            )
        );
        seats.transferFrom{value: TOLL}(bob, alice, id);
    }

    function _refusal() private pure returns (bytes memory) {
        return abi.encodeWithSelector(
            ISeatToken.SeatToken_ApprovalRefused.selector, TransferPolicy.MARKET_ONLY
        );
    }
}
