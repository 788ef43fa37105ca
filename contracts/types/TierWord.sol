// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev One tier of a drop, low bits first: list price 80, escrowed 104, cap 24, issued 24,
/// live 24. `escrowed` is the face of the tier's living seats, which the drop owes them until it
/// ends: at most 99,999 seats of 80 bits each, so 97 bits. `issued` never falls,
/// `live` = issued - burned.
type TierWord is uint256;

using {listPrice, escrowed, cap, issued, live, minted, burned, withCap} for TierWord global;

function packTier(uint256 price, uint256 cap_) pure returns (TierWord) {
    return TierWord.wrap(price | cap_ << 184);
}

function listPrice(TierWord word) pure returns (uint256) {
    return uint80(TierWord.unwrap(word));
}

function escrowed(TierWord word) pure returns (uint256) {
    return uint104(TierWord.unwrap(word) >> 80);
}

function cap(TierWord word) pure returns (uint256) {
    return uint24(TierWord.unwrap(word) >> 184);
}

function issued(TierWord word) pure returns (uint256) {
    return uint24(TierWord.unwrap(word) >> 208);
}

function live(TierWord word) pure returns (uint256) {
    return TierWord.unwrap(word) >> 232;
}

/// @dev The tier after `quantity` more seats with `face` in all. No field can overflow into
/// its neighbour once live <= cap <= MAX_NUMBER and issued <= MAX_NUMBER have been checked.
function minted(TierWord word, uint256 quantity, uint256 face) pure returns (TierWord) {
    unchecked {
        return
            TierWord.wrap(
                TierWord.unwrap(word) + (face << 80) + (quantity << 208) + (quantity << 232)
            );
    }
}

/// @dev The tier after one living seat of `face` was burned.
function burned(TierWord word, uint256 face) pure returns (TierWord) {
    unchecked {
        return TierWord.wrap(TierWord.unwrap(word) - (face << 80) - (1 << 232));
    }
}

/// @dev The tier with a lower cap; the caller has checked live <= cap_ <= cap.
function withCap(TierWord word, uint256 cap_) pure returns (TierWord) {
    unchecked {
        return TierWord.wrap(TierWord.unwrap(word) - (cap(word) << 184) + (cap_ << 184));
    }
}
