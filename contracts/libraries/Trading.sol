// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatMarket} from "../interfaces/ISeatMarket.sol";
import {Escrow} from "../libraries/Escrow.sol";
import {SaleMath} from "../libraries/SaleMath.sol";
import {RulesWord} from "../types/DropWords.sol";
import {SeatId} from "../types/SeatId.sol";
import {Drop} from "../types/SeatsLayout.sol";
import {GRANTED, SeatWord} from "../types/SeatWord.sol";

/// @title What listings and offers have in common
library Trading {
    uint256 private constant MAX_LISTING_TIME = 30 days;

    /// @dev What ends listings and offers alike; `current` is the counter of `signer`.
    function requireCurrent(
        SeatId seat,
        RulesWord rules,
        address signer,
        uint256 current,
        uint256 counter,
        uint256 termsVersion,
        uint256 expiry
    ) internal view {
        if (current != counter) {
            revert ISeatMarket.SeatMarket_CounterPassed(signer, counter, current);
        }
        if (rules.termsVersion() != termsVersion) {
            revert ISeatMarket.SeatMarket_TermsChanged(seat, termsVersion, rules.termsVersion());
        }
        if (block.timestamp > expiry) {
            revert ISeatMarket.SeatMarket_ListingExpired(expiry, block.timestamp);
        }
        requireNear(expiry);
        uint256 until = rules.pausedUntil();
        if (block.timestamp <= until) revert ISeatMarket.SeatMarket_Paused(seat.dropOf(), until);
    }

    function requireNear(uint256 expiry) internal view {
        uint256 latest = block.timestamp + MAX_LISTING_TIME;
        if (expiry > latest) revert ISeatMarket.SeatMarket_ExpiryTooFar(expiry, latest);
    }

    /// @dev The royalty of a sale at `price`, which must lie within its bounds.
    function royaltyOf(
        uint256 price,
        Drop storage drop,
        RulesWord rules,
        SeatId seat,
        SeatWord word
    ) internal view returns (uint256) {
        if (word.has(GRANTED)) revert ISeatMarket.SeatMarket_Granted(seat);
        uint256 toll = Escrow.tollOf(drop, rules, seat);
        uint256 most = SaleMath.highestPrice(Escrow.faceOf(drop, word), rules.resaleCap());
        uint256 least = toll == 0 ? 1 : toll;
        if (price < least || price > most) {
            revert ISeatMarket.SeatMarket_PriceOutOfBounds(price, least, most);
        }
        return SaleMath.royaltyOf(price, rules.royalty(), toll);
    }
}
