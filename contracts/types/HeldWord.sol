// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev K: the royalties, tolls and penalty that wait with a seat: amount 96, beneficiary 160. The
/// beneficiary is whom a refund or a claim pays instead of the owner: the funder of a sponsored
/// seat, or the account that burned the seat for a refund; zero: the owner.
type HeldWord is uint256;

uint256 constant MAX_HELD = type(uint96).max;

using {amount, beneficiary} for HeldWord global;

/// @dev The caller has checked amount <= MAX_HELD.
function packHeld(uint256 amount_, address beneficiary_) pure returns (HeldWord) {
    return HeldWord.wrap(amount_ | uint256(uint160(beneficiary_)) << 96);
}

function amount(HeldWord word) pure returns (uint256) {
    return uint96(HeldWord.unwrap(word));
}

function beneficiary(HeldWord word) pure returns (address) {
    return address(uint160(HeldWord.unwrap(word) >> 96));
}
