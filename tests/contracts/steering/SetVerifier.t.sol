// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDelivery} from "../../../contracts/interfaces/ISeatDelivery.sol";
import {ISeatDrops} from "../../../contracts/interfaces/ISeatDrops.sol";
import {ISeatSteering} from "../../../contracts/interfaces/ISeatSteering.sol";
import {DropId} from "../../../contracts/types/DropId.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {DropState} from "../../../contracts/types/Terms.sol";
import {DropView} from "../../../contracts/types/Views.sol";
import {NOW, Plan} from "../base/Plans.sol";
import {Storage} from "../base/Storage.sol";
import {TypedData} from "../base/TypedData.sol";
import {vm} from "../base/Vm.sol";
import {SteeringTest} from "./SteeringTest.sol";

contract SetVerifierTest is SteeringTest {
    function test_WhenTheCallerIsNotTheMentor_ItRevertsWithBoth() public {
        _refusedToOthers(_call(alice));
    }

    function test_WhenTheCallerIsTheVerifier_ItRevertsWithBoth() public {
        _set(bob);
        _refusedTo(bob, _call(carol), _notMentor(mentor, bob));
    }

    function test_GivenTheDropDoesNotExist_ItRevertsWithNobody() public {
        drop = DropId.wrap(2);
        _refusedTo(mentor, _call(alice), _notMentor(address(0), mentor));
    }

    function test_WhenTheMentorNamesThemselves_ItRevertsWithTheMentor() public {
        _refusedTo(
            mentor,
            _call(mentor),
            abi.encodeWithSelector(ISeatDrops.SeatDrops_VerifierIsMentor.selector, mentor)
        );
    }

    function test_WhenTheMentorNamesOne_ItStoresNothingElse() public {
        DropView memory expected = _terms(drop);
        expected.verifier = bob;
        _set(bob);
        vm.assertEq(abi.encode(_terms(drop)), abi.encode(expected), "terms");
    }

    function test_WhenTheMentorNamesOne_ItIsPublished() public {
        vm.expectEmit(address(seats));
        emit ISeatDrops.VerifierSet(drop, bob);
        _set(bob);
    }

    function test_WhenTheMentorNamesAnother_ItEndsTheFirstOnesWord() public {
        Plan memory plan = _plan();
        plan.terms.verifier = bob;
        drop = _create(plan);
        SeatId seat = _mintIn(drop, alice);
        bytes32 digest =
            TypedData.digest(address(seats), TypedData.checkInHash(seat, 0, NOW + 30 days));
        bytes memory byBob = _signDigest("bob", digest);
        _set(carol);
        vm.warp(NOW + 10 days);
        _refusedTo(
            alice,
            abi.encodeCall(ISeatDelivery.checkIn, (seat, NOW + 30 days, "", byBob)),
            abi.encodeWithSelector(
                ISeatDelivery.SeatDelivery_VerifierAbsent.selector, carol, digest
            )
        );
        bytes memory byCarol = _signDigest("carol", digest);
        vm.prank(alice);
        seats.checkIn(seat, NOW + 30 days, "", byCarol);
        vm.assertTrue(seats.seatOf(seat).checkedIn, "checked in");
    }

    function test_WhenTheMentorNamesNobody_ItChecksNobodyIn() public {
        _set(bob);
        vm.expectEmit(address(seats));
        emit ISeatDrops.VerifierSet(drop, address(0));
        _set(address(0));
        vm.assertEq(_terms(drop).verifier, address(0), "verifier");
        SeatId seat = _mint(alice);
        vm.warp(NOW + 10 days);
        _refusedTo(
            alice,
            abi.encodeCall(ISeatDelivery.checkIn, (seat, NOW + 30 days, "", "")),
            abi.encodeWithSelector(ISeatDelivery.SeatDelivery_VerifierMissing.selector, drop)
        );
    }

    function test_GivenAnyState_ItMayBeNamed() public {
        for (uint8 state = 1; state <= uint8(type(DropState).max); ++state) {
            Storage.setState(seats, drop, DropState(state));
            address verifier = address(uint160(0x1000 + state));
            _set(verifier);
            vm.assertEq(_terms(drop).verifier, verifier, "verifier");
        }
    }

    function _call(address verifier) private view returns (bytes memory) {
        return abi.encodeCall(ISeatSteering.setVerifier, (drop, verifier));
    }

    function _set(address verifier) private {
        vm.prank(mentor);
        seats.setVerifier(drop, verifier);
    }
}
