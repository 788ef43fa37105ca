// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DropId} from "./DropId.sol";

/// @dev Treasury 160, fee of drops created from now on 16, number of drops 64, spare 16.
type PlatformWord is uint256;

using {treasury, fee, dropCount, withNextDrop, withTreasury} for PlatformWord global;

function treasury(PlatformWord word) pure returns (address) {
    return address(uint160(PlatformWord.unwrap(word)));
}

function fee(PlatformWord word) pure returns (uint256) {
    return uint16(PlatformWord.unwrap(word) >> 160);
}

/// @dev Also the id of the newest drop.
function dropCount(PlatformWord word) pure returns (DropId) {
    return DropId.wrap(uint64(PlatformWord.unwrap(word) >> 176));
}

/// @dev 2^64 creations will not happen.
function withNextDrop(PlatformWord word) pure returns (PlatformWord) {
    unchecked {
        return PlatformWord.wrap(PlatformWord.unwrap(word) + (1 << 176));
    }
}

function withTreasury(PlatformWord word, address treasury_, uint16 fee_)
    pure
    returns (PlatformWord)
{
    uint256 kept = PlatformWord.unwrap(word) >> 176 << 176;
    return PlatformWord.wrap(kept | uint256(fee_) << 160 | uint160(treasury_));
}
