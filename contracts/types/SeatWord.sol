// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev The 96 bits beside a seat's owner, low bits first: moved at 40, epoch 32, phase 8,
/// flags 8, spare 8. The tier is not kept: the seat's id says it.
type SeatWord is uint96;

/// @dev Flags. CHECKED_IN and OBJECTED lock the seat. GRANTED: no face, never sold. SPONSORED is
/// set by a guarantee. CLAIMED: this seat has been paid out.
uint256 constant CHECKED_IN = 1;
uint256 constant GRANTED = 2;
uint256 constant SPONSORED = 4;
uint256 constant OBJECTED = 8;
uint256 constant CLAIMED = 16;

uint256 constant MAX_EPOCH = type(uint32).max;

using {movedAt, epoch, phase, isLocked, has, with, moved, withNextEpoch} for SeatWord global;

function packSeat(uint256 timestamp, uint256 phase_) pure returns (SeatWord) {
    // Casts keep the low bits: seconds fit 40 bits for 34,000 years, phases are below 16.
    return SeatWord.wrap(uint96(uint40(timestamp) | phase_ << 72));
}

function movedAt(SeatWord word) pure returns (uint256) {
    return uint40(SeatWord.unwrap(word));
}

function epoch(SeatWord word) pure returns (uint256) {
    return uint32(SeatWord.unwrap(word) >> 40);
}

function phase(SeatWord word) pure returns (uint256) {
    return uint8(SeatWord.unwrap(word) >> 72);
}

function has(SeatWord word, uint256 flags) pure returns (bool) {
    return (SeatWord.unwrap(word) >> 80) & flags != 0;
}

/// @dev The seat with these flags set besides.
function with(SeatWord word, uint256 flags) pure returns (SeatWord) {
    return SeatWord.wrap(SeatWord.unwrap(word) | uint96(flags << 80));
}

function isLocked(SeatWord word) pure returns (bool) {
    return has(word, CHECKED_IN | OBJECTED);
}

/// @dev The seat after a change of owner. The caller has checked epoch < MAX_EPOCH.
function moved(SeatWord word, uint256 timestamp) pure returns (SeatWord) {
    uint256 kept = uint256(SeatWord.unwrap(word)) & ~uint256(type(uint40).max);
    return SeatWord.wrap(uint96((kept | uint40(timestamp)) + (1 << 40)));
}

/// @dev The seat after its owner cancelled every listing of it. The caller has checked
/// epoch < MAX_EPOCH.
function withNextEpoch(SeatWord word) pure returns (SeatWord) {
    return SeatWord.wrap(SeatWord.unwrap(word) + (1 << 40));
}
