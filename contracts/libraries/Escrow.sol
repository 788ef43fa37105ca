// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RulesWord} from "../types/DropWords.sol";
import {SeatId} from "../types/SeatId.sol";
import {Drop} from "../types/SeatsLayout.sol";
import {GRANTED, SeatWord} from "../types/SeatWord.sol";
import {DropState} from "../types/Terms.sol";

/// @title What a seat cost, what giving it away costs, and E: what a drop owes its seats
library Escrow {
    /// @dev In every state. The faces of all living seats until the drop is disputed or ends; from
    /// then on the closing word counts down.
    function owed(Drop storage drop, RulesWord rules) internal view returns (uint256) {
        DropState state = rules.state();
        return state == DropState.LIVE || state == DropState.ASSERTED
            ? faces(drop, rules)
            : state == DropState.NONE ? 0 : drop.closing.openFace();
    }

    /// @dev The faces of all living seats.
    function faces(Drop storage drop, RulesWord rules) internal view returns (uint256 total) {
        uint256 tiers = rules.tierCount();
        for (uint256 tier; tier < tiers; ++tier) {
            total += drop.tiers[tier].sales.escrowed();
        }
    }

    /// @dev What was paid for a seat when it was minted.
    function faceOf(Drop storage drop, SeatWord word) internal view returns (uint256) {
        return word.has(GRANTED) ? 0 : drop.phases[word.phase()].sales.price();
    }

    /// @dev What giving a seat away costs.
    /// A drop without a toll does not pay for reading its tier.
    function tollOf(Drop storage drop, RulesWord rules, SeatId seat)
        internal
        view
        returns (uint256)
    {
        if (rules.toll().raw() == 0) return 0;
        return rules.toll().shareDown(drop.tiers[seat.tierOf()].sales.listPrice());
    }
}
