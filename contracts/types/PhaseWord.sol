// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Gate, PhaseTerms} from "./Terms.sol";

/// @dev One phase of a drop, low bits first: price 80, opens 40, closes 40, supply 24, sold 24,
/// wallet limit 16, tier 8, gate 8, reserves 16. A phase that exists has a supply or a closing
/// time, so its word is never zero. `sold` counts the phase's living seats, and only where `supply`
/// bounds them. Bit j of `reserves` is set when phase j holds back seats of the same tier (its own
/// bit, when it does itself), so that only phases with such a neighbour pay for looking at it.
type PhaseWord is uint256;

using {
    price,
    priceOf,
    opens,
    closes,
    supply,
    sold,
    walletLimit,
    tier,
    gate,
    reserves,
    withSold,
    withReturned,
    withReserves
} for PhaseWord global;

function packPhase(PhaseTerms calldata terms) pure returns (PhaseWord) {
    return PhaseWord.wrap(
        terms.price | terms.opens << 80 | terms.closes << 120 | terms.supply << 160
            | terms.walletLimit << 208 | terms.tier << 224 | uint256(terms.gate) << 232
    );
}

function price(PhaseWord word) pure returns (uint256) {
    return uint80(PhaseWord.unwrap(word));
}

/// @dev What `quantity` seats cost; the caller has checked that so many are left.
function priceOf(PhaseWord word, uint256 quantity) pure returns (uint256) {
    unchecked {
        return price(word) * quantity;
    }
}

function opens(PhaseWord word) pure returns (uint256) {
    return uint40(PhaseWord.unwrap(word) >> 80);
}

function closes(PhaseWord word) pure returns (uint256) {
    return uint40(PhaseWord.unwrap(word) >> 120);
}

function supply(PhaseWord word) pure returns (uint256) {
    return uint24(PhaseWord.unwrap(word) >> 160);
}

function sold(PhaseWord word) pure returns (uint256) {
    return uint24(PhaseWord.unwrap(word) >> 184);
}

function walletLimit(PhaseWord word) pure returns (uint256) {
    return uint16(PhaseWord.unwrap(word) >> 208);
}

function tier(PhaseWord word) pure returns (uint256) {
    return uint8(PhaseWord.unwrap(word) >> 224);
}

function gate(PhaseWord word) pure returns (Gate) {
    return Gate(uint8(PhaseWord.unwrap(word) >> 232));
}

function reserves(PhaseWord word) pure returns (uint256) {
    return PhaseWord.unwrap(word) >> 240;
}

/// @dev The phase that respects what the phases of these bits hold back; set once, at creation.
function withReserves(PhaseWord word, uint256 bits) pure returns (PhaseWord) {
    return PhaseWord.wrap(PhaseWord.unwrap(word) | bits << 240);
}

/// @dev The phase after `quantity` more sales; the caller has checked sold <= supply.
function withSold(PhaseWord word, uint256 quantity) pure returns (PhaseWord) {
    unchecked {
        return PhaseWord.wrap(PhaseWord.unwrap(word) + (quantity << 184));
    }
}

/// @dev The phase after one of its seats was burned; only where `supply` is not zero.
function withReturned(PhaseWord word) pure returns (PhaseWord) {
    unchecked {
        return PhaseWord.wrap(PhaseWord.unwrap(word) - (1 << 184));
    }
}
