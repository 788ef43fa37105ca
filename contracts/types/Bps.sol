// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev A share in hundredths of a percent: 10,000 is the whole.
type Bps is uint16;

uint256 constant WHOLE_BPS = 10_000;

using {shareDown, raw} for Bps global;

/// @dev The share of `amount`, rounded down: whoever pays the share keeps the odd wei.
/// The caller has bounded `amount` to 240 bits.
function shareDown(Bps share, uint256 amount) pure returns (uint256) {
    unchecked {
        return amount * Bps.unwrap(share) / WHOLE_BPS;
    }
}

function raw(Bps share) pure returns (uint256) {
    return Bps.unwrap(share);
}
