// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatSteering} from "../../../contracts/interfaces/ISeatSteering.sol";
import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {DropState} from "../../../contracts/types/Terms.sol";
import {NOW} from "../base/Plans.sol";
import {vm} from "../base/Vm.sol";
import {EndTest} from "./EndTest.sol";

contract CancelDropTest is EndTest {
    function test_WhenTheCallerIsNotTheMentor_ItRevertsWithBoth() public {
        _refusedToOthers(abi.encodeCall(ISeatSteering.cancelDrop, (drop)));
    }

    function test_GivenTheDropIsNotLive_ItRevertsWithTheState() public {
        _refusedUnlessLive(abi.encodeCall(ISeatSteering.cancelDrop, (drop)));
    }

    function test_GivenAnyTime_ItMayBeCancelled() public {
        uint256[6] memory times =
            [NOW, NOW + 10 days, NOW + 20 days + 1, NOW + 38 days, NOW + 45 days, NOW + 400 days];
        for (uint256 i; i < times.length; ++i) {
            vm.warp(NOW);
            drop = _create(_plan());
            vm.warp(times[i]);
            _end();
            vm.assertTrue(_terms(drop).state == DropState.CANCELLED, "state");
        }
    }

    function test_WhenItIsCancelled_ItIsPublished() public {
        vm.expectEmit(address(seats));
        emit ISeatSteering.DropCancelled(drop);
        vm.expectEmit(address(seats));
        emit ISeatToken.BatchMetadataUpdate(1_000_000, 1_999_999);
        _end();
    }

    function test_WhenItIsCancelled_ItChangesTheStateAlone() public {
        _checkStored();
    }

    function test_WhenItIsCancelled_ItOwesTheLivingFaces() public {
        _checkDebt();
    }

    function test_WhenItIsCancelled_ItMintsAndGrantsNoMore() public {
        _checkMinting();
    }

    function test_WhenItIsCancelled_ItHoldsEverySeatInPlace() public {
        _checkMoving();
    }

    function test_WhenItIsCancelled_ItGivesBackFaceAndWhatWaits() public {
        _checkClaims();
    }

    function test_WhenItIsCancelled_ItIsFinal() public {
        _checkFinality();
    }

    function test_WhenItIsCancelled_ItLeavesOtherDropsAlone() public {
        _checkOthers();
    }

    /// @dev C-76: who mints before a cancelling gets exactly what was paid.
    function test_WhenSeatsWereMintedInTheSameSecond_ItGivesBackWhatWasPaid() public {
        uint256 before = alice.balance;
        SeatId seat = _mint(alice);
        _end();
        vm.prank(alice);
        seats.claim(seat);
        vm.assertEq(alice.balance, before, "alice");
        vm.assertEq(address(seats).balance, 0, "seats");
    }

    /// @dev C-65: the penalty goes back to who paid it.
    function test_GivenARefundWithAPenalty_ItGivesThePenaltyBackToo() public {
        SeatId seat = _mint(alice);
        vm.warp(NOW + 1);
        vm.prank(alice);
        seats.refund(seat);
        _end();
        vm.prank(alice);
        seats.claim(seat);
        vm.assertEq(alice.balance, 100 ether, "alice");
        vm.assertEq(seats.creditOf(mentor, address(0)), 0, "mentor");
    }

    function _end() internal override returns (DropState) {
        vm.prank(mentor);
        seats.cancelDrop(drop);
        return DropState.CANCELLED;
    }
}
