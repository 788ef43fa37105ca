// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDrops} from "../../../contracts/interfaces/ISeatDrops.sol";
import {DropId} from "../../../contracts/types/DropId.sol";
import {Gate} from "../../../contracts/types/Terms.sol";
import {PhaseView} from "../../../contracts/types/Views.sol";
import {Plan, Plans} from "../base/Plans.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {RecordedLog, vm} from "../base/Vm.sol";

/// @dev Drop 1 exists; every plan here would be drop 2.
contract CreateDropGatesTest is SeatsTest {
    using Plans for Plan;

    bytes32 private constant ROOT = keccak256("the root of a tree");

    function test_WhenAnAllowlistHasNoRoot_ItRevertsWithPhaseGateAndData() public {
        _refused(Gate.ALLOWLIST, 0);
    }

    function test_WhenAnAllowlistHasAnyRoot_ItStoresIt() public {
        _stored(Gate.ALLOWLIST, ROOT);
        _stored(Gate.ALLOWLIST, bytes32(uint256(1)));
        _stored(Gate.ALLOWLIST, bytes32(type(uint256).max));
    }

    function test_WhenPassesHaveNoSigner_ItRevertsWithPhaseGateAndData() public {
        _refused(Gate.PASS, 0);
    }

    /// @dev A signer is compared as an address: bits above it would be lost (C-53).
    function test_WhenTheSignerIsLongerThanAnAddress_ItRevertsWithPhaseGateAndData() public {
        _refused(Gate.PASS, bytes32(uint256(1) << 160));
        _refused(Gate.PASS, bytes32(uint256(1) << 160 | uint160(carol)));
        _refused(Gate.PASS, bytes32(bytes20(carol)));
    }

    function test_WhenTheSignerIsAnAddress_ItStoresIt() public {
        _stored(Gate.PASS, bytes32(uint256(uint160(carol))));
        _stored(Gate.PASS, bytes32(uint256(type(uint160).max)));
    }

    function test_WhenTheOtherDropIsNone_ItRevertsWithPhaseGateAndData() public {
        _refused(Gate.SEAT, 0);
    }

    function test_WhenTheOtherDropIsTheNewOne_ItRevertsWithPhaseGateAndData() public {
        _refused(Gate.SEAT, bytes32(uint256(2)));
    }

    function test_WhenTheOtherDropDoesNotExistYet_ItRevertsWithPhaseGateAndData() public {
        _refused(Gate.SEAT, bytes32(uint256(3)));
        _refused(Gate.SEAT, bytes32(uint256(1) << 64 | 1));
        _refused(Gate.SEAT, bytes32(type(uint256).max));
    }

    function test_WhenTheOtherDropExists_ItStoresIt() public {
        _stored(Gate.SEAT, bytes32(uint256(1)));
        _stored(Gate.SEAT, bytes32(uint256(2)));
    }

    function test_WhenALaterPhaseIsUnfit_ItRevertsWithThatPhase() public {
        Plan memory plan = _gatedPlan();
        plan.phases[4].gateData = 0;
        _refusedPlan(plan, 4, Gate.SEAT, 0);
    }

    function test_GivenGatesBetweenPublicPhases_ItStoresEachWithItsPhase() public {
        (,, PhaseView[] memory phases) = seats.termsOf(_create(_gatedPlan()));
        vm.assertTrue(phases[1].gate == Gate.ALLOWLIST, "allowlist");
        vm.assertEq(phases[1].gateData, ROOT, "root");
        vm.assertTrue(phases[3].gate == Gate.PASS, "pass");
        vm.assertEq(phases[3].gateData, bytes32(uint256(uint160(carol))), "signer");
        vm.assertTrue(phases[4].gate == Gate.SEAT, "seat");
        vm.assertEq(phases[4].gateData, bytes32(uint256(1)), "other drop");
    }

    function test_GivenGatesBetweenPublicPhases_ItKeepsNoDataOfPublicPhases() public {
        (,, PhaseView[] memory phases) = seats.termsOf(_create(_gatedPlan()));
        for (uint256 i; i < 3; i += 2) {
            vm.assertTrue(phases[i].gate == Gate.PUBLIC, "public");
            vm.assertEq(phases[i].gateData, bytes32(0), "data");
        }
    }

    function test_GivenGatesBetweenPublicPhases_ItPublishesTheDataInOrderAfterThePhases() public {
        bytes32[] memory words = _published(_gatedPlan());
        vm.assertEq(words.length, 3 + 1 + 5 + 3, "words");
        vm.assertEq(words[9], ROOT, "root");
        vm.assertEq(words[10], bytes32(uint256(uint160(carol))), "signer");
        vm.assertEq(words[11], bytes32(uint256(1)), "other drop");
    }

    function test_GivenEveryPhaseHasAGate_ItPublishesAllOfThem() public {
        Plan memory plan = _plan().withTiers(10).withPhases(16);
        for (uint256 i; i < 16; ++i) {
            plan.phases[i].gate = Gate.ALLOWLIST;
            plan.phases[i].gateData = keccak256(abi.encode(i));
        }
        bytes32[] memory words = _published(plan);
        vm.assertEq(words.length, 3 + 10 + 16 + 16, "words");
        for (uint256 i; i < 16; ++i) {
            vm.assertEq(words[29 + i], keccak256(abi.encode(i)), "root");
        }
    }

    function test_GivenReservesToo_ItPublishesTheDataAllTheSame() public {
        Plan memory plan = _gatedPlan();
        (plan.phases[3].reserved, plan.phases[3].supply) = (true, 5);
        bytes32[] memory words = _published(plan);
        vm.assertEq(words.length, 3 + 1 + 5 + 3, "words");
        vm.assertEq(words[11], bytes32(uint256(1)), "other drop");
        for (uint256 i; i < 5; ++i) {
            vm.assertEq(uint256(words[4 + i]) >> 240, 1 << 3, "reserves");
        }
    }

    /// @dev Public, allowlist, public, pass, seat.
    function _gatedPlan() private view returns (Plan memory plan) {
        plan = _plan().withPhases(5);
        plan.phases[0].gateData = keccak256("kept for nobody");
        (plan.phases[1].gate, plan.phases[1].gateData) = (Gate.ALLOWLIST, ROOT);
        (plan.phases[3].gate, plan.phases[3].gateData) =
        (Gate.PASS, bytes32(uint256(uint160(carol))));
        (plan.phases[4].gate, plan.phases[4].gateData) = (Gate.SEAT, bytes32(uint256(1)));
    }

    function _published(Plan memory plan) private returns (bytes32[] memory words) {
        vm.recordLogs();
        _create(plan);
        RecordedLog[] memory logs = vm.getRecordedLogs();
        vm.assertEq(logs[0].topics[0], ISeatDrops.DropCreated.selector, "event");
        bytes32 termsHash;
        (termsHash, words) = abi.decode(logs[0].data, (bytes32, bytes32[]));
        vm.assertEq(abi.encode(termsHash, words), logs[0].data, "canonical encoding");
    }

    function _stored(Gate gate, bytes32 data) private {
        Plan memory plan = _plan();
        (plan.phases[0].gate, plan.phases[0].gateData) = (gate, data);
        (,, PhaseView[] memory phases) = seats.termsOf(_create(plan));
        vm.assertTrue(phases[0].gate == gate, "gate");
        vm.assertEq(phases[0].gateData, data, "data");
    }

    function _refused(Gate gate, bytes32 data) private {
        Plan memory plan = _plan();
        (plan.phases[0].gate, plan.phases[0].gateData) = (gate, data);
        _refusedPlan(plan, 0, gate, data);
    }

    function _refusedPlan(Plan memory plan, uint256 phase, Gate gate, bytes32 data) private {
        vm.prank(mentor);
        vm.expectRevert(
            abi.encodeWithSelector(ISeatDrops.SeatDrops_GateDataUnfit.selector, phase, gate, data)
        );
        seats.createDrop(plan.terms, plan.tiers, plan.phases);
        vm.assertEq(seats.dropCount(), DropId.unwrap(drop), "drops");
    }
}
