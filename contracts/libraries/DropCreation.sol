// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDrops} from "../interfaces/ISeatDrops.sol";
import {WHOLE_BPS} from "../types/Bps.sol";
import {DropId} from "../types/DropId.sol";
import {
    ArbitrationWord,
    RulesWord,
    ScheduleWord,
    packArbitration,
    packRules,
    packSchedule
} from "../types/DropWords.sol";
import {PhaseWord, packPhase} from "../types/PhaseWord.sol";
import {MAX_NUMBER} from "../types/SeatId.sol";
import {Drop, SeatsLayout} from "../types/SeatsLayout.sol";
import {DropTerms, Gate, PhaseTerms, TierTerms} from "../types/Terms.sol";
import {TierWord, packTier} from "../types/TierWord.sol";

/// @title Creating a drop: the bounds of its terms, its words and their publication
library DropCreation {
    uint256 internal constant MAX_TIERS = 10;
    uint256 internal constant MAX_PHASES = 16;
    uint256 internal constant MAX_ROYALTY = 2000;
    uint256 internal constant MAX_TOLL = 2000;
    uint256 internal constant MAX_RESALE_CAP = 50_000;
    uint256 internal constant MIN_CHALLENGE_DAYS = 3;
    uint256 internal constant MAX_CHALLENGE_DAYS = 30;
    uint256 internal constant MAX_DELIVERY_TIME = 730 days;

    /// @dev Where the tiers begin in the published words: after rules, schedule, arbitration.
    uint256 private constant TIERS_AT = 3;

    /// @notice Checks every term, stores the drop under the next id and publishes its words.
    /// @dev What is stored is what is published, word for word: a mirror needs nothing else.
    function create(
        SeatsLayout storage seats,
        DropTerms calldata terms,
        TierTerms[] calldata tiers,
        PhaseTerms[] calldata phases
    ) internal returns (DropId id) {
        _checkParties(terms);
        _checkTerms(terms);
        _bound("tiers", tiers.length, 1, MAX_TIERS);
        _bound("phases", phases.length, 1, MAX_PHASES);
        uint256 currency = _currencyIndex(seats, terms.currency);

        id = _nextId(seats);
        Drop storage drop = seats.drops[id];
        bytes32[] memory words = new bytes32[](TIERS_AT + tiers.length + phases.length);
        _storeTerms(drop, words, terms, packRules(terms, currency, tiers.length, phases.length), seats.platform.fee);
        _storeTiers(drop, words, tiers);
        _storePhases(drop, words, tiers, phases, terms.endsAt);
        emit ISeatDrops.DropCreated(id, msg.sender, terms.termsHash, words);
        _storeOptions(id, drop, terms);
    }

    function _nextId(SeatsLayout storage seats) private returns (DropId id) {
        unchecked {
            // 2^64 creations will not happen.
            uint64 next = seats.platform.lastDrop + 1;
            seats.platform.lastDrop = next;
            id = DropId.wrap(next);
        }
    }

    function _storeTerms(
        Drop storage drop,
        bytes32[] memory words,
        DropTerms calldata terms,
        RulesWord rules,
        uint256 fee
    ) private {
        ScheduleWord schedule = packSchedule(terms, msg.sender, fee);
        ArbitrationWord arbitration = packArbitration(terms);
        drop.rules = rules;
        drop.schedule = schedule;
        drop.arbitration = arbitration;
        words[0] = bytes32(RulesWord.unwrap(rules));
        words[1] = bytes32(ScheduleWord.unwrap(schedule));
        words[2] = bytes32(ArbitrationWord.unwrap(arbitration));
    }

    /// @dev What most drops leave out has events of its own, and no slot is paid for.
    function _storeOptions(DropId id, Drop storage drop, DropTerms calldata terms) private {
        if (terms.payout != address(0)) {
            drop.payout = terms.payout;
            emit ISeatDrops.PayoutSet(id, terms.payout);
        }
        if (terms.verifier != address(0)) {
            drop.verifier = terms.verifier;
            emit ISeatDrops.VerifierSet(id, terms.verifier);
        }
    }

    function _checkParties(DropTerms calldata terms) private view {
        address resolver = terms.resolver;
        if (resolver == address(0) || resolver == msg.sender || resolver == terms.payout) {
            revert ISeatDrops.SeatDrops_ResolverNotNeutral(resolver);
        }
        if (terms.verifier == msg.sender) {
            revert ISeatDrops.SeatDrops_VerifierIsMentor(terms.verifier);
        }
    }

    function _checkTerms(DropTerms calldata terms) private view {
        uint256 endsAt = terms.endsAt;
        uint256 deliverBy = terms.deliverBy;
        _bound("royalty", terms.royalty.raw(), 0, MAX_ROYALTY);
        _bound("toll", terms.toll.raw(), 0, MAX_TOLL);
        _bound("resaleCap", terms.resaleCap.raw(), 0, MAX_RESALE_CAP);
        _bound("penalty", terms.penalty.raw(), 0, WHOLE_BPS);
        _bound("defaultSplit", terms.defaultSplit.raw(), 0, WHOLE_BPS);
        _bound("challengeDays", terms.challengeDays, MIN_CHALLENGE_DAYS, MAX_CHALLENGE_DAYS);
        _bound("startsAt", terms.startsAt, block.timestamp, endsAt);
        _bound("deliverBy", deliverBy, endsAt + 1, block.timestamp + MAX_DELIVERY_TIME);
        _bound("refundUntil", terms.refundUntil, 0, endsAt);
    }

    function _storeTiers(Drop storage drop, bytes32[] memory words, TierTerms[] calldata tiers)
        private
    {
        for (uint256 i; i < tiers.length; ++i) {
            TierTerms calldata tier = tiers[i];
            _bound("cap", tier.cap, 1, MAX_NUMBER);
            TierWord word = packTier(tier.listPrice, tier.cap);
            drop.tiers[i] = word;
            words[TIERS_AT + i] = bytes32(TierWord.unwrap(word));
        }
    }

    function _storePhases(
        Drop storage drop,
        bytes32[] memory words,
        TierTerms[] calldata tiers,
        PhaseTerms[] calldata phases,
        uint256 endsAt
    ) private {
        uint256 reserves = _reservesOf(phases, tiers);
        for (uint256 i; i < phases.length; ++i) {
            PhaseTerms calldata phase = phases[i];
            uint256 tier = phase.tier;
            _checkPhase(phase, tiers[tier], endsAt);
            // The phase's own bit is cleared: it does not hold back from itself.
            PhaseWord word =
                packPhase(phase, uint16(reserves >> tier * MAX_PHASES) & ~(uint256(1) << i));
            drop.phases[i].sales = word;
            words[TIERS_AT + tiers.length + i] = bytes32(PhaseWord.unwrap(word));
        }
    }

    function _checkPhase(PhaseTerms calldata phase, TierTerms calldata tier, uint256 endsAt)
        private
        view
    {
        if (phase.gate != Gate.PUBLIC) revert ISeatDrops.SeatDrops_GateNotOffered(phase.gate);
        uint256 closes = phase.closes;
        _bound("price", phase.price, 0, tier.listPrice);
        _bound("closes", closes, block.timestamp, endsAt);
        _bound("opens", phase.opens, 0, closes);
    }

    /// @dev For each tier, 16 bits that name the phases which hold back seats of it. What they
    /// hold back together fits the tier's cap, so that every promise can be kept.
    function _reservesOf(PhaseTerms[] calldata phases, TierTerms[] calldata tiers)
        private
        pure
        returns (uint256 reserves)
    {
        uint256 promised;
        for (uint256 i; i < phases.length; ++i) {
            PhaseTerms calldata phase = phases[i];
            uint256 tier = phase.tier;
            _bound("tier", tier, 0, tiers.length - 1);
            _bound("supply", phase.supply, 0, tiers[tier].cap);
            if (!phase.reserved) continue;
            reserves |= uint256(1) << tier * MAX_PHASES + i;
            // 24 bits for each tier: two caps of at most 99,999 cannot reach the next one.
            promised += uint256(phase.supply) << tier * 24;
            _bound("reserved", uint24(promised >> tier * 24), 1, tiers[tier].cap);
        }
    }

    function _currencyIndex(SeatsLayout storage seats, address currency)
        private
        view
        returns (uint256 index)
    {
        if (currency == address(0)) return 0;
        index = seats.currencyIndexes[currency];
        if (index == 0) revert ISeatDrops.SeatDrops_CurrencyNotAllowed(currency);
    }

    function _bound(bytes32 field, uint256 value, uint256 least, uint256 most) private pure {
        if (value < least || value > most) {
            revert ISeatDrops.SeatDrops_TermOutOfBounds(field, value, least, most);
        }
    }
}
