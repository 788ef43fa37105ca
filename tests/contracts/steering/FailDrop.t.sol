// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatSteering} from "../../../contracts/interfaces/ISeatSteering.sol";
import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {DropState} from "../../../contracts/types/Terms.sol";
import {NOW} from "../base/Plans.sol";
import {vm} from "../base/Vm.sol";
import {EndTest} from "./EndTest.sol";

/// @dev The drop delivers by day 45.
contract FailDropTest is EndTest {
    uint256 private constant DELIVERS = NOW + 45 days;

    function test_GivenTheDeadlineIsNotOver_ItRevertsWithTheFirstSecond() public {
        _refusedTo(carol, _call(), _tooEarly(DELIVERS + 1, NOW));
        vm.warp(DELIVERS);
        _refusedTo(carol, _call(), _tooEarly(DELIVERS + 1, DELIVERS));
        vm.warp(DELIVERS + 1);
        vm.prank(carol);
        seats.failDrop(drop);
    }

    function test_GivenTheDropIsNotLive_ItRevertsWithTheState() public {
        vm.warp(DELIVERS + 1);
        _refusedUnlessLive(_call());
    }

    function test_GivenDeliveryWasAssertedInTheLastSecond_ItRevertsWithTheState() public {
        vm.warp(DELIVERS);
        vm.prank(mentor);
        seats.assertDelivery(drop, 0);
        vm.warp(DELIVERS + 1);
        _refusedTo(carol, _call(), _notLive(drop, DropState.ASSERTED));
    }

    function test_WhenTheDeadlineIsOver_ItMayBeFailedByAnybody() public {
        address[5] memory callers = [alice, mentor, resolver, platformOwner, address(0xdead)];
        for (uint256 i; i < callers.length; ++i) {
            vm.warp(NOW);
            drop = _create(_plan());
            vm.warp(DELIVERS + 1);
            vm.prank(callers[i]);
            seats.failDrop(drop);
            vm.assertTrue(_terms(drop).state == DropState.FAILED, "state");
        }
    }

    function test_WhenItFails_ItIsPublished() public {
        vm.warp(DELIVERS + 1);
        vm.expectEmit(address(seats));
        emit ISeatSteering.DropFailed(drop);
        vm.expectEmit(address(seats));
        emit ISeatToken.BatchMetadataUpdate(1_000_000, 1_999_999);
        seats.failDrop(drop);
    }

    function test_WhenItFails_ItChangesTheStateAlone() public {
        _checkStored();
    }

    function test_WhenItFails_ItOwesTheLivingFaces() public {
        _checkDebt();
    }

    function test_WhenItFails_ItMintsAndGrantsNoMore() public {
        _checkMinting();
    }

    function test_WhenItFails_ItHoldsEverySeatInPlace() public {
        _checkMoving();
    }

    function test_WhenItFails_ItGivesBackFaceAndWhatWaits() public {
        _checkClaims();
    }

    function test_WhenItFails_ItIsFinal() public {
        _checkFinality();
    }

    function test_WhenItFails_ItLeavesOtherDropsAlone() public {
        _checkOthers();
    }

    function _call() private view returns (bytes memory) {
        return abi.encodeCall(ISeatSteering.failDrop, (drop));
    }

    function _end() internal override returns (DropState) {
        vm.warp(DELIVERS + 1);
        seats.failDrop(drop);
        return DropState.FAILED;
    }
}
