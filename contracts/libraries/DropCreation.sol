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
import {PlatformWord} from "../types/PlatformWord.sol";
import {MAX_NUMBER} from "../types/SeatId.sol";
import {Drop, SeatsLayout} from "../types/SeatsLayout.sol";
import {DropTerms, Gate, PhaseTerms, TierTerms, TransferPolicy} from "../types/Terms.sol";
import {TierWord, packTier} from "../types/TierWord.sol";
import {Words, allocateWords} from "./Words.sol";

/// @title Creating a drop: the bounds of its terms, its words and their publication
library DropCreation {
    uint256 internal constant MAX_TIERS = 10;
    uint256 internal constant MAX_PHASES = 16;
    uint256 internal constant MAX_PRICE = type(uint80).max;
    uint256 internal constant MAX_ROYALTY = 2000;
    uint256 internal constant MAX_TOLL = 2000;
    uint256 internal constant MAX_RESALE_CAP = 50_000;
    uint256 internal constant MIN_CHALLENGE_DAYS = 3;
    uint256 internal constant MAX_CHALLENGE_DAYS = 30;
    uint256 internal constant MAX_DELIVERY_TIME = 730 days;

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
        if (tiers.length == 0 || tiers.length > MAX_TIERS) {
            _refuse("tiers", tiers.length, 1, MAX_TIERS);
        }
        if (phases.length == 0 || phases.length > MAX_PHASES) {
            _refuse("phases", phases.length, 1, MAX_PHASES);
        }
        uint256 currency = _currencyIndex(seats, terms.currency);

        PlatformWord platform = seats.platform.withNextDrop();
        if (platform.fee() > terms.maxFee) {
            revert ISeatDrops.SeatDrops_FeeAboveMax(platform.fee(), terms.maxFee);
        }
        seats.platform = platform;
        id = platform.dropCount();
        Drop storage drop = seats.drops[id];
        Words words = allocateWords(tiers.length, phases.length);
        RulesWord rules = packRules(terms, currency, tiers.length, phases.length);
        _storeTerms(drop, words, rules, terms, platform.fee());
        _storeTiers(drop, words, tiers);
        uint256 gated = _storePhases(id, drop, words, tiers, phases, terms.endsAt);
        words.publish(id, msg.sender, terms.termsHash, gated);
        _storeOptions(id, drop, terms);
    }

    function _storeTerms(
        Drop storage drop,
        Words words,
        RulesWord rules,
        DropTerms calldata terms,
        uint256 fee
    ) private {
        ScheduleWord schedule = packSchedule(terms, msg.sender, fee);
        ArbitrationWord arbitration = packArbitration(terms);
        drop.rules = rules;
        drop.schedule = schedule;
        drop.arbitration = arbitration;
        words.putTerms(
            RulesWord.unwrap(rules),
            ScheduleWord.unwrap(schedule),
            ArbitrationWord.unwrap(arbitration)
        );
    }

    /// @dev What most drops leave out has events of its own, and no slot is paid for.
    function _storeOptions(DropId id, Drop storage drop, DropTerms calldata terms) private {
        address payout = terms.payout;
        address verifier = terms.verifier;
        if (payout != address(0)) {
            drop.payout = payout;
            emit ISeatDrops.PayoutSet(id, payout);
        }
        if (verifier != address(0)) {
            drop.verifier = verifier;
            emit ISeatDrops.VerifierSet(id, verifier);
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

    /// @dev The comparisons stand where the value is at hand and only the refusal is a call.
    function _checkTerms(DropTerms calldata terms) private view {
        _checkShares(terms);
        uint256 endsAt = terms.endsAt;
        uint256 startsAt = terms.startsAt;
        uint256 deliverBy = terms.deliverBy;
        uint256 latest;
        unchecked {
            latest = block.timestamp + MAX_DELIVERY_TIME;
        }
        if (startsAt < block.timestamp || startsAt > endsAt) {
            _refuse("startsAt", startsAt, block.timestamp, endsAt);
        }
        if (deliverBy > latest) _refuse("deliverBy", deliverBy, 0, latest);
        if (endsAt >= deliverBy) {
            _refuse("endsAt", endsAt, startsAt, deliverBy == 0 ? 0 : deliverBy - 1);
        }
        if (terms.refundUntil > endsAt) _refuse("refundUntil", terms.refundUntil, 0, endsAt);
        // An OPEN seat is an ordinary token, which nothing holds back.
        bool open = terms.policy == TransferPolicy.OPEN;
        uint256 longest = open ? 0 : MAX_DELIVERY_TIME;
        if (terms.giftCooldown > longest) {
            _refuse("giftCooldown", terms.giftCooldown, 0, longest);
        }
        if (open && terms.toll != 0) _refuse("toll", terms.toll, 0, 0);
        uint256 challengeDays = terms.challengeDays;
        if (challengeDays < MIN_CHALLENGE_DAYS || challengeDays > MAX_CHALLENGE_DAYS) {
            _refuse("challengeDays", challengeDays, MIN_CHALLENGE_DAYS, MAX_CHALLENGE_DAYS);
        }
    }

    function _checkShares(DropTerms calldata terms) private pure {
        if (terms.royalty > MAX_ROYALTY) _refuse("royalty", terms.royalty, 0, MAX_ROYALTY);
        if (terms.toll > MAX_TOLL) _refuse("toll", terms.toll, 0, MAX_TOLL);
        if (terms.resaleCap > MAX_RESALE_CAP) {
            _refuse("resaleCap", terms.resaleCap, 0, MAX_RESALE_CAP);
        }
        if (terms.penalty > WHOLE_BPS) _refuse("penalty", terms.penalty, 0, WHOLE_BPS);
        if (terms.defaultSplit > WHOLE_BPS) {
            _refuse("defaultSplit", terms.defaultSplit, 0, WHOLE_BPS);
        }
    }

    function _storeTiers(Drop storage drop, Words words, TierTerms[] calldata tiers) private {
        for (uint256 i; i < tiers.length; ++i) {
            TierTerms calldata tier = tiers[i];
            uint256 cap = tier.cap;
            uint256 listPrice = tier.listPrice;
            if (cap == 0 || cap > MAX_NUMBER) _refuse("cap", cap, 1, MAX_NUMBER);
            if (listPrice > MAX_PRICE) _refuse("listPrice", listPrice, 0, MAX_PRICE);
            TierWord word = packTier(listPrice, cap);
            drop.tiers[i].sales = word;
            words.putTier(i, TierWord.unwrap(word));
        }
    }

    /// @return gated how many phases are not public; the data of their gates follows the words.
    function _storePhases(
        DropId id,
        Drop storage drop,
        Words words,
        TierTerms[] calldata tiers,
        PhaseTerms[] calldata phases,
        uint256 endsAt
    ) private returns (uint256 gated) {
        bool reserving = false;
        for (uint256 i; i < phases.length; ++i) {
            PhaseTerms calldata phase = phases[i];
            uint256 tier = phase.tier;
            if (tier >= tiers.length) _refuse("tier", tier, 0, tiers.length - 1);
            _checkPhase(phase, tiers[tier], endsAt);
            if (phase.reserved) reserving = true;
            PhaseWord word = packPhase(phase);
            drop.phases[i].sales = word;
            words.putPhase(tiers.length, i, PhaseWord.unwrap(word));
            if (phase.gate != Gate.PUBLIC) {
                _checkGate(id, i, phase);
                drop.phases[i].gateData = phase.gateData;
                words.putGateData(tiers.length + phases.length + gated++, phase.gateData);
            }
        }
        if (reserving) _storeReserves(drop, words, tiers, phases);
    }

    function _checkPhase(PhaseTerms calldata phase, TierTerms calldata tier, uint256 endsAt)
        private
        view
    {
        uint256 closes = phase.closes;
        if (phase.price > tier.listPrice) _refuse("price", phase.price, 0, tier.listPrice);
        if (closes < block.timestamp || closes > endsAt) {
            _refuse("closes", closes, block.timestamp, endsAt);
        }
        if (phase.opens > closes) _refuse("opens", phase.opens, 0, closes);
        if (phase.supply > tier.cap) _refuse("supply", phase.supply, 0, tier.cap);
        if (phase.walletLimit > type(uint16).max) {
            _refuse("walletLimit", phase.walletLimit, 0, type(uint16).max);
        }
    }

    function _checkGate(DropId id, uint256 index, PhaseTerms calldata phase) private pure {
        uint256 data = uint256(phase.gateData);
        // Another drop is one that exists: its number is below this one's.
        uint256 most = phase.gate == Gate.ALLOWLIST
            ? type(uint256).max
            : phase.gate == Gate.PASS ? type(uint160).max : DropId.unwrap(id) - 1;
        if (data == 0 || data > most) {
            revert ISeatDrops.SeatDrops_GateDataUnfit(index, phase.gate, phase.gateData);
        }
    }

    /// @dev Tells every phase which others hold back seats of its tier. What they hold back
    /// together fits the tier's cap, so that every promise can be kept.
    function _storeReserves(
        Drop storage drop,
        Words words,
        TierTerms[] calldata tiers,
        PhaseTerms[] calldata phases
    ) private {
        // slither-disable-next-line uninitialized-local -- memory begins as zeros
        uint256[MAX_TIERS] memory reserves;
        // slither-disable-next-line uninitialized-local -- memory begins as zeros
        uint256[MAX_TIERS] memory promised;
        for (uint256 i; i < phases.length; ++i) {
            PhaseTerms calldata phase = phases[i];
            if (!phase.reserved) continue;
            uint256 cap = tiers[phase.tier].cap;
            if (phase.supply == 0) _refuse("supply", 0, 1, cap);
            reserves[phase.tier] |= 1 << i;
            promised[phase.tier] += phase.supply;
            if (promised[phase.tier] > cap) _refuse("reserved", promised[phase.tier], 1, cap);
        }
        for (uint256 i; i < phases.length; ++i) {
            PhaseWord word = drop.phases[i].sales.withReserves(reserves[phases[i].tier]);
            drop.phases[i].sales = word;
            words.putPhase(tiers.length, i, PhaseWord.unwrap(word));
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

    function _refuse(bytes32 field, uint256 value, uint256 least, uint256 most) private pure {
        revert ISeatDrops.SeatDrops_TermOutOfBounds(field, value, least, most);
    }
}
