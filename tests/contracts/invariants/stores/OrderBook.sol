// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Listing, SeatOffer, TierOffer} from "../../../../contracts/types/Terms.sol";

/// @dev How a listing or an offer came to its end.
enum Death {
    FILLED,
    CANCELLED,
    BUMPED,
    MOVED,
    POSTPONED,
    EXPIRED
}

/// @title Listings and offers that must never be filled, again or at all
/// @dev Kept by their cause of death, so that each cause is tried as often as any other.
contract OrderBook {
    mapping(address account => uint256) public counterOf;
    mapping(address buyer => uint256) public nextNonce;
    mapping(bytes32 order => bool) public isFilled;
    mapping(address buyer => mapping(uint256 nonce => bool)) public isSpent;

    mapping(Death cause => Listing[]) private _listings;
    mapping(Death cause => SeatOffer[]) private _seatOffers;
    mapping(Death cause => TierOffer[]) private _tierOffers;

    function noteCounter(address account, uint256 counter) external {
        counterOf[account] = counter;
    }

    function useNonce(address buyer) external returns (uint256) {
        return nextNonce[buyer]++;
    }

    function noteSpent(address buyer, uint256 nonce) external {
        isSpent[buyer][nonce] = true;
    }

    /// @param order the hash of a listing or an offer.
    function noteFilled(bytes32 order) external {
        require(!isFilled[order], "filled twice");
        isFilled[order] = true;
    }

    function bury(Listing calldata listing, Death cause) external {
        _listings[cause].push(listing);
    }

    function bury(SeatOffer calldata offer, Death cause) external {
        _seatOffers[cause].push(offer);
    }

    function bury(TierOffer calldata offer, Death cause) external {
        _tierOffers[cause].push(offer);
    }

    /// @return a dead listing, beginning the search at the cause of `seed`, if there is any.
    function deadListing(uint256 seed) external view returns (bool, Listing memory) {
        for (uint256 i; i < 6; ++i) {
            Listing[] storage dead = _listings[Death(addmod(seed, i, 6))];
            if (dead.length != 0) return (true, dead[(seed >> 8) % dead.length]);
        }
        Listing memory none;
        return (false, none);
    }

    function deadSeatOffer(uint256 seed) external view returns (bool, SeatOffer memory) {
        for (uint256 i; i < 6; ++i) {
            SeatOffer[] storage dead = _seatOffers[Death(addmod(seed, i, 6))];
            if (dead.length != 0) return (true, dead[(seed >> 8) % dead.length]);
        }
        SeatOffer memory none;
        return (false, none);
    }

    function deadTierOffer(uint256 seed) external view returns (bool, TierOffer memory) {
        for (uint256 i; i < 6; ++i) {
            TierOffer[] storage dead = _tierOffers[Death(addmod(seed, i, 6))];
            if (dead.length != 0) return (true, dead[(seed >> 8) % dead.length]);
        }
        TierOffer memory none;
        return (false, none);
    }
}
