// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDrops} from "../../../contracts/interfaces/ISeatDrops.sol";
import {MAX_NUMBER} from "../../../contracts/types/SeatId.sol";
import {Gate, PhaseTerms, TierTerms, TransferPolicy} from "../../../contracts/types/Terms.sol";
import {NOW, PRICE, Plan, Plans} from "../base/Plans.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {vm} from "../base/Vm.sol";

/// @dev Each bound at its last good value and one beyond it.
contract CreateDropBoundsTest is SeatsTest {
    using Plans for Plan;

    function test_WhenTheRoyaltyIsAbove20Percent_ItRevertsWithTheBounds() public {
        Plan memory plan = _plan();
        plan.terms.royalty = 2000;
        _accepted(plan);
        plan.terms.royalty = 2001;
        _refused(plan, "royalty", 2001, 0, 2000);
    }

    function test_WhenTheTollIsAbove20Percent_ItRevertsWithTheBounds() public {
        Plan memory plan = _plan();
        plan.terms.toll = 2000;
        _accepted(plan);
        plan.terms.toll = 2001;
        _refused(plan, "toll", 2001, 0, 2000);
    }

    function test_WhenTheResaleCapIsAboveFiveTimesTheFace_ItRevertsWithTheBounds() public {
        Plan memory plan = _plan();
        plan.terms.resaleCap = 50_000;
        _accepted(plan);
        plan.terms.resaleCap = 50_001;
        _refused(plan, "resaleCap", 50_001, 0, 50_000);
    }

    function test_WhenThePenaltyIsAboveTheWhole_ItRevertsWithTheBounds() public {
        Plan memory plan = _plan();
        plan.terms.penalty = 10_000;
        _accepted(plan);
        plan.terms.penalty = 10_001;
        _refused(plan, "penalty", 10_001, 0, 10_000);
    }

    function test_WhenTheDefaultSplitIsAboveTheWhole_ItRevertsWithTheBounds() public {
        Plan memory plan = _plan();
        plan.terms.defaultSplit = 10_000;
        _accepted(plan);
        plan.terms.defaultSplit = 10_001;
        _refused(plan, "defaultSplit", 10_001, 0, 10_000);
    }

    function test_WhenTheCooldownOutlastsAnyDrop_ItRevertsWithTheBounds() public {
        Plan memory plan = _plan();
        plan.terms.giftCooldown = 730 days;
        _accepted(plan);
        plan.terms.giftCooldown = 730 days + 1;
        _refused(plan, "giftCooldown", 730 days + 1, 0, 730 days);
    }

    function test_WhenAnOpenDropHasAToll_ItRevertsWithTheBounds() public {
        Plan memory plan = _openPlan();
        _accepted(plan);
        plan.terms.toll = 1;
        _refused(plan, "toll", 1, 0, 0);
    }

    function test_WhenAnOpenDropHasACooldown_ItRevertsWithTheBounds() public {
        Plan memory plan = _openPlan();
        plan.terms.giftCooldown = 1;
        _refused(plan, "giftCooldown", 1, 0, 0);
    }

    function test_WhenTheChallengeIsShorterThan3Days_ItRevertsWithTheBounds() public {
        Plan memory plan = _plan();
        plan.terms.challengeDays = 3;
        _accepted(plan);
        plan.terms.challengeDays = 2;
        _refused(plan, "challengeDays", 2, 3, 30);
    }

    function test_WhenTheChallengeIsLongerThan30Days_ItRevertsWithTheBounds() public {
        Plan memory plan = _plan();
        plan.terms.challengeDays = 30;
        _accepted(plan);
        plan.terms.challengeDays = 31;
        _refused(plan, "challengeDays", 31, 3, 30);
    }

    function test_WhenItStartsInThePast_ItRevertsWithTheBounds() public {
        Plan memory plan = _plan();
        plan.terms.startsAt = NOW;
        _accepted(plan);
        plan.terms.startsAt = NOW - 1;
        _refused(plan, "startsAt", NOW - 1, NOW, plan.terms.endsAt);
    }

    function test_WhenItStartsAfterItEnds_ItRevertsWithTheBounds() public {
        Plan memory plan = _plan();
        plan.terms.startsAt = plan.terms.endsAt;
        _accepted(plan);
        plan.terms.startsAt = plan.terms.endsAt + 1;
        _refused(plan, "startsAt", plan.terms.endsAt + 1, NOW, plan.terms.endsAt);
    }

    function test_WhenItEndsAtTheDeadline_ItRevertsWithTheBounds() public {
        Plan memory plan = _plan();
        plan.terms.endsAt = plan.terms.deliverBy - 1;
        _accepted(plan);
        plan.terms.endsAt = plan.terms.deliverBy;
        _refused(
            plan, "endsAt", plan.terms.deliverBy, plan.terms.startsAt, plan.terms.deliverBy - 1
        );
    }

    /// @dev There is no second before the first, and the bound does not wrap around.
    function test_WhenThereIsNoDeadline_ItRevertsWithTheBounds() public {
        Plan memory plan = _plan();
        plan.terms.deliverBy = 0;
        _refused(plan, "endsAt", plan.terms.endsAt, plan.terms.startsAt, 0);
        plan.terms.deliverBy = 2;
        _refused(plan, "endsAt", plan.terms.endsAt, plan.terms.startsAt, 1);
    }

    function test_WhenTheDeadlineIsBeyond730Days_ItRevertsWithTheBounds() public {
        Plan memory plan = _plan();
        plan.terms.deliverBy = NOW + 730 days;
        _accepted(plan);
        plan.terms.deliverBy = NOW + 730 days + 1;
        _refused(plan, "deliverBy", NOW + 730 days + 1, 0, NOW + 730 days);
    }

    function test_WhenTheRefundWindowOutlastsTheDrop_ItRevertsWithTheBounds() public {
        Plan memory plan = _plan();
        plan.terms.refundUntil = plan.terms.endsAt;
        _accepted(plan);
        plan.terms.refundUntil = plan.terms.endsAt + 1;
        _refused(plan, "refundUntil", plan.terms.endsAt + 1, 0, plan.terms.endsAt);
    }

    function test_WhenThereIsNoTier_ItRevertsWithTheBounds() public {
        Plan memory plan = _plan();
        plan.tiers = new TierTerms[](0);
        _refused(plan, "tiers", 0, 1, 10);
    }

    function test_WhenThereAre11Tiers_ItRevertsWithTheBounds() public {
        Plan memory plan = _plan();
        plan = plan.withTiers(11);
        _refused(plan, "tiers", 11, 1, 10);
    }

    function test_WhenThereIsNoPhase_ItRevertsWithTheBounds() public {
        Plan memory plan = _plan();
        plan.phases = new PhaseTerms[](0);
        _refused(plan, "phases", 0, 1, 16);
    }

    function test_WhenThereAre17Phases_ItRevertsWithTheBounds() public {
        Plan memory plan = _plan();
        plan = plan.withPhases(17);
        _refused(plan, "phases", 17, 1, 16);
    }

    function test_WhenACapIsZero_ItRevertsWithTheBounds() public {
        Plan memory plan = _plan();
        plan.tiers[0].cap = 0;
        _refused(plan, "cap", 0, 1, MAX_NUMBER);
    }

    function test_WhenACapIsAboveTheNumbersOfATier_ItRevertsWithTheBounds() public {
        Plan memory plan = _plan();
        plan.tiers[0].cap = MAX_NUMBER;
        _accepted(plan);
        plan.tiers[0].cap = MAX_NUMBER + 1;
        _refused(plan, "cap", MAX_NUMBER + 1, 1, MAX_NUMBER);
    }

    function test_WhenAListPriceIsAbove80Bits_ItRevertsWithTheBounds() public {
        Plan memory plan = _plan();
        plan.tiers[0].listPrice = type(uint80).max;
        _accepted(plan);
        plan.tiers[0].listPrice = uint256(type(uint80).max) + 1;
        _refused(plan, "listPrice", uint256(type(uint80).max) + 1, 0, type(uint80).max);
    }

    function test_WhenAPhaseSellsAnUnknownTier_ItRevertsWithTheBounds() public {
        Plan memory plan = _plan();
        plan.phases[0].tier = 1;
        _refused(plan, "tier", 1, 0, 0);
    }

    function test_WhenAPhaseCostsMoreThanTheListPrice_ItRevertsWithTheBounds() public {
        Plan memory plan = _plan();
        plan.phases[0].price = 0;
        _accepted(plan);
        plan.phases[0].price = PRICE + 1;
        _refused(plan, "price", PRICE + 1, 0, PRICE);
    }

    function test_WhenAPhaseHasClosedAlready_ItRevertsWithTheBounds() public {
        Plan memory plan = _plan();
        plan.phases[0].closes = NOW;
        _accepted(plan);
        plan.phases[0].closes = NOW - 1;
        plan.phases[0].opens = NOW - 1;
        _refused(plan, "closes", NOW - 1, NOW, plan.terms.endsAt);
    }

    function test_WhenAPhaseClosesAfterTheEnd_ItRevertsWithTheBounds() public {
        Plan memory plan = _plan();
        plan.phases[0].closes = plan.terms.endsAt;
        _accepted(plan);
        plan.phases[0].closes = plan.terms.endsAt + 1;
        _refused(plan, "closes", plan.terms.endsAt + 1, NOW, plan.terms.endsAt);
    }

    function test_WhenAPhaseOpensAfterItCloses_ItRevertsWithTheBounds() public {
        Plan memory plan = _plan();
        plan.phases[0].opens = plan.phases[0].closes;
        _accepted(plan);
        plan.phases[0].opens = plan.phases[0].closes + 1;
        _refused(plan, "opens", plan.phases[0].closes + 1, 0, plan.phases[0].closes);
    }

    function test_WhenAPhaseSuppliesMoreThanTheCap_ItRevertsWithTheBounds() public {
        Plan memory plan = _plan();
        plan.phases[0].supply = 30;
        _accepted(plan);
        plan.phases[0].supply = 31;
        _refused(plan, "supply", 31, 0, 30);
    }

    function test_WhenAWalletLimitIsAbove16Bits_ItRevertsWithTheBounds() public {
        Plan memory plan = _plan();
        plan.phases[0].walletLimit = type(uint16).max;
        _accepted(plan);
        plan.phases[0].walletLimit = uint256(type(uint16).max) + 1;
        _refused(plan, "walletLimit", uint256(type(uint16).max) + 1, 0, type(uint16).max);
    }

    function test_WhenAReservedPhaseHasNoSupply_ItRevertsWithTheBounds() public {
        Plan memory plan = _plan();
        plan.phases[0].reserved = true;
        _refused(plan, "supply", 0, 1, 30);
    }

    function test_WhenReservesTogetherExceedTheCap_ItRevertsWithTheBounds() public {
        Plan memory plan = _plan();
        plan = plan.withPhases(2);
        plan.phases[0].reserved = true;
        plan.phases[0].supply = 20;
        plan.phases[1].reserved = true;
        plan.phases[1].supply = 10;
        _accepted(plan);
        plan.phases[1].supply = 11;
        _refused(plan, "reserved", 31, 1, 30);
    }

    /// @dev No truncating cast: the largest value of every field is refused (C-53).
    function test_WhenATermIsTheLargestNumber_ItIsRefusedAndNeverCut() public {
        Plan memory plan = _plan();
        plan.terms.royalty = type(uint256).max;
        _refused(plan, "royalty", type(uint256).max, 0, 2000);
        plan = _plan();
        plan.terms.giftCooldown = type(uint256).max;
        _refused(plan, "giftCooldown", type(uint256).max, 0, 730 days);
        plan = _plan();
        plan.terms.challengeDays = 256 + 7;
        _refused(plan, "challengeDays", 256 + 7, 3, 30);
        plan = _plan();
        plan.phases[0].supply = 1 << 24;
        _refused(plan, "supply", 1 << 24, 0, 30);
        plan = _plan();
        plan.phases[0].tier = 256;
        _refused(plan, "tier", 256, 0, 0);
        plan = _plan();
        plan.phases[0].closes = plan.phases[0].closes + (1 << 40);
        _refused(plan, "closes", plan.phases[0].closes, NOW, plan.terms.endsAt);
        plan = _plan();
        plan.phases[0].price = PRICE + (1 << 80);
        _refused(plan, "price", PRICE + (1 << 80), 0, PRICE);
    }

    /// @dev The places of the policy and of the first phase's gate in the call; each is one above
    /// its last value.
    function test_WhenPolicyOrGateIsUnknown_ItReverts() public {
        Plan memory plan = _plan();
        bytes memory call =
            abi.encodeCall(ISeatDrops.createDrop, (plan.terms, plan.tiers, plan.phases));
        _rejected(_withWord(call, 2, uint256(type(TransferPolicy).max) + 1));
        // 18 terms, two offsets, a count and a tier, a count, then the fourth word of the phase.
        _rejected(_withWord(call, 18 + 2 + 3 + 1 + 3, uint256(type(Gate).max) + 1));
        vm.prank(mentor);
        (bool accepted,) = address(seats).call(_withWord(call, 2, 0));
        vm.assertTrue(accepted, "the same call with known values");
    }

    function _openPlan() private view returns (Plan memory plan) {
        plan = _plan();
        plan.terms.policy = TransferPolicy.OPEN;
        (plan.terms.toll, plan.terms.giftCooldown) = (0, 0);
    }

    function _withWord(bytes memory call, uint256 index, uint256 word)
        private
        pure
        returns (bytes memory changed)
    {
        changed = bytes.concat(call);
        assembly ("memory-safe") {
            mstore(add(add(changed, 0x24), mul(index, 0x20)), word)
        }
    }

    function _rejected(bytes memory call) private {
        vm.prank(mentor);
        (bool accepted, bytes memory answer) = address(seats).call(call);
        vm.assertFalse(accepted, "accepted");
        vm.assertEq(answer, "", "the decoder's answer");
    }

    function _accepted(Plan memory plan) private {
        uint256 before = seats.dropCount();
        _create(plan);
        vm.assertEq(seats.dropCount(), before + 1, "the last good value");
    }

    function _refused(Plan memory plan, bytes32 field, uint256 value, uint256 least, uint256 most)
        private
    {
        vm.prank(mentor);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISeatDrops.SeatDrops_TermOutOfBounds.selector, field, value, least, most
            )
        );
        seats.createDrop(plan.terms, plan.tiers, plan.phases);
    }
}
