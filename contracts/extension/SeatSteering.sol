// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDrops} from "../interfaces/ISeatDrops.sol";
import {ISeatSteering} from "../interfaces/ISeatSteering.sol";
import {Escrow} from "../libraries/Escrow.sol";
import {Reserves} from "../libraries/Reserves.sol";
import {SeatBase} from "../rooms/SeatBase.sol";
import {DropId} from "../types/DropId.sol";
import {ArbitrationWord, RulesWord, ScheduleWord} from "../types/DropWords.sol";
import {PhaseWord} from "../types/PhaseWord.sol";
import {SeatId, toSeatId} from "../types/SeatId.sol";
import {Drop} from "../types/SeatsLayout.sol";
import {GRANTED, packSeat} from "../types/SeatWord.sol";
import {DropState, TransferPolicy} from "../types/Terms.sol";
import {TierWord} from "../types/TierWord.sol";

/// @title The steering room: what a mentor, the guardian or time does to a whole drop
/// @dev Nothing here pays or calls anybody.
abstract contract SeatSteering is SeatBase, ISeatSteering {
    uint256 internal constant MAX_POSTPONEMENTS = 2;
    uint256 internal constant MAX_POSTPONED_TIME = 180 days;
    uint256 internal constant MIN_NOTICE = 7 days;
    uint256 internal constant MAX_PAUSE = 72 hours;
    uint256 internal constant MIN_BETWEEN_PAUSES = 7 days;

    /// @inheritdoc ISeatSteering
    function grant(DropId id, uint256 tier, address to, uint256 quantity)
        external
        nonReentrant
        returns (SeatId first)
    {
        (Drop storage drop, RulesWord rules) = _mentors(id);
        uint256 endsAt = rules.endsAt();
        if (block.timestamp >= endsAt) {
            revert ISeatDrops.SeatDrops_TooLate(id, endsAt - 1, block.timestamp);
        }
        if (quantity == 0 || _isNobody(to)) revert ISeatDrops.SeatDrops_EmptyMint(quantity, to);
        TierWord word = _tier(drop, rules, id, tier);
        uint256 left = Reserves.left(word, _heldBack(drop, rules, tier));
        if (quantity > left) {
            revert ISeatDrops.SeatDrops_GrantTooLarge(id, tier, quantity, left);
        }
        first = toSeatId(id, tier, word.issued() + 1);
        drop.tiers[tier].sales = word.minted(quantity, 0);
        emit SeatsGranted(first, quantity);
        _mintSeats(to, first, quantity, packSeat(block.timestamp, 0).with(GRANTED));
        if (rules.policy() == TransferPolicy.BOUND) _emitLocked(first, quantity);
    }

    /// @inheritdoc ISeatSteering
    function lowerCap(DropId id, uint256 tier, uint256 cap) external {
        (Drop storage drop, RulesWord rules) = _mentors(id);
        TierWord word = _tier(drop, rules, id, tier);
        uint256 least = word.live() + _heldBack(drop, rules, tier);
        if (cap < least || cap >= word.cap()) {
            revert ISeatDrops.SeatDrops_CapOutOfBounds(cap, least, word.cap());
        }
        drop.tiers[tier].sales = word.withCap(cap);
        emit CapLowered(id, tier, cap);
    }

    /// @inheritdoc ISeatSteering
    function setVerifier(DropId id, address verifier) external {
        // In any state: objections and claims need no verifier, and a check-in looks for itself.
        Drop storage drop = _seats.drops[id];
        address mentor = drop.schedule.mentor();
        if (msg.sender != mentor) revert ISeatDrops.SeatDrops_NotMentor(id, mentor, msg.sender);
        if (verifier == mentor) revert ISeatDrops.SeatDrops_VerifierIsMentor(verifier);
        drop.verifier = verifier;
        emit ISeatDrops.VerifierSet(id, verifier);
    }

    /// @inheritdoc ISeatSteering
    function pause(DropId id, uint256 until) external {
        (Drop storage drop, RulesWord rules) = _guardians(id);
        uint256 last = rules.pausedUntil();
        if (last != 0 && block.timestamp <= last + MIN_BETWEEN_PAUSES) {
            revert ISeatDrops.SeatDrops_TooEarly(id, last + MIN_BETWEEN_PAUSES + 1, block.timestamp);
        }
        if (until < block.timestamp || until > block.timestamp + MAX_PAUSE) {
            _refuse("until", until, block.timestamp, block.timestamp + MAX_PAUSE);
        }
        _setPause(drop, rules, id, until);
    }

    /// @inheritdoc ISeatSteering
    function unpause(DropId id) external {
        (Drop storage drop, RulesWord rules) = _guardians(id);
        uint256 until = rules.pausedUntil();
        if (block.timestamp > until) {
            revert ISeatDrops.SeatDrops_TooLate(id, until, block.timestamp);
        }
        // The last second is over, so the next pause still waits for its 7 days.
        _setPause(drop, rules, id, block.timestamp - 1);
    }

    /// @inheritdoc ISeatSteering
    function postpone(DropId id, uint256 startsAt, uint256 endsAt, uint256 deliverBy) external {
        (Drop storage drop, RulesWord rules) = _mentors(id);
        ScheduleWord schedule = drop.schedule;
        ArbitrationWord arbitration = drop.arbitration;
        uint256 started = schedule.startsAt();
        if (block.timestamp >= started) {
            revert ISeatDrops.SeatDrops_TooLate(id, started - 1, block.timestamp);
        }
        if (arbitration.postponements() >= MAX_POSTPONEMENTS) {
            revert ISeatDrops.SeatDrops_PostponedTooOften(id, MAX_POSTPONEMENTS);
        }
        uint256 noticed = block.timestamp + MIN_NOTICE;
        uint256 latest = arbitration.firstDeliverBy() + MAX_POSTPONED_TIME;
        _between("startsAt", startsAt, started > noticed ? started : noticed, endsAt);
        _between("endsAt", endsAt, rules.endsAt(), latest - 1);
        _between("deliverBy", deliverBy, _larger(rules.deliverBy(), endsAt + 1), latest);

        // The window moves with the start. It ends at the latest with the drop, and 7 days from now
        // lies before the new start.
        uint256 refundUntil = _larger(schedule.refundUntil() + startsAt - started, noticed);
        if (refundUntil > endsAt) refundUntil = endsAt;
        drop.rules = rules.postponed(endsAt, deliverBy);
        drop.schedule = schedule.rescheduled(startsAt, refundUntil);
        drop.arbitration = arbitration.withPostponement();
        emit DropPostponed(id, startsAt, endsAt, deliverBy, refundUntil);
        _announce(id);
    }

    /// @inheritdoc ISeatSteering
    function cancelDrop(DropId id) external {
        (Drop storage drop, RulesWord rules) = _mentors(id);
        _end(drop, rules, DropState.CANCELLED);
        emit DropCancelled(id);
        _announce(id);
    }

    /// @inheritdoc ISeatSteering
    function failDrop(DropId id) external {
        Drop storage drop = _seats.drops[id];
        RulesWord rules = drop.rules;
        _requireLive(id, rules);
        if (block.timestamp <= rules.deliverBy()) {
            revert ISeatDrops.SeatDrops_TooEarly(id, rules.deliverBy() + 1, block.timestamp);
        }
        _end(drop, rules, DropState.FAILED);
        emit DropFailed(id);
        _announce(id);
    }

    /// @inheritdoc ISeatSteering
    function isPassSpent(DropId id, uint256 nonce) external view returns (bool) {
        return _seats.drops[id].usedPasses[nonce >> 8] >> (nonce & 0xff) & 1 != 0;
    }

    /// @inheritdoc ISeatSteering
    function isSeatSpent(DropId id, uint256 phase, SeatId seat) external view returns (bool) {
        return _seats.drops[id].usedSeats[seat] >> phase & 1 != 0;
    }

    function _guardians(DropId id) private view returns (Drop storage drop, RulesWord rules) {
        if (msg.sender != _seats.guardian) {
            revert ISeatDrops.SeatDrops_NotGuardian(_seats.guardian, msg.sender);
        }
        drop = _seats.drops[id];
        rules = drop.rules;
        if (rules.state() == DropState.NONE) revert ISeatDrops.SeatDrops_Unknown(id);
    }

    function _tier(Drop storage drop, RulesWord rules, DropId id, uint256 tier)
        private
        view
        returns (TierWord)
    {
        if (tier >= rules.tierCount()) revert ISeatDrops.SeatDrops_TierUnknown(id, tier);
        return drop.tiers[tier].sales;
    }

    /// @dev Every phase of a tier knows all that hold seats of it back.
    function _heldBack(Drop storage drop, RulesWord rules, uint256 tier)
        private
        view
        returns (uint256)
    {
        uint256 count = rules.phaseCount();
        for (uint256 index; index < count; ++index) {
            PhaseWord phase = drop.phases[index].sales;
            if (phase.tier() == tier) return Reserves.heldBack(drop, phase.reserves());
        }
        return 0;
    }

    function _setPause(Drop storage drop, RulesWord rules, DropId id, uint256 until) private {
        drop.rules = rules.withPausedUntil(until);
        emit DropPaused(id, until);
    }

    /// @dev From here on what is owed is counted down.
    function _end(Drop storage drop, RulesWord rules, DropState state) private {
        drop.closing = drop.closing.withOpenFace(Escrow.faces(drop, rules));
        drop.rules = rules.withState(state);
    }

    function _between(bytes32 field, uint256 value, uint256 least, uint256 most) private pure {
        if (value < least || value > most) _refuse(field, value, least, most);
    }

    function _refuse(bytes32 field, uint256 value, uint256 least, uint256 most) private pure {
        revert ISeatDrops.SeatDrops_TermOutOfBounds(field, value, least, most);
    }

    function _larger(uint256 a, uint256 b) private pure returns (uint256) {
        return a > b ? a : b;
    }
}
