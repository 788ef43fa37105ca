// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {
    ArbitrationWord,
    RulesWord,
    ScheduleWord,
    packArbitration,
    packRules,
    packSchedule
} from "../../../contracts/types/DropWords.sol";
import {DropState, DropTerms, TransferPolicy} from "../../../contracts/types/Terms.sol";
import {vm} from "../base/Vm.sol";

/// @dev Terms at any values that their fields can hold come back as they went in, which no two
/// overlapping fields could do.
contract DropWordsTest {
    /// @dev External, because terms are packed from calldata.
    function rulesOf(DropTerms calldata terms, uint256 currency, uint256 tiers, uint256 phases)
        external
        pure
        returns (RulesWord)
    {
        return packRules(terms, currency, tiers, phases);
    }

    function scheduleOf(DropTerms calldata terms, address mentor, uint256 fee)
        external
        pure
        returns (ScheduleWord)
    {
        return packSchedule(terms, mentor, fee);
    }

    function arbitrationOf(DropTerms calldata terms) external pure returns (ArbitrationWord) {
        return packArbitration(terms);
    }

    function testFuzz_RulesComeApartAsTheyWerePacked(
        uint16[3] memory shares,
        uint8[4] memory small,
        uint32 cooldown,
        uint40[2] memory times
    ) public view {
        DropTerms memory terms;
        terms.policy = TransferPolicy(small[0] % 3);
        (terms.royalty, terms.toll, terms.resaleCap) = (shares[0], shares[1], shares[2]);
        terms.giftCooldown = cooldown;
        (terms.endsAt, terms.deliverBy) = (times[0], times[1]);
        RulesWord word = this.rulesOf(terms, small[1], small[2], small[3]);
        vm.assertTrue(word.state() == DropState.LIVE, "state");
        vm.assertTrue(word.policy() == terms.policy, "policy");
        vm.assertEq(word.currencyIndex(), small[1], "currency");
        vm.assertEq(word.termsVersion(), 0, "terms version");
        vm.assertEq(word.royalty().raw(), shares[0], "royalty");
        vm.assertEq(word.toll().raw(), shares[1], "toll");
        vm.assertEq(word.resaleCap().raw(), shares[2], "resale cap");
        vm.assertEq(word.tierCount(), small[2], "tiers");
        vm.assertEq(word.phaseCount(), small[3], "phases");
        vm.assertEq(word.giftCooldown(), cooldown, "cooldown");
        vm.assertEq(word.pausedUntil(), 0, "paused until");
        vm.assertEq(word.endsAt(), times[0], "ends at");
        vm.assertEq(word.deliverBy(), times[1], "deliver by");
        vm.assertEq(RulesWord.unwrap(word) >> 248, 0, "spare bits");
    }

    function testFuzz_AScheduleComesApartAsItWasPacked(
        address mentor,
        uint40[2] memory times,
        uint16 fee
    ) public view {
        DropTerms memory terms;
        (terms.startsAt, terms.refundUntil) = (times[0], times[1]);
        ScheduleWord word = this.scheduleOf(terms, mentor, fee);
        vm.assertEq(word.mentor(), mentor, "mentor");
        vm.assertEq(word.startsAt(), times[0], "starts at");
        vm.assertEq(word.refundUntil(), times[1], "refund until");
        vm.assertEq(word.fee().raw(), fee, "fee");
    }

    function testFuzz_AnArbitrationComesApartAsItWasPacked(
        address resolver,
        uint40 deliverBy,
        uint8 challengeDays,
        uint16[2] memory shares
    ) public view {
        DropTerms memory terms;
        terms.resolver = resolver;
        terms.deliverBy = deliverBy;
        terms.challengeDays = challengeDays;
        (terms.penalty, terms.defaultSplit) = (shares[0], shares[1]);
        ArbitrationWord word = this.arbitrationOf(terms);
        vm.assertEq(word.resolver(), resolver, "resolver");
        vm.assertEq(word.firstDeliverBy(), deliverBy, "first deliver by");
        vm.assertEq(word.challengeDays(), challengeDays, "challenge days");
        vm.assertEq(word.postponements(), 0, "postponements");
        vm.assertEq(word.penalty().raw(), shares[0], "penalty");
        vm.assertEq(word.defaultSplit().raw(), shares[1], "default split");
        vm.assertEq(ArbitrationWord.unwrap(word) >> 248, 0, "spare bits");
    }
}
