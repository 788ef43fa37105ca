// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDrops} from "../../../contracts/interfaces/ISeatDrops.sol";
import {ISeatSteering} from "../../../contracts/interfaces/ISeatSteering.sol";
import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {DropId} from "../../../contracts/types/DropId.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {DropState, Listing, MintRequest} from "../../../contracts/types/Terms.sol";
import {DropView} from "../../../contracts/types/Views.sol";
import {PRICE, Plan, Plans, TOLL} from "../base/Plans.sol";
import {vm} from "../base/Vm.sol";
import {SteeringTest} from "./SteeringTest.sol";

/// @title What is true of a drop that gives everybody their money back, however it came to that
/// @dev Each check ends a drop by `_end`, which the test of the one or the other way gives.
abstract contract EndTest is SteeringTest {
    using Plans for Plan;

    /// @dev Ends `drop` at the moment at which it can be ended.
    function _end() internal virtual returns (DropState state);

    /// @dev Two tiers with different faces, a grant and a refund: only living faces are owed.
    function _checkDebt() internal {
        Plan memory plan = _plan().withTiers(2).withPhases(2);
        (plan.phases[1].tier, plan.phases[1].price) = (1, PRICE / 2);
        drop = _create(plan);
        _mintIn(0, 3);
        vm.prank(alice);
        seats.mint{value: PRICE}(_requestOfSecond(), "");
        vm.prank(mentor);
        seats.grant(drop, 0, bob, 5);
        vm.warp(block.timestamp + 1);
        vm.prank(alice);
        seats.refund(_seat(1));
        _end();
        vm.assertEq(seats.escrowOf(drop), 3 * PRICE, "escrow");
        vm.assertEq(_terms(drop).owed, 3 * PRICE, "owed");
        vm.assertEq(seats.creditOf(mentor, address(0)), 0, "the mentor gets nothing");
        vm.assertEq(seats.creditOf(treasury, address(0)), 0, "nor does the platform");
    }

    function _checkStored() internal {
        _mint(alice);
        DropView memory expected = _terms(drop);
        expected.state = _end();
        vm.assertEq(abi.encode(_terms(drop)), abi.encode(expected), "terms");
    }

    function _checkMinting() internal {
        DropState state = _end();
        _refusedTo(
            alice, abi.encodeCall(ISeatDrops.mint, (_request(alice, 1), "")), _notLive(drop, state)
        );
        _refusedTo(
            mentor, abi.encodeCall(ISeatSteering.grant, (drop, 0, bob, 1)), _notLive(drop, state)
        );
    }

    function _checkMoving() internal {
        SeatId seat = _mint(alice);
        DropState state = _end();
        Listing memory listing = _listing(seat, PRICE);
        bytes memory expected =
            abi.encodeWithSelector(ISeatToken.SeatToken_DropImmovable.selector, drop, state);
        _buyRefused(bob, listing, _sign("alice", listing), expected);
        vm.prank(alice);
        vm.expectRevert(expected);
        seats.transferFrom{value: TOLL}(alice, bob, SeatId.unwrap(seat));
    }

    /// @dev Face and what waits with it; a granted seat has nothing; another's call is a credit.
    function _checkClaims() internal {
        SeatId seat = _mint(alice);
        SeatId second = _mint(alice);
        vm.prank(mentor);
        seats.grant(drop, 0, bob, 1);
        Listing memory listing = _listing(seat, PRICE);
        _buy(bob, listing, _sign("alice", listing));
        _end();
        uint256 before = bob.balance;
        vm.prank(bob);
        seats.claim(seat);
        vm.assertEq(bob.balance - before, PRICE + PRICE / 10, "face and royalty");
        seats.claim(second);
        vm.assertEq(seats.creditOf(alice, address(0)), PRICE, "credit");
        vm.assertEq(seats.escrowOf(drop), 0, "escrow");
    }

    function _checkFinality() internal {
        DropState state = _end();
        bytes[4] memory calls = [
            abi.encodeCall(ISeatSteering.cancelDrop, (drop)),
            abi.encodeCall(ISeatSteering.failDrop, (drop)),
            abi.encodeCall(ISeatSteering.lowerCap, (drop, 0, 1)),
            abi.encodeCall(
                ISeatSteering.postpone, (drop, block.timestamp, block.timestamp, block.timestamp)
            )
        ];
        for (uint256 i; i < calls.length; ++i) {
            _refusedTo(mentor, calls[i], _notLive(drop, state));
        }
    }

    function _checkOthers() internal {
        DropId other = _create(_plan());
        SeatId seat = _mintIn(other, alice);
        bytes memory before = abi.encode(_terms(other));
        _end();
        vm.assertEq(abi.encode(_terms(other)), before, "terms of the other drop");
        vm.assertEq(seats.escrowOf(other), PRICE, "escrow of the other drop");
        vm.assertEq(_ownerOf(seat), alice, "owner");
    }

    function _requestOfSecond() private view returns (MintRequest memory request) {
        request = _request(alice, 2);
        (request.phase, request.maxTotal) = (1, PRICE);
    }
}
