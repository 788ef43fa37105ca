// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatBaskets} from "../interfaces/ISeatBaskets.sol";
import {ISeatMarket} from "../interfaces/ISeatMarket.sol";
import {Payments} from "../libraries/Payments.sol";
import {SeatBase} from "../rooms/SeatBase.sol";
import {RulesWord} from "../types/DropWords.sol";
import {Listing} from "../types/Terms.sol";

/// @title The baskets room: buying several listings at once
/// @dev Each purchase is a call of the market to itself, so that it can fail alone and leave nothing
/// behind.
abstract contract SeatBaskets is SeatBase, ISeatBaskets {
    /// @dev No resale can cost more: five times the largest face.
    uint256 private constant MOST_OF_ALL = 5 * uint256(type(uint80).max);

    /// @inheritdoc ISeatBaskets
    function buyMany(Listing[] calldata listings, bytes[] calldata signatures)
        external
        payable
        nonReentrant
        returns (bool[] memory bought)
    {
        uint256 count = listings.length;
        if (count != signatures.length) {
            revert ISeatMarket.SeatMarket_LengthsDiffer(count, signatures.length);
        }
        uint256 total = 0;
        for (uint256 i; i < count; ++i) {
            uint256 price = _etherOf(listings[i]);
            if (price > MOST_OF_ALL) {
                revert ISeatMarket.SeatMarket_PriceOutOfBounds(price, 1, MOST_OF_ALL);
            }
            total += price;
        }
        if (msg.value != total) revert ISeatMarket.SeatMarket_WrongPayment(total, msg.value);

        bought = new bool[](count);
        uint256 kept = total;
        uint256 filled = 0;
        for (uint256 i; i < count; ++i) {
            uint256 price = _etherOf(listings[i]);
            // slither-disable-next-line calls-loop -- itself, under the guard that is held here
            try ISeatMarket(address(this)).buyFor{value: price}(
                listings[i], signatures[i], msg.sender
            ) {
                bought[i] = true;
                kept -= price;
                ++filled;
            } catch (bytes memory reason) {
                emit ListingSkipped(listings[i].seat, bytes4(reason));
            }
        }
        if (filled == 0) revert ISeatMarket.SeatMarket_NothingBought(count);
        Payments.payOrCredit(_seats, address(0), msg.sender, kept);
    }

    /// @dev What a purchase of the listing would take as `msg.value`.
    function _etherOf(Listing calldata listing) private view returns (uint256) {
        RulesWord rules = _seats.drops[listing.seat.dropOf()].rules;
        return rules.currencyIndex() == 0 ? listing.price : 0;
    }
}
