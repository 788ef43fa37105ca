// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatMarket} from "../../../../contracts/interfaces/ISeatMarket.sol";
import {ISeatToken} from "../../../../contracts/interfaces/ISeatToken.sol";
import {DropId} from "../../../../contracts/types/DropId.sol";
import {SeatId} from "../../../../contracts/types/SeatId.sol";
import {SeatOffer, TierOffer} from "../../../../contracts/types/Terms.sol";
import {SeatView} from "../../../../contracts/types/Views.sol";
import {TypedData} from "../../base/TypedData.sol";
import {vm} from "../../base/Vm.sol";
import {SeatWish} from "../stores/Books.sol";
import {Death} from "../stores/OrderBook.sol";
import {Trading} from "./Trading.sol";

/// @title Offers for seats and for tiers, in wrapped ether and in ERC-20
/// @dev An offer that dies is tried at once and buried, to be tried again later.
abstract contract Offering is Trading {
    function acceptSeatOffer(uint256 seed, uint256 actorSeed) external acts("acceptSeatOffer") {
        SeatId seat = _seatFor(SeatWish.BIDDABLE, seed, address(0));
        SeatOffer memory offer = _seatOffer(seat, _keyOtherThan(_ownerOf(seat), actorSeed), seed);
        address currency = _bidIn(seat, offer.buyer, offer.price);
        bytes memory data = abi.encodeCall(
            SEATS.acceptSeatOffer, (offer, _sign(offer.buyer, TypedData.hashOf(offer)))
        );
        _fill(seat, offer.buyer, offer.price, currency, data);
        ORDERS.noteFilled(TypedData.hashOf(offer));
        ORDERS.noteSpent(offer.buyer, offer.nonce);
        _bury(offer, Death.FILLED);
    }

    /// @dev Tried again with another seat of the tier where there is one.
    function acceptTierOffer(uint256 seed, uint256 actorSeed) external acts("acceptTierOffer") {
        SeatId seat = _seatFor(SeatWish.BIDDABLE, seed, address(0));
        TierOffer memory offer = _tierOffer(seat, _keyOtherThan(_ownerOf(seat), actorSeed), seed);
        address currency = _bidIn(seat, offer.buyer, offer.price);
        _fill(seat, offer.buyer, offer.price, currency, _acceptCall(offer, seat));
        ORDERS.noteFilled(TypedData.hashOf(offer));
        ORDERS.noteSpent(offer.buyer, offer.nonce);
        uint256 drop = _dropOf(seat);
        uint256 phase = seat.tierOf() == 0 ? PUBLIC_PHASE : DEAR_PHASE;
        if (BOOKS.quota(drop, phase, actors[0]) != 0) {
            _mint(drop, phase, actors[0], _actorOtherThan(offer.buyer, seed), 1, "");
        }
        _bury(offer, Death.FILLED);
    }

    function cancelOffer(uint256 seed, uint256 actorSeed) external acts("cancelOffer") {
        SeatId seat = _seatFor(SeatWish.BIDDABLE, seed, address(0));
        _cancelOffers(seat, _keyOtherThan(_ownerOf(seat), actorSeed), seed);
    }

    function bumpOffers(uint256 seed, uint256 actorSeed) external acts("bumpOffers") {
        SeatId seat = _seatFor(SeatWish.BIDDABLE, seed, address(0));
        address buyer = _keyOtherThan(_ownerOf(seat), actorSeed);
        SeatOffer memory one = _seatOffer(seat, buyer, seed);
        TierOffer memory other = _tierOffer(seat, buyer, seed);
        _bump(buyer);
        _bury(one, Death.BUMPED);
        _bury(other, Death.BUMPED);
    }

    function expireOffers(uint256 seed, uint256 actorSeed) external acts("expireOffers") {
        SeatId seat = _seatFor(SeatWish.BIDDABLE, seed, address(0));
        address buyer = _keyOtherThan(_ownerOf(seat), actorSeed);
        SeatOffer memory one = _seatOffer(seat, buyer, seed);
        TierOffer memory other = _tierOffer(seat, buyer, seed);
        (one.expiry, other.expiry) = (block.timestamp, block.timestamp);
        _waitUntil(block.timestamp + 1);
        _bury(one, Death.EXPIRED);
        _bury(other, Death.EXPIRED);
    }

    /// @dev The owner's cancelling ends what buyers offer for this seat.
    function outliveOffer(uint256 seed, uint256 actorSeed) external acts("outliveOffer") {
        SeatId seat = _seatFor(SeatWish.BIDDABLE, seed, address(0));
        address owner = _ownerOf(seat);
        SeatOffer memory offer = _seatOffer(seat, _keyOtherThan(owner, actorSeed), seed);
        _send(owner, 0, abi.encodeCall(SEATS.cancelListings, (seat)));
        BOOKS.noteEpoch(seat);
        _bury(offer, Death.MOVED);
    }

    function fillDeadOffer(uint256 seed, uint256 actorSeed) external acts("fillDeadOffer") {
        (bool found, SeatOffer memory offer) = ORDERS.deadSeatOffer(seed);
        (bool foundTier, TierOffer memory tierOffer) = ORDERS.deadTierOffer(seed);
        if (found) _tryDead(offer);
        if (foundTier) _tryDead(tierOffer);
        if (found || foundTier) return;
        SeatId seat = _seatFor(SeatWish.BIDDABLE, seed, address(0));
        _cancelOffers(seat, _keyOtherThan(_ownerOf(seat), actorSeed), seed);
    }

    /// @dev After the end of a drop, and in every state but LIVE.
    function offerTooLate(uint256 seed, uint256 actorSeed) external acts("offerTooLate") {
        SeatId seat = _seatFor(SeatWish.UNBIDDABLE, seed, address(0));
        TierOffer memory offer = _tierOffer(seat, _keyOtherThan(_ownerOf(seat), actorSeed), seed);
        _bidIn(seat, offer.buyer, offer.price);
        bytes4 reason = ISeatMarket.SeatMarket_OffersClosed.selector;
        _refused(_ownerOf(seat), 0, _acceptCall(offer, seat), reason);
    }

    function _seatOffer(SeatId seat, address buyer, uint256 seed)
        internal
        returns (SeatOffer memory offer)
    {
        offer.seat = seat;
        offer.price = _offered(seat, seed);
        offer.epoch = BOOKS.seatOf(seat).epoch;
        offer.buyer = buyer;
        offer.counter = ORDERS.counterOf(buyer);
        offer.termsVersion = _dropView(seat).termsVersion;
        offer.nonce = ORDERS.useNonce(buyer);
        offer.expiry = block.timestamp + _below(seed, "expiry", 30 days);
    }

    function _tierOffer(SeatId seat, address buyer, uint256 seed)
        internal
        returns (TierOffer memory offer)
    {
        SeatView memory facts = BOOKS.seatOf(seat);
        offer.drop = facts.drop;
        offer.tier = facts.tier;
        offer.leastFace = seed % 2 == 0 ? 0 : _below(seed, "least face", facts.face + 1);
        offer.price = _offered(seat, seed);
        offer.buyer = buyer;
        offer.counter = ORDERS.counterOf(buyer);
        offer.termsVersion = _dropView(seat).termsVersion;
        offer.nonce = ORDERS.useNonce(buyer);
        offer.expiry = block.timestamp + _below(seed, "expiry", 30 days);
    }

    function _bury(SeatOffer memory offer, Death cause) internal {
        ORDERS.bury(offer, cause);
        REACHED.reach("a seat offer died");
        _tryDead(offer);
    }

    function _bury(TierOffer memory offer, Death cause) internal {
        ORDERS.bury(offer, cause);
        REACHED.reach("a tier offer died");
        _tryDead(offer);
    }

    /// @dev Often as low as it can be, so that it would do for other seats of the tier too.
    function _offered(SeatId seat, uint256 seed) private view returns (uint256) {
        (uint256 least, uint256 most) = BOOKS.boundsOf(seat);
        if (seed % 2 == 0 || most < least) return least;
        return least + _below(seed, "offered", most - least + 1);
    }

    function _cancelOffers(SeatId seat, address buyer, uint256 seed) private {
        SeatOffer memory one = _seatOffer(seat, buyer, seed);
        TierOffer memory other = _tierOffer(seat, buyer, seed);
        _send(buyer, 0, abi.encodeCall(SEATS.cancelOffer, (one.nonce)));
        _send(buyer, 0, abi.encodeCall(SEATS.cancelOffer, (other.nonce)));
        ORDERS.noteSpent(buyer, one.nonce);
        ORDERS.noteSpent(buyer, other.nonce);
        _bury(one, Death.CANCELLED);
        _bury(other, Death.CANCELLED);
    }

    /// @dev Gives the bidder the money, in the currency in which a bid for this seat is paid.
    function _bidIn(SeatId seat, address buyer, uint256 price) private returns (address currency) {
        currency = _currencyOf(_dropOf(seat));
        if (currency == address(0)) currency = WRAPPED_ETHER;
        _fund(buyer, currency, price);
    }

    /// @dev Sells the seat, and demands that every wei of it arrives where it should.
    function _fill(SeatId seat, address buyer, uint256 price, address currency, bytes memory data)
        private
    {
        address seller = _ownerOf(seat);
        uint256 before = _balanceOf(currency, seller);
        _send(seller, 0, data);
        uint256 royalty = _royaltyOf(seat, price);
        LEDGER.noteIn(currency, price);
        LEDGER.noteKept(_dropOf(seat), royalty);
        _notePaid(currency, seller, price - royalty);
        if (currency == WRAPPED_ETHER) {
            // What waits with a seat of a drop in ETH is ETH.
            LEDGER.noteOut(WRAPPED_ETHER, royalty);
            LEDGER.noteIn(address(0), royalty);
            REACHED.reach("an offer in wrapped ether");
        } else {
            REACHED.reach("an offer in ERC-20");
        }
        bool arrives = seller != refusing || currency == WRAPPED_ETHER;
        uint256 got = _balanceOf(currency, seller) - before;
        vm.assertEq(got, arrives ? price - royalty : 0, "what a seller got");
        BOOKS.noteMoved(seat, buyer, royalty);
    }

    function _acceptCall(TierOffer memory offer, SeatId seat) private view returns (bytes memory) {
        bytes memory signature = _sign(offer.buyer, TypedData.hashOf(offer));
        return abi.encodeCall(SEATS.acceptTierOffer, (offer, seat, signature));
    }

    function _tryDead(SeatOffer memory offer) private {
        address owner = _ownerOf(offer.seat);
        if (owner == address(0)) owner = stranger;
        _bidIn(offer.seat, offer.buyer, offer.price);
        bytes memory signature = _sign(offer.buyer, TypedData.hashOf(offer));
        _tryDead(owner, abi.encodeCall(SEATS.acceptSeatOffer, (offer, signature)));
    }

    /// @dev With a seat that would do.
    function _tryDead(TierOffer memory offer) private {
        SeatId none;
        SeatId seat = BOOKS.seatOfTier(DropId.unwrap(offer.drop), offer.tier, offer.buyer, none);
        if (SeatId.unwrap(seat) == 0 || BOOKS.seatOf(seat).face < offer.leastFace) return;
        REACHED.reach("a dead tier offer tried");
        _bidIn(seat, offer.buyer, offer.price);
        _tryDead(_ownerOf(seat), _acceptCall(offer, seat));
    }

    /// @dev Every reason of dying will do, and no other.
    function _tryDead(address seller, bytes memory data) private {
        (bool accepted, bytes memory answer) = _try(seller, 0, data);
        vm.assertFalse(accepted, "a dead offer was filled");
        bytes4 reason = bytes4(answer);
        bool known = reason == ISeatMarket.SeatMarket_OfferSpent.selector
            || reason == ISeatMarket.SeatMarket_EpochPassed.selector
            || reason == ISeatMarket.SeatMarket_CounterPassed.selector
            || reason == ISeatMarket.SeatMarket_TermsChanged.selector
            || reason == ISeatMarket.SeatMarket_ListingExpired.selector
            || reason == ISeatMarket.SeatMarket_OffersClosed.selector
            || reason == ISeatToken.SeatToken_Unknown.selector;
        vm.assertTrue(known, "a dead offer was refused for another reason");
    }
}
