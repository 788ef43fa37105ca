// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ClosingWord} from "../../../contracts/types/ClosingWord.sol";
import {ArbitrationWord, RulesWord, ScheduleWord} from "../../../contracts/types/DropWords.sol";
import {DropState} from "../../../contracts/types/Terms.sol";
import {vm} from "../base/Vm.sol";

/// @dev A field of a drop that changes leaves its neighbours as they are, whatever they hold: the
/// words here have every bit at random, also where terms of a test are even or zero.
contract ChangedWordsTest {
    function testFuzz_AStateChangesAlone(uint256 before, uint8 state) public pure {
        DropState next = DropState(state % 10);
        RulesWord word = RulesWord.wrap(before).withState(next);
        vm.assertTrue(word.state() == next, "state");
        _assertKept(before, RulesWord.unwrap(word), _bits(0, 8));
    }

    function testFuzz_APauseChangesAlone(uint256 before, uint40 until) public pure {
        RulesWord word = RulesWord.wrap(before).withPausedUntil(until);
        vm.assertEq(word.pausedUntil(), until, "paused until");
        _assertKept(before, RulesWord.unwrap(word), _bits(128, 40));
    }

    function testFuzz_APostponementChangesTheEndsAndTheVersion(
        uint256 before,
        uint40 endsAt,
        uint40 deliverBy
    ) public pure {
        // A drop is postponed twice at most, so the version never reaches its neighbour.
        before &= ~(uint256(1) << 31);
        RulesWord word = RulesWord.wrap(before).postponed(endsAt, deliverBy);
        vm.assertEq(word.endsAt(), endsAt, "ends at");
        vm.assertEq(word.deliverBy(), deliverBy, "deliver by");
        vm.assertEq(word.termsVersion(), RulesWord.wrap(before).termsVersion() + 1, "version");
        _assertKept(before, RulesWord.unwrap(word), _bits(24, 8) | _bits(168, 80));
    }

    function testFuzz_ANewScheduleKeepsMentorAndFee(
        uint256 before,
        uint40 startsAt,
        uint40 refundUntil
    ) public pure {
        ScheduleWord word = ScheduleWord.wrap(before).rescheduled(startsAt, refundUntil);
        vm.assertEq(word.startsAt(), startsAt, "starts at");
        vm.assertEq(word.refundUntil(), refundUntil, "refund until");
        _assertKept(before, ScheduleWord.unwrap(word), _bits(160, 80));
    }

    function testFuzz_APostponementEndsThePenaltyAlone(uint256 before) public pure {
        before &= ~(uint256(1) << 215);
        ArbitrationWord word = ArbitrationWord.wrap(before).withPostponement();
        uint256 count = ArbitrationWord.wrap(before).postponements();
        vm.assertEq(word.postponements(), count + 1, "postponements");
        vm.assertEq(word.penalty().raw(), 0, "penalty");
        _assertKept(before, ArbitrationWord.unwrap(word), _bits(208, 24));
    }

    function testFuzz_AnOpenFaceChangesAlone(uint256 before, uint104 face) public pure {
        ClosingWord word = ClosingWord.wrap(before).withOpenFace(face);
        vm.assertEq(word.openFace(), face, "open face");
        _assertKept(before, ClosingWord.unwrap(word), _bits(80, 104));
    }

    function testFuzz_ADisputeAndItsSplitAreWrittenOverZero(
        uint256 before,
        uint40 disputedAt,
        uint16 split
    ) public pure {
        uint256 written = _bits(40, 40) | _bits(184, 16);
        before &= ~written;
        ClosingWord word = ClosingWord.wrap(before).withDispute(disputedAt).withSplit(split);
        vm.assertEq(word.disputedAt(), disputedAt, "disputed at");
        vm.assertEq(word.split().raw(), split, "split");
        _assertKept(before, ClosingWord.unwrap(word), written);
    }

    function _bits(uint256 from, uint256 count) private pure returns (uint256) {
        return ((uint256(1) << count) - 1) << from;
    }

    function _assertKept(uint256 before, uint256 present, uint256 changed) private pure {
        vm.assertEq(present & ~changed, before & ~changed, "neighbours");
    }
}
