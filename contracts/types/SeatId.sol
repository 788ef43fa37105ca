// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DropId} from "./DropId.sol";

/// @dev The ERC-721 token id of a seat, readable by a person:
/// `drop * 1_000_000 + tier * 100_000 + number`. 7_200_013 is drop 7, tier 2, seat 13.
/// A number is never given out twice, so a seat id names one seat for ever.
type SeatId is uint256;

uint256 constant SEATS_PER_DROP = 1_000_000;
uint256 constant SEATS_PER_TIER = 100_000;
/// @dev The largest number inside a tier; number 0 is never given out.
uint256 constant MAX_NUMBER = SEATS_PER_TIER - 1;

using {dropOf, tierOf, numberOf, equals as ==} for SeatId global;

/// @dev Bounds are not checked: drops are counted in 64 bits, tiers are below 10 by creation and
/// numbers at most MAX_NUMBER by minting.
function toSeatId(DropId drop, uint256 tier, uint256 number) pure returns (SeatId) {
    unchecked {
        return SeatId.wrap(DropId.unwrap(drop) * SEATS_PER_DROP + tier * SEATS_PER_TIER + number);
    }
}

function dropOf(SeatId seat) pure returns (DropId) {
    return DropId.wrap(SeatId.unwrap(seat) / SEATS_PER_DROP);
}

function tierOf(SeatId seat) pure returns (uint256) {
    return (SeatId.unwrap(seat) % SEATS_PER_DROP) / SEATS_PER_TIER;
}

function numberOf(SeatId seat) pure returns (uint256) {
    return SeatId.unwrap(seat) % SEATS_PER_TIER;
}

function equals(SeatId a, SeatId b) pure returns (bool) {
    return SeatId.unwrap(a) == SeatId.unwrap(b);
}
