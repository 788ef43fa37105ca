// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev The royalties, tolls and penalty that wait with a seat: amount 96, refunder 160. The
/// refunder is the account that burned the seat for a refund, to whom the amount returns if the
/// drop fails; zero while the seat lives.
type HeldWord is uint256;

uint256 constant MAX_HELD = type(uint96).max;

using {amount, refunder} for HeldWord global;

function amount(HeldWord word) pure returns (uint256) {
    return uint96(HeldWord.unwrap(word));
}

function refunder(HeldWord word) pure returns (address) {
    return address(uint160(HeldWord.unwrap(word) >> 96));
}
