// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDrops} from "../../../contracts/interfaces/ISeatDrops.sol";
import {ISeatSteering} from "../../../contracts/interfaces/ISeatSteering.sol";
import {DropView} from "../../../contracts/types/Views.sol";
import {NOW} from "../base/Plans.sol";
import {vm} from "../base/Vm.sol";
import {SteeringTest} from "./SteeringTest.sol";

/// @dev C-73. The drop starts on day 10, ends on day 38 and delivers by day 45. What follows from
/// it is in PostponeEffects.t.sol.
contract PostponeTest is SteeringTest {
    uint256 private constant STARTS = NOW + 10 days;
    uint256 private constant ENDS = NOW + 38 days;
    uint256 private constant DELIVERS = NOW + 45 days;
    uint256 private constant LATEST = DELIVERS + 180 days;

    function test_WhenTheCallerIsNotTheMentor_ItRevertsWithBoth() public {
        _refusedToOthers(_call(STARTS, ENDS, DELIVERS));
    }

    function test_GivenTheDropIsNotLive_ItRevertsWithTheState() public {
        _refusedUnlessLive(_call(STARTS, ENDS, DELIVERS));
    }

    function test_GivenTheDropHasStarted_ItRevertsWithTheLastSecond() public {
        uint256 starts = STARTS + 7 days;
        vm.warp(STARTS);
        _refused(starts, ENDS, DELIVERS, _tooLate(STARTS - 1, STARTS));
        vm.warp(STARTS - 1);
        _postpone(starts, ENDS, DELIVERS);
    }

    function test_GivenItWasPostponedTwice_ItRevertsWithTheMost() public {
        _postpone(STARTS, ENDS, DELIVERS);
        _postpone(STARTS, ENDS, DELIVERS);
        _refused(
            STARTS,
            ENDS,
            DELIVERS,
            abi.encodeWithSelector(ISeatDrops.SeatDrops_PostponedTooOften.selector, drop, 2)
        );
    }

    function test_WhenTheStartIsLessThan7DaysAhead_ItRevertsWithTheBounds() public {
        vm.warp(NOW + 5 days);
        uint256 least = NOW + 12 days;
        _refused(least - 1, ENDS, DELIVERS, _outOfBounds("startsAt", least - 1, least, ENDS));
        _postpone(least, ENDS, DELIVERS);
    }

    function test_WhenTheStartIsEarlier_ItRevertsWithTheBounds() public {
        _refused(STARTS - 1, ENDS, DELIVERS, _outOfBounds("startsAt", STARTS - 1, STARTS, ENDS));
        _postpone(STARTS, ENDS, DELIVERS);
    }

    function test_WhenItStartsAfterItEnds_ItRevertsWithTheBounds() public {
        _refused(ENDS + 1, ENDS, DELIVERS, _outOfBounds("startsAt", ENDS + 1, STARTS, ENDS));
        _postpone(ENDS, ENDS, DELIVERS);
    }

    function test_WhenItEndsEarlier_ItRevertsWithTheBounds() public {
        _refused(STARTS, ENDS - 1, DELIVERS, _outOfBounds("endsAt", ENDS - 1, ENDS, LATEST - 1));
    }

    function test_WhenItEndsAfterTheLatestDeadline_ItRevertsWithTheBounds() public {
        _refused(STARTS, LATEST, LATEST, _outOfBounds("endsAt", LATEST, ENDS, LATEST - 1));
        _postpone(STARTS, LATEST - 1, LATEST);
    }

    function test_WhenTheDeadlineIsEarlier_ItRevertsWithTheBounds() public {
        _refused(
            STARTS, ENDS, DELIVERS - 1, _outOfBounds("deliverBy", DELIVERS - 1, DELIVERS, LATEST)
        );
    }

    function test_WhenTheDeadlineIsNotAfterTheEnd_ItRevertsWithTheBounds() public {
        uint256 ends = DELIVERS + 5 days;
        _refused(STARTS, ends, ends, _outOfBounds("deliverBy", ends, ends + 1, LATEST));
        _postpone(STARTS, ends, ends + 1);
    }

    function test_WhenTheDeadlineIsBeyond180Days_ItRevertsWithTheBounds() public {
        _refused(STARTS, ENDS, LATEST + 1, _outOfBounds("deliverBy", LATEST + 1, DELIVERS, LATEST));
        _postpone(STARTS, ENDS, LATEST);
    }

    function test_GivenItWasPostponedOnce_ItCountsThe180DaysFromTheFirstDeadline() public {
        _postpone(STARTS, ENDS, DELIVERS + 100 days);
        _refused(
            STARTS,
            ENDS,
            LATEST + 1,
            _outOfBounds("deliverBy", LATEST + 1, DELIVERS + 100 days, LATEST)
        );
        _postpone(STARTS, ENDS, LATEST);
    }

    function test_GivenItWasPostponedOnce_ItTakesNothingBack() public {
        _postpone(STARTS + 5 days, ENDS + 5 days, DELIVERS + 5 days);
        _refused(
            STARTS,
            ENDS + 5 days,
            DELIVERS + 5 days,
            _outOfBounds("startsAt", STARTS, STARTS + 5 days, ENDS + 5 days)
        );
        _refused(
            STARTS + 5 days,
            ENDS,
            DELIVERS + 5 days,
            _outOfBounds("endsAt", ENDS, ENDS + 5 days, LATEST - 1)
        );
        _refused(
            STARTS + 5 days,
            ENDS + 5 days,
            DELIVERS,
            _outOfBounds("deliverBy", DELIVERS, DELIVERS + 5 days, LATEST)
        );
    }

    function test_WhenATimeIsTheLargestNumber_ItIsRefusedAndNeverCut() public {
        uint256 largest = type(uint256).max;
        _refused(largest, ENDS, DELIVERS, _outOfBounds("startsAt", largest, STARTS, ENDS));
        _refused(largest, largest, largest, _outOfBounds("endsAt", largest, ENDS, LATEST - 1));
        _refused(STARTS, ENDS, largest, _outOfBounds("deliverBy", largest, DELIVERS, LATEST));
        uint256 wrapped = DELIVERS + (1 << 40);
        _refused(STARTS, ENDS, wrapped, _outOfBounds("deliverBy", wrapped, DELIVERS, LATEST));
    }

    function testFuzz_WhenTimesAreAny_ItKeepsTheirOrderAndTakesNothingBack(
        uint24 time,
        uint32 startsAt,
        uint32 endsAt,
        uint32 deliverBy
    ) public {
        vm.warp(NOW + time % 11 days);
        DropView memory before = _terms(drop);
        uint256 ends = ENDS + endsAt % 190 days;
        vm.prank(mentor);
        (bool accepted,) = address(seats)
            .call(_call(STARTS + startsAt % 40 days, ends, ends + deliverBy % 60 days));
        if (!accepted) return;
        DropView memory later = _terms(drop);
        vm.assertGe(later.startsAt, before.startsAt, "start");
        vm.assertGe(later.endsAt, before.endsAt, "end");
        vm.assertGe(later.deliverBy, before.deliverBy, "deadline");
        vm.assertGe(later.startsAt, block.timestamp + 7 days, "notice");
        vm.assertLe(later.startsAt, later.endsAt, "start and end");
        vm.assertGt(later.deliverBy, later.endsAt, "end and deadline");
        vm.assertLe(later.deliverBy, LATEST, "180 days");
        vm.assertGe(later.refundUntil, before.refundUntil, "refund window");
        vm.assertGe(later.refundUntil, block.timestamp + 7 days, "7 days of refunds");
        vm.assertLe(later.refundUntil, later.endsAt, "refunds end with the drop");
    }

    function _call(uint256 startsAt, uint256 endsAt, uint256 deliverBy)
        private
        view
        returns (bytes memory)
    {
        return abi.encodeCall(ISeatSteering.postpone, (drop, startsAt, endsAt, deliverBy));
    }

    function _postpone(uint256 startsAt, uint256 endsAt, uint256 deliverBy) private {
        vm.prank(mentor);
        seats.postpone(drop, startsAt, endsAt, deliverBy);
        DropView memory terms = _terms(drop);
        vm.assertEq(terms.startsAt, startsAt, "starts at");
        vm.assertEq(terms.endsAt, endsAt, "ends at");
        vm.assertEq(terms.deliverBy, deliverBy, "deliver by");
    }

    function _refused(uint256 startsAt, uint256 endsAt, uint256 deliverBy, bytes memory expected)
        private
    {
        _refusedTo(mentor, _call(startsAt, endsAt, deliverBy), expected);
    }
}
