// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDrops} from "../../../contracts/interfaces/ISeatDrops.sol";
import {ISeatMarket} from "../../../contracts/interfaces/ISeatMarket.sol";
import {ISeatSteering} from "../../../contracts/interfaces/ISeatSteering.sol";
import {DropId} from "../../../contracts/types/DropId.sol";
import {DropState, Listing, MintRequest} from "../../../contracts/types/Terms.sol";
import {DropView} from "../../../contracts/types/Views.sol";
import {NOW, PRICE} from "../base/Plans.sol";
import {Storage} from "../base/Storage.sol";
import {vm} from "../base/Vm.sol";
import {SteeringTest} from "./SteeringTest.sol";

/// @dev C-80. What goes on during a pause is in PauseScope.t.sol.
contract PauseTest is SteeringTest {
    function test_WhenTheCallerIsNotTheGuardian_ItRevertsWithBoth() public {
        address[4] memory others = [mentor, platformOwner, alice, resolver];
        for (uint256 i; i < others.length; ++i) {
            bytes memory expected = _notGuardian(others[i]);
            _refusedTo(others[i], _pauseCall(NOW), expected);
            _refusedTo(others[i], abi.encodeCall(ISeatSteering.unpause, (drop)), expected);
        }
    }

    function test_GivenTheDropDoesNotExist_ItRevertsWithTheDrop() public {
        drop = DropId.wrap(2);
        bytes memory expected = abi.encodeWithSelector(ISeatDrops.SeatDrops_Unknown.selector, drop);
        _refusedTo(guardian, _pauseCall(NOW), expected);
        _refusedTo(guardian, abi.encodeCall(ISeatSteering.unpause, (drop)), expected);
    }

    function test_WhenItWouldEndInThePast_ItRevertsWithTheBounds() public {
        _refusedTo(
            guardian, _pauseCall(NOW - 1), _outOfBounds("until", NOW - 1, NOW, NOW + 72 hours)
        );
        _refusedTo(guardian, _pauseCall(0), _outOfBounds("until", 0, NOW, NOW + 72 hours));
        _pause(NOW);
    }

    function test_WhenItWouldLastLongerThan72Hours_ItRevertsWithTheBounds() public {
        uint256 most = NOW + 72 hours;
        _refusedTo(guardian, _pauseCall(most + 1), _outOfBounds("until", most + 1, NOW, most));
        _refusedTo(
            guardian,
            _pauseCall(type(uint256).max),
            _outOfBounds("until", type(uint256).max, NOW, most)
        );
        _pause(most);
    }

    function test_WhenThe72HoursAreOver_ItHasEndedByItself() public {
        _pause(NOW + 72 hours);
        vm.warp(NOW + 72 hours + 1);
        _mint(alice);
    }

    function test_WhenItIsPaused_ItStoresNothingElse() public {
        DropView memory expected = _terms(drop);
        expected.pausedUntil = NOW + 100;
        _pause(NOW + 100);
        vm.assertEq(abi.encode(_terms(drop)), abi.encode(expected), "terms");
    }

    function test_WhenItIsPaused_ItIsPublished() public {
        vm.expectEmit(address(seats));
        emit ISeatSteering.DropPaused(drop, NOW + 100);
        _pause(NOW + 100);
    }

    function test_WhenItIsPaused_ItMintsNothingToTheLastSecond() public {
        _pause(NOW + 100);
        MintRequest[] memory requests = new MintRequest[](1);
        requests[0] = _request(alice, 1);
        bytes memory expected =
            abi.encodeWithSelector(ISeatDrops.SeatDrops_Paused.selector, drop, NOW + 100);
        vm.warp(NOW + 100);
        _refusedTo(alice, abi.encodeCall(ISeatDrops.mint, (requests[0], "")), expected);
        _refusedTo(alice, abi.encodeCall(ISeatDrops.mintMany, (requests, new bytes[](1))), expected);
        vm.warp(NOW + 101);
        _mint(alice);
    }

    function test_WhenItIsPaused_ItSellsNothingToTheLastSecond() public {
        Listing memory listing = _listing(_mint(alice), PRICE);
        bytes memory signature = _sign("alice", listing);
        _pause(NOW + 100);
        vm.warp(NOW + 100);
        _buyRefused(
            bob,
            listing,
            signature,
            abi.encodeWithSelector(ISeatMarket.SeatMarket_Paused.selector, drop, NOW + 100)
        );
        vm.warp(NOW + 101);
        _buy(bob, listing, signature);
    }

    function test_GivenItIsPausedAlready_ItRevertsWithTheNextSecond() public {
        _pause(NOW + 100);
        _refusedTo(guardian, _pauseCall(NOW + 200), _tooEarly(NOW + 100 + 7 days + 1, NOW));
    }

    function test_GivenAPauseInTheLast7Days_ItRevertsWithTheNextSecond() public {
        _pause(NOW + 100);
        uint256 from = NOW + 100 + 7 days + 1;
        vm.warp(from - 1);
        _refusedTo(guardian, _pauseCall(from), _tooEarly(from, from - 1));
        vm.warp(from);
        _pause(from + 72 hours);
    }

    function test_GivenAPauseInTheLast7Days_ItBindsANewGuardianToo() public {
        _pause(NOW + 100);
        vm.prank(platformOwner);
        seats.setGuardian(carol);
        vm.warp(NOW + 7 days);
        _refusedTo(carol, _pauseCall(NOW + 7 days), _tooEarly(NOW + 100 + 7 days + 1, NOW + 7 days));
    }

    function test_GivenAnyState_ItMayBePaused() public {
        for (uint8 state = 1; state <= uint8(type(DropState).max); ++state) {
            drop = _create(_plan());
            Storage.setState(seats, drop, DropState(state));
            _pause(NOW + 100);
            vm.assertEq(_terms(drop).pausedUntil, NOW + 100, "paused until");
        }
    }

    function test_WhenAPauseIsEnded_ItSellsInTheSameSecond() public {
        _pause(NOW + 100);
        vm.warp(NOW + 50);
        _unpause();
        vm.assertEq(_terms(drop).pausedUntil, NOW + 49, "paused until");
        Listing memory listing = _listing(_mint(alice), PRICE);
        _buy(bob, listing, _sign("alice", listing));
    }

    function test_WhenAPauseIsEnded_ItIsPublished() public {
        _pause(NOW + 100);
        vm.warp(NOW + 50);
        vm.expectEmit(address(seats));
        emit ISeatSteering.DropPaused(drop, NOW + 49);
        _unpause();
    }

    function test_WhenAPauseIsEnded_ItWaits7DaysForTheNext() public {
        _pause(NOW + 100);
        vm.warp(NOW + 50);
        _unpause();
        _refusedTo(guardian, _pauseCall(NOW + 50), _tooEarly(NOW + 50 + 7 days, NOW + 50));
        vm.warp(NOW + 50 + 7 days - 1);
        _refusedTo(
            guardian,
            _pauseCall(NOW + 50 + 7 days),
            _tooEarly(NOW + 50 + 7 days, NOW + 50 + 7 days - 1)
        );
        vm.warp(NOW + 50 + 7 days);
        _pause(NOW + 60 + 7 days);
    }

    function test_GivenTheLastSecondOfAPause_ItCanStillBeEnded() public {
        _pause(NOW + 100);
        vm.warp(NOW + 100);
        _unpause();
        _mint(alice);
    }

    function test_GivenThePauseIsOver_ItRevertsWithItsLastSecond() public {
        bytes memory call = abi.encodeCall(ISeatSteering.unpause, (drop));
        _refusedTo(guardian, call, _tooLate(0, NOW));
        _pause(NOW + 100);
        vm.warp(NOW + 101);
        _refusedTo(guardian, call, _tooLate(NOW + 100, NOW + 101));
    }

    /// @dev However the guardian plays, sales run for 7 days after each pause of at most 72 hours.
    function testFuzz_WhenTheGuardianTriesAnything_ItSellsFor7DaysBetweenPauses(uint32[16] memory steps)
        public
    {
        uint256 opened = 0;
        for (uint256 i; i < steps.length; ++i) {
            vm.warp(block.timestamp + steps[i] % 4 days);
            bool ending = steps[i] % 3 == 0;
            vm.prank(guardian);
            (bool accepted,) = address(seats)
                .call(
                    ending
                        ? abi.encodeCall(ISeatSteering.unpause, (drop))
                        : _pauseCall(block.timestamp + steps[i] % 80 hours)
                );
            if (!accepted) continue;
            if (!ending) vm.assertGe(block.timestamp, opened, "7 days after the last pause");
            uint256 until = _terms(drop).pausedUntil;
            vm.assertLe(until, block.timestamp + 72 hours, "72 hours");
            opened = until + 7 days + 1;
        }
    }

    function _notGuardian(address caller) private view returns (bytes memory) {
        return abi.encodeWithSelector(ISeatDrops.SeatDrops_NotGuardian.selector, guardian, caller);
    }

    function _pauseCall(uint256 until) private view returns (bytes memory) {
        return abi.encodeCall(ISeatSteering.pause, (drop, until));
    }

    function _pause(uint256 until) private {
        vm.prank(guardian);
        seats.pause(drop, until);
    }

    function _unpause() private {
        vm.prank(guardian);
        seats.unpause(drop);
    }
}
