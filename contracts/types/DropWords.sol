// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bps} from "./Bps.sol";
import {DropState, DropTerms, TransferPolicy} from "./Terms.sol";

// The three words that every drop has. A word is read once from storage and picked apart by
// shifts: a struct of the same members costs one warm load a member.

/// @dev What minting, selling and giving away need to know, low bits first: state 8, policy 8,
/// currency 8, terms version 8, royalty 16, toll 16, resale cap 16, tiers 8, phases 8, gift
/// cooldown 32, paused until 40, ends at 40, deliver by 40, spare 8.
type RulesWord is uint256;

/// @dev Mentor 160, starts at 40, refund until 40, platform fee 16.
type ScheduleWord is uint256;

/// @dev Resolver 160, first deliver-by 40, challenge days 8, postponements 8, penalty 16,
/// default split 16, spare 8.
type ArbitrationWord is uint256;

using {
    state,
    policy,
    currencyIndex,
    termsVersion,
    royalty,
    toll,
    resaleCap,
    tierCount,
    phaseCount,
    giftCooldown,
    pausedUntil,
    endsAt,
    deliverBy,
    withState,
    withPausedUntil,
    postponed
} for RulesWord global;
using {mentor, startsAt, refundUntil, fee, rescheduled} for ScheduleWord global;
using {
    resolver,
    firstDeliverBy,
    challengeDays,
    postponements,
    penalty,
    defaultSplit,
    withPostponement
} for ArbitrationWord global;

function packRules(DropTerms calldata terms, uint256 currency, uint256 tiers, uint256 phases)
    pure
    returns (RulesWord)
{
    return RulesWord.wrap(
        uint256(DropState.LIVE) | uint256(terms.policy) << 8 | currency << 16 | terms.royalty << 32
            | terms.toll << 48 | terms.resaleCap << 64 | tiers << 80 | phases << 88
            | terms.giftCooldown << 96 | terms.endsAt << 168 | terms.deliverBy << 208
    );
}

function state(RulesWord word) pure returns (DropState) {
    return DropState(uint8(RulesWord.unwrap(word)));
}

function policy(RulesWord word) pure returns (TransferPolicy) {
    return TransferPolicy(uint8(RulesWord.unwrap(word) >> 8));
}

/// @dev The place in the platform's list of currencies; 0 is ETH.
function currencyIndex(RulesWord word) pure returns (uint256) {
    return uint8(RulesWord.unwrap(word) >> 16);
}

function termsVersion(RulesWord word) pure returns (uint256) {
    return uint8(RulesWord.unwrap(word) >> 24);
}

function royalty(RulesWord word) pure returns (Bps) {
    return Bps.wrap(uint16(RulesWord.unwrap(word) >> 32));
}

function toll(RulesWord word) pure returns (Bps) {
    return Bps.wrap(uint16(RulesWord.unwrap(word) >> 48));
}

function resaleCap(RulesWord word) pure returns (Bps) {
    return Bps.wrap(uint16(RulesWord.unwrap(word) >> 64));
}

function tierCount(RulesWord word) pure returns (uint256) {
    return uint8(RulesWord.unwrap(word) >> 80);
}

function phaseCount(RulesWord word) pure returns (uint256) {
    return uint8(RulesWord.unwrap(word) >> 88);
}

function giftCooldown(RulesWord word) pure returns (uint256) {
    return uint32(RulesWord.unwrap(word) >> 96);
}

function pausedUntil(RulesWord word) pure returns (uint256) {
    return uint40(RulesWord.unwrap(word) >> 128);
}

function endsAt(RulesWord word) pure returns (uint256) {
    return uint40(RulesWord.unwrap(word) >> 168);
}

function deliverBy(RulesWord word) pure returns (uint256) {
    return uint40(RulesWord.unwrap(word) >> 208);
}

function withState(RulesWord word, DropState state_) pure returns (RulesWord) {
    return RulesWord.wrap(RulesWord.unwrap(word) >> 8 << 8 | uint256(state_));
}

/// @dev `until` fits 40 bits: it is at most 72 hours from now.
function withPausedUntil(RulesWord word, uint256 until) pure returns (RulesWord) {
    uint256 kept = RulesWord.unwrap(word) & ~(uint256(type(uint40).max) << 128);
    return RulesWord.wrap(kept | until << 128);
}

/// @dev The next terms version with these ends, which the caller has bounded to 40 bits.
function postponed(RulesWord word, uint256 endsAt_, uint256 deliverBy_) pure returns (RulesWord) {
    uint256 ends = uint256(type(uint80).max) << 168;
    unchecked {
        return RulesWord.wrap(
            (RulesWord.unwrap(word) & ~ends | endsAt_ << 168 | deliverBy_ << 208) + (1 << 24)
        );
    }
}

function packSchedule(DropTerms calldata terms, address mentor_, uint256 fee_)
    pure
    returns (ScheduleWord)
{
    return ScheduleWord.wrap(
        uint256(uint160(mentor_)) | terms.startsAt << 160 | terms.refundUntil << 200 | fee_ << 240
    );
}

function mentor(ScheduleWord word) pure returns (address) {
    return address(uint160(ScheduleWord.unwrap(word)));
}

function startsAt(ScheduleWord word) pure returns (uint256) {
    return uint40(ScheduleWord.unwrap(word) >> 160);
}

function refundUntil(ScheduleWord word) pure returns (uint256) {
    return uint40(ScheduleWord.unwrap(word) >> 200);
}

function fee(ScheduleWord word) pure returns (Bps) {
    return Bps.wrap(uint16(ScheduleWord.unwrap(word) >> 240));
}

/// @dev The caller has bounded both times to 40 bits.
function rescheduled(ScheduleWord word, uint256 startsAt_, uint256 refundUntil_)
    pure
    returns (ScheduleWord)
{
    uint256 kept = ScheduleWord.unwrap(word) & ~(uint256(type(uint80).max) << 160);
    return ScheduleWord.wrap(kept | startsAt_ << 160 | refundUntil_ << 200);
}

function packArbitration(DropTerms calldata terms) pure returns (ArbitrationWord) {
    return ArbitrationWord.wrap(
        uint256(uint160(terms.resolver)) | terms.deliverBy << 160 | terms.challengeDays << 200
            | terms.penalty << 216 | terms.defaultSplit << 232
    );
}

function resolver(ArbitrationWord word) pure returns (address) {
    return address(uint160(ArbitrationWord.unwrap(word)));
}

/// @dev The deliver-by of the creation, from which postponing is measured.
function firstDeliverBy(ArbitrationWord word) pure returns (uint256) {
    return uint40(ArbitrationWord.unwrap(word) >> 160);
}

function challengeDays(ArbitrationWord word) pure returns (uint256) {
    return uint8(ArbitrationWord.unwrap(word) >> 200);
}

function postponements(ArbitrationWord word) pure returns (uint256) {
    return uint8(ArbitrationWord.unwrap(word) >> 208);
}

function penalty(ArbitrationWord word) pure returns (Bps) {
    return Bps.wrap(uint16(ArbitrationWord.unwrap(word) >> 216));
}

function defaultSplit(ArbitrationWord word) pure returns (Bps) {
    return Bps.wrap(uint16(ArbitrationWord.unwrap(word) >> 232));
}

/// @dev One postponement more, and no penalty from then on.
function withPostponement(ArbitrationWord word) pure returns (ArbitrationWord) {
    unchecked {
        uint256 kept = ArbitrationWord.unwrap(word) & ~(uint256(type(uint16).max) << 216);
        return ArbitrationWord.wrap(kept + (1 << 208));
    }
}
