// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bps, WHOLE_BPS} from "../types/Bps.sol";

/// @title What a resale costs and whom it pays
/// @dev Pure arithmetic; no bounds are checked beyond what the names say.
library SaleMath {
    /// @notice The mentor's royalty, rounded down, but never less than the toll: selling for a
    /// token price costs as much as giving away.
    function royaltyOf(uint256 price, Bps royalty, uint256 toll) internal pure returns (uint256) {
        uint256 share = royalty.shareDown(price);
        return share > toll ? share : toll;
    }

    /// @notice The highest price that a resale may ask: the cap's share of the seat's face.
    function highestPrice(uint256 face, Bps resaleCap) internal pure returns (uint256) {
        return face * resaleCap.raw() / WHOLE_BPS;
    }
}
