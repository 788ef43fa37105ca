// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDrops} from "../../../contracts/interfaces/ISeatDrops.sol";
import {MAX_NUMBER} from "../../../contracts/types/SeatId.sol";
import {NOW, PRICE, Plan, Plans} from "../base/Plans.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {vm} from "../base/Vm.sol";

/// @dev Each bound at its last good value and one beyond it.
contract CreateDropBoundsTest is SeatsTest {
    using Plans for Plan;

    Plan private plan;

    function setUp() public override {
        super.setUp();
        _reset();
    }

    function test_WhenTheRoyaltyIsAbove20Percent_ItRevertsWithTheBounds() public {
        plan.terms.royalty = 2000;
        _accepted();
        plan.terms.royalty = 2001;
        _refused("royalty", 2001, 0, 2000);
    }

    function test_WhenTheTollIsAbove20Percent_ItRevertsWithTheBounds() public {
        plan.terms.toll = 2000;
        _accepted();
        plan.terms.toll = 2001;
        _refused("toll", 2001, 0, 2000);
    }

    function test_WhenTheResaleCapIsAboveFiveTimesTheFace_ItRevertsWithTheBounds() public {
        plan.terms.resaleCap = 50_000;
        _accepted();
        plan.terms.resaleCap = 50_001;
        _refused("resaleCap", 50_001, 0, 50_000);
    }

    function test_WhenThePenaltyIsAboveTheWhole_ItRevertsWithTheBounds() public {
        plan.terms.penalty = 10_000;
        _accepted();
        plan.terms.penalty = 10_001;
        _refused("penalty", 10_001, 0, 10_000);
    }

    function test_WhenTheDefaultSplitIsAboveTheWhole_ItRevertsWithTheBounds() public {
        plan.terms.defaultSplit = 10_000;
        _accepted();
        plan.terms.defaultSplit = 10_001;
        _refused("defaultSplit", 10_001, 0, 10_000);
    }

    function test_WhenTheCooldownOutlastsAnyDrop_ItRevertsWithTheBounds() public {
        plan.terms.giftCooldown = 730 days;
        _accepted();
        plan.terms.giftCooldown = 730 days + 1;
        _refused("giftCooldown", 730 days + 1, 0, 730 days);
    }

    function test_WhenTheChallengeIsShorterThan3Days_ItRevertsWithTheBounds() public {
        plan.terms.challengeDays = 3;
        _accepted();
        plan.terms.challengeDays = 2;
        _refused("challengeDays", 2, 3, 30);
    }

    function test_WhenTheChallengeIsLongerThan30Days_ItRevertsWithTheBounds() public {
        plan.terms.challengeDays = 30;
        _accepted();
        plan.terms.challengeDays = 31;
        _refused("challengeDays", 31, 3, 30);
    }

    function test_WhenItStartsInThePast_ItRevertsWithTheBounds() public {
        plan.terms.startsAt = NOW;
        _accepted();
        plan.terms.startsAt = NOW - 1;
        _refused("startsAt", NOW - 1, NOW, plan.terms.endsAt);
    }

    function test_WhenItStartsAfterItEnds_ItRevertsWithTheBounds() public {
        plan.terms.startsAt = plan.terms.endsAt;
        _accepted();
        plan.terms.startsAt = plan.terms.endsAt + 1;
        _refused("startsAt", plan.terms.endsAt + 1, NOW, plan.terms.endsAt);
    }

    function test_WhenItEndsAtTheDeadline_ItRevertsWithTheBounds() public {
        plan.terms.endsAt = plan.terms.deliverBy - 1;
        _accepted();
        plan.terms.endsAt = plan.terms.deliverBy;
        _refused("endsAt", plan.terms.deliverBy, plan.terms.startsAt, plan.terms.deliverBy);
    }

    function test_WhenTheDeadlineIsBeyond730Days_ItRevertsWithTheBounds() public {
        plan.terms.deliverBy = NOW + 730 days;
        _accepted();
        plan.terms.deliverBy = NOW + 730 days + 1;
        _refused("deliverBy", NOW + 730 days + 1, 0, NOW + 730 days);
    }

    function test_WhenTheRefundWindowOutlastsTheDrop_ItRevertsWithTheBounds() public {
        plan.terms.refundUntil = plan.terms.endsAt;
        _accepted();
        plan.terms.refundUntil = plan.terms.endsAt + 1;
        _refused("refundUntil", plan.terms.endsAt + 1, 0, plan.terms.endsAt);
    }

    function test_WhenThereIsNoTier_ItRevertsWithTheBounds() public {
        delete plan.tiers;
        _refused("tiers", 0, 1, 10);
    }

    function test_WhenThereAre11Tiers_ItRevertsWithTheBounds() public {
        for (uint256 i = 1; i < 11; ++i) {
            plan.tiers.push(plan.tiers[0]);
        }
        _refused("tiers", 11, 1, 10);
    }

    function test_WhenThereIsNoPhase_ItRevertsWithTheBounds() public {
        delete plan.phases;
        _refused("phases", 0, 1, 16);
    }

    function test_WhenThereAre17Phases_ItRevertsWithTheBounds() public {
        for (uint256 i = 1; i < 17; ++i) {
            plan.phases.push(plan.phases[0]);
        }
        _refused("phases", 17, 1, 16);
    }

    function test_WhenACapIsZero_ItRevertsWithTheBounds() public {
        plan.tiers[0].cap = 0;
        _refused("cap", 0, 1, MAX_NUMBER);
    }

    function test_WhenACapIsAboveTheNumbersOfATier_ItRevertsWithTheBounds() public {
        plan.tiers[0].cap = MAX_NUMBER;
        _accepted();
        plan.tiers[0].cap = MAX_NUMBER + 1;
        _refused("cap", MAX_NUMBER + 1, 1, MAX_NUMBER);
    }

    function test_WhenAListPriceIsAbove80Bits_ItRevertsWithTheBounds() public {
        plan.tiers[0].listPrice = type(uint80).max;
        _accepted();
        plan.tiers[0].listPrice = uint256(type(uint80).max) + 1;
        _refused("listPrice", uint256(type(uint80).max) + 1, 0, type(uint80).max);
    }

    function test_WhenAPhaseSellsAnUnknownTier_ItRevertsWithTheBounds() public {
        plan.phases[0].tier = 1;
        _refused("tier", 1, 0, 0);
    }

    function test_WhenAPhaseCostsMoreThanTheListPrice_ItRevertsWithTheBounds() public {
        plan.phases[0].price = 0;
        _accepted();
        plan.phases[0].price = PRICE + 1;
        _refused("price", PRICE + 1, 0, PRICE);
    }

    function test_WhenAPhaseHasClosedAlready_ItRevertsWithTheBounds() public {
        plan.phases[0].closes = NOW;
        _accepted();
        plan.phases[0].closes = NOW - 1;
        plan.phases[0].opens = NOW - 1;
        _refused("closes", NOW - 1, NOW, plan.terms.endsAt);
    }

    function test_WhenAPhaseClosesAfterTheEnd_ItRevertsWithTheBounds() public {
        plan.phases[0].closes = plan.terms.endsAt;
        _accepted();
        plan.phases[0].closes = plan.terms.endsAt + 1;
        _refused("closes", plan.terms.endsAt + 1, NOW, plan.terms.endsAt);
    }

    function test_WhenAPhaseOpensAfterItCloses_ItRevertsWithTheBounds() public {
        plan.phases[0].opens = plan.phases[0].closes;
        _accepted();
        plan.phases[0].opens = plan.phases[0].closes + 1;
        _refused("opens", plan.phases[0].closes + 1, 0, plan.phases[0].closes);
    }

    function test_WhenAPhaseSuppliesMoreThanTheCap_ItRevertsWithTheBounds() public {
        plan.phases[0].supply = 30;
        _accepted();
        plan.phases[0].supply = 31;
        _refused("supply", 31, 0, 30);
    }

    function test_WhenAWalletLimitIsAbove16Bits_ItRevertsWithTheBounds() public {
        plan.phases[0].walletLimit = type(uint16).max;
        _accepted();
        plan.phases[0].walletLimit = uint256(type(uint16).max) + 1;
        _refused("walletLimit", uint256(type(uint16).max) + 1, 0, type(uint16).max);
    }

    function test_WhenAReservedPhaseHasNoSupply_ItRevertsWithTheBounds() public {
        plan.phases[0].reserved = true;
        _refused("supply", 0, 1, 30);
    }

    function test_WhenReservesTogetherExceedTheCap_ItRevertsWithTheBounds() public {
        plan.phases.push(plan.phases[0]);
        plan.phases[0].reserved = true;
        plan.phases[0].supply = 20;
        plan.phases[1].reserved = true;
        plan.phases[1].supply = 10;
        _accepted();
        plan.phases[1].supply = 11;
        _refused("reserved", 31, 1, 30);
    }

    /// @dev No truncating cast: the largest value of every field is refused (C-53).
    function test_WhenATermIsTheLargestNumber_ItIsRefusedAndNeverCut() public {
        plan.terms.royalty = type(uint256).max;
        _refused("royalty", type(uint256).max, 0, 2000);
        _reset();
        plan.terms.giftCooldown = type(uint256).max;
        _refused("giftCooldown", type(uint256).max, 0, 730 days);
        _reset();
        plan.terms.challengeDays = 256 + 7;
        _refused("challengeDays", 256 + 7, 3, 30);
        _reset();
        plan.phases[0].supply = 1 << 24;
        _refused("supply", 1 << 24, 0, 30);
        _reset();
        plan.phases[0].tier = 256;
        _refused("tier", 256, 0, 0);
        _reset();
        plan.phases[0].closes = plan.phases[0].closes + (1 << 40);
        _refused("closes", plan.phases[0].closes, NOW, plan.terms.endsAt);
        _reset();
        plan.phases[0].price = PRICE + (1 << 80);
        _refused("price", PRICE + (1 << 80), 0, PRICE);
    }

    function _reset() private {
        plan = _plan();
    }

    function _accepted() private {
        uint256 before = seats.dropCount();
        _create(plan);
        vm.assertEq(seats.dropCount(), before + 1, "the last good value");
    }

    function _refused(bytes32 field, uint256 value, uint256 least, uint256 most) private {
        Plan memory refused = plan;
        vm.prank(mentor);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISeatDrops.SeatDrops_TermOutOfBounds.selector, field, value, least, most
            )
        );
        seats.createDrop(refused.terms, refused.tiers, refused.phases);
    }
}
