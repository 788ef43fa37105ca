// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SeatId} from "../types/SeatId.sol";
import {Listing} from "../types/Terms.sol";

/// @title Baskets: buying several listings in one transaction
/// @dev Refusals are those of ISeatMarket. WARNING: the wallet of a seller may spend 300,000 gas on
/// its answer, and one that turns to burning it takes the others along when the limit was set for
/// less: leave 350,000 for each listing of a seller with code.
interface ISeatBaskets {
    /// @notice In a purchase of several, the listing of `seat` could not be filled; `reason` begins
    /// the error that buying it alone would give.
    event ListingSkipped(SeatId indexed seat, bytes4 reason);

    /// @notice Buys as many of the listed seats as can be bought, skips the others and pays back
    /// what they would have cost. Reverts when none can be bought.
    /// @dev `msg.value` is the sum of all prices in ETH.
    /// @return bought which of them the caller owns now.
    function buyMany(Listing[] calldata listings, bytes[] calldata signatures)
        external
        payable
        returns (bool[] memory bought);
}
