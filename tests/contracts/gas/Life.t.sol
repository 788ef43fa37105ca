// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SeatId} from "../../../contracts/types/SeatId.sol";
import {NOW, PRICE, Plan} from "../base/Plans.sol";
import {TypedData} from "../base/TypedData.sol";
import {vm} from "../base/Vm.sol";
import {GasTest} from "./GasTest.sol";

/// @dev What happens once in the life of a seat or a drop. Alice holds two seats, so that what she
/// gives back or loses is not her last.
contract LifeGasTest is GasTest {
    string private constant GROUP = "options";

    SeatId private _first;

    function setUp() public override {
        super.setUp();
        vm.prank(mentor);
        seats.setVerifier(drop, dave);
        vm.prank(alice);
        _first = seats.mint{value: 2 * PRICE}(_request(alice, 2), "");
    }

    function test_Grant() public {
        vm.prank(mentor);
        seats.grant(drop, 0, bob, 1);
        _measured(GROUP, "grant_one");
    }

    function test_Refund() public {
        vm.warp(NOW + 1 days);
        vm.prank(alice);
        seats.refund(_first);
        _measured(GROUP, "refund_with_penalty");
    }

    function test_RefundAfterAPostponement() public {
        _postpone();
        vm.warp(NOW + 1 days);
        vm.prank(alice);
        seats.refund(_first);
        _measured(GROUP, "refund_without_penalty");
    }

    function test_CheckIn() public {
        vm.warp(NOW + 10 days);
        bytes32 hash = TypedData.checkInHash(_first, 0, block.timestamp + 60);
        bytes32 digest = TypedData.digest(address(seats), hash);
        bytes memory holders = _signDigest("alice", digest);
        bytes memory verifiers = _signDigest("dave", digest);
        vm.prank(bob);
        seats.checkIn(_first, block.timestamp + 60, holders, verifiers);
        _measured(GROUP, "check_in_by_two_signatures");
    }

    function test_Postpone() public {
        _postpone();
        _measured(GROUP, "postpone");
    }

    function test_CancelAndClaim() public {
        vm.prank(mentor);
        seats.cancelDrop(drop);
        _measured(GROUP, "cancel_drop");
        vm.prank(alice);
        seats.claim(_first);
        _measured(GROUP, "claim_by_the_owner");
    }

    function test_FailDrop() public {
        vm.warp(NOW + 45 days + 1);
        seats.failDrop(drop);
        _measured(GROUP, "fail_drop");
    }

    function test_AssertObjectAndSettleWide() public {
        _assert();
        _measured(GROUP, "assert_delivery");
        vm.prank(alice);
        seats.objectTo(_first);
        _measured(GROUP, "object");
        vm.warp(NOW + 45 days + 1);
        seats.settle(drop);
        _measured(GROUP, "settle_into_a_wide_dispute");
        vm.prank(resolver);
        seats.resolve(drop, 5000);
        _measured(GROUP, "resolve");
        vm.prank(alice);
        seats.claim(_first);
        _measured(GROUP, "claim_of_a_split");
    }

    function test_SettleAndCollect() public {
        _resell(_first, "alice", bob, 0.04 ether);
        _assert();
        vm.warp(NOW + 45 days + 1);
        seats.settle(drop);
        _measured(GROUP, "settle");
        seats.collect(_first);
        _measured(GROUP, "collect");
    }

    function _postpone() private {
        Plan memory plan = _plan();
        vm.prank(mentor);
        seats.postpone(
            drop, plan.terms.startsAt + 1 days, plan.terms.endsAt + 1 days, plan.terms.deliverBy
        );
    }

    function _assert() private {
        vm.warp(NOW + 38 days);
        vm.prank(mentor);
        seats.assertDelivery(drop, keccak256("evidence"));
    }
}
