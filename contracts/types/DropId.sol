// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev Drops are numbered from 1 in the order of their creation; 0 is no drop.
type DropId is uint256;

using {equals as ==} for DropId global;

function equals(DropId a, DropId b) pure returns (bool) {
    return DropId.unwrap(a) == DropId.unwrap(b);
}
