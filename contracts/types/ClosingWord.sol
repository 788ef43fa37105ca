// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bps} from "./Bps.sol";

/// @dev How a drop ends, low bits first: asserted at 40, disputed at 40, open face 104, split 16,
/// spare 56. Open face is O while the drop is ASSERTED: the face under objection. From its dispute
/// or its end on it is E: what the drop still owes its seats. It never has to be both.
type ClosingWord is uint256;

using {
    assertedAt,
    disputedAt,
    openFace,
    split,
    withOpenFace,
    withDispute,
    withSplit
} for ClosingWord global;

function packClosing(uint256 assertedAt_) pure returns (ClosingWord) {
    return ClosingWord.wrap(assertedAt_);
}

function assertedAt(ClosingWord word) pure returns (uint256) {
    return uint40(ClosingWord.unwrap(word));
}

function disputedAt(ClosingWord word) pure returns (uint256) {
    return uint40(ClosingWord.unwrap(word) >> 40);
}

function openFace(ClosingWord word) pure returns (uint256) {
    return uint104(ClosingWord.unwrap(word) >> 80);
}

/// @dev The holders' share of a dispute that was decided.
function split(ClosingWord word) pure returns (Bps) {
    return Bps.wrap(uint16(ClosingWord.unwrap(word) >> 184));
}

/// @dev `face` fits 104 bits: at most ten tiers of 97 bits each.
function withOpenFace(ClosingWord word, uint256 face) pure returns (ClosingWord) {
    uint256 kept = ClosingWord.unwrap(word) & ~(uint256(type(uint104).max) << 80);
    return ClosingWord.wrap(kept | face << 80);
}

/// @dev Written once, over zero.
function withDispute(ClosingWord word, uint256 disputedAt_) pure returns (ClosingWord) {
    return ClosingWord.wrap(ClosingWord.unwrap(word) | disputedAt_ << 40);
}

/// @dev Written once, over zero; the caller has checked split_ <= 10,000.
function withSplit(ClosingWord word, uint256 split_) pure returns (ClosingWord) {
    return ClosingWord.wrap(ClosingWord.unwrap(word) | split_ << 184);
}
