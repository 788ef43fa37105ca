// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PhaseWord} from "../types/PhaseWord.sol";
import {MAX_NUMBER} from "../types/SeatId.sol";
import {Drop} from "../types/SeatsLayout.sol";
import {TierWord} from "../types/TierWord.sol";

/// @title Seats that a phase holds back from others until it closes
library Reserves {
    /// @dev What the phases of these bits still hold back.
    function heldBack(Drop storage drop, uint256 reserves) internal view returns (uint256 seats) {
        for (uint256 index; reserves != 0; ++index) {
            if (reserves & 1 != 0) {
                PhaseWord other = drop.phases[index].sales;
                if (block.timestamp <= other.closes()) seats += other.supply() - other.sold();
            }
            reserves >>= 1;
        }
    }

    /// @dev What cap and unused numbers of a tier leave, less what is held back.
    function left(TierWord tier, uint256 held) internal pure returns (uint256 seats) {
        unchecked {
            // live <= cap and issued <= MAX_NUMBER always.
            seats = tier.cap() - tier.live();
            uint256 numbers = MAX_NUMBER - tier.issued();
            if (numbers < seats) seats = numbers;
            seats = seats > held ? seats - held : 0;
        }
    }
}
