// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatMarket} from "../../../../contracts/interfaces/ISeatMarket.sol";
import {ISeatToken} from "../../../../contracts/interfaces/ISeatToken.sol";
import {SeatId} from "../../../../contracts/types/SeatId.sol";
import {Listing} from "../../../../contracts/types/Terms.sol";
import {DropView, SeatView} from "../../../../contracts/types/Views.sol";
import {TypedData} from "../../base/TypedData.sol";
import {vm} from "../../base/Vm.sol";
import {SeatWish} from "../stores/Books.sol";
import {Death} from "../stores/OrderBook.sol";
import {Moving} from "./Moving.sol";

/// @title Listings: signed, stored and several at once, alive and dead
/// @dev A listing that dies is tried at once and buried, to be tried again later.
abstract contract Trading is Moving {
    function buySigned(uint256 seed, uint256 actorSeed) external acts("buySigned") {
        SeatId seat = _seatFor(SeatWish.SELLABLE, seed, refusing);
        address buyer = _actorOtherThan(_ownerOf(seat), actorSeed);
        Listing memory listing = _listing(seat, seed);
        if (seed % 2 == 0) listing.taker = buyer;
        _buy(listing, _signed(listing), buyer);
    }

    function buyStored(uint256 seed, uint256 actorSeed) external acts("buyStored") {
        SeatId seat = _seatFor(SeatWish.SELLABLE, seed, address(0));
        _buyStored(seat, seed, _actorOtherThan(_ownerOf(seat), actorSeed));
    }

    /// @dev What is dead is skipped and paid back.
    function buyMany(uint256 seed, uint256 actorSeed) external acts("buyMany") {
        Listing memory dead = _deadListing(seed);
        SeatId one = _seatFor(SeatWish.SELLABLE, seed, refusing);
        SeatId other = _seatFor(SeatWish.SELLABLE, seed >> 8, refusing);
        address buyer = _actorOtherThan(_ownerOf(one), actorSeed);
        bool single = one == other || _ownerOf(other) == buyer;
        Listing[] memory listings = new Listing[](single ? 3 : 4);
        // Two listings of one seat: the first is filled and the second is dead by then.
        listings[0] = _listing(one, seed);
        listings[1] = _listing(one, _roll(seed, "another", 0));
        listings[2] = dead;
        if (!single) listings[3] = _listing(other, seed);
        _buyMany(listings, buyer);
    }

    function cancelListings(uint256 seed) external acts("cancelListings") {
        Listing memory listing = _listing(_seatFor(SeatWish.SELLABLE, seed, refusing), seed);
        bytes memory data = abi.encodeCall(SEATS.cancelListings, (listing.seat));
        _refused(stranger, 0, data, ISeatToken.SeatToken_NotOwner.selector);
        _send(listing.seller, 0, data);
        BOOKS.noteEpoch(listing.seat);
        _bury(listing, Death.CANCELLED);
    }

    function bumpCounter(uint256 seed) external acts("bumpCounter") {
        Listing memory listing = _listing(_seatFor(SeatWish.SELLABLE, seed, refusing), seed);
        uint256 counter = _bump(listing.seller);
        _bury(listing, Death.BUMPED);
        listing.counter = counter;
        _buy(listing, _signed(listing), _actorOtherThan(listing.seller, seed >> 8));
    }

    function expire(uint256 seed) external acts("expire") {
        Listing memory listing = _listing(_seatFor(SeatWish.SELLABLE, seed, refusing), seed);
        listing.expiry = block.timestamp;
        _waitUntil(block.timestamp + 1);
        _bury(listing, Death.EXPIRED);
    }

    /// @dev An OPEN seat that went and came back is the seller's again, but not the same.
    function transferAndBack(uint256 seed) external acts("transferAndBack") {
        SeatId seat = _seatFor(SeatWish.OPEN, seed, refusing);
        Listing memory listing = _listing(seat, seed);
        address other = _actorOtherThan(listing.seller, seed >> 8);
        _send(listing.seller, 0, _transferCall(seat, other));
        BOOKS.noteMoved(seat, other, 0);
        _send(other, 0, _transferCall(seat, listing.seller));
        BOOKS.noteMoved(seat, listing.seller, 0);
        _bury(listing, Death.MOVED);
    }

    /// @dev Filled, cancelled, bumped away, outlived by their seat's move, postponed or expired.
    function buyDead(uint256 seed) external acts("buyDead") {
        _tryDead(_deadListing(seed));
    }

    /// @dev A granted, bound, locked or kept seat is not sold, nor one outside its price bounds.
    function sellRefused(uint256 seed) external acts("sellRefused") {
        SeatId seat = _stuck(seed, refusing);
        bytes4 reason = _whyStuck(seat);
        if (BOOKS.isPaused(_dropOf(seat))) reason = ISeatMarket.SeatMarket_Paused.selector;
        _refuseSale(seat, seed, reason);
    }

    function sellGranted(uint256 seed) external acts("sellGranted") {
        SeatId seat = _seatFor(SeatWish.GRANTED, seed, refusing);
        _refuseSale(seat, seed, ISeatMarket.SeatMarket_Granted.selector);
    }

    function sellOutOfBounds(uint256 seed) external acts("sellOutOfBounds") {
        Listing memory listing = _listing(_seatFor(SeatWish.SELLABLE, seed, refusing), seed);
        (uint256 least, uint256 most) = BOOKS.boundsOf(listing.seat);
        listing.price = seed % 2 == 0 ? least - 1 : most + 1;
        address buyer = _keyOtherThan(listing.seller, seed);
        uint256 value = _fund(buyer, _currencyOf(_dropOf(listing.seat)), listing.price);
        bytes memory data = abi.encodeCall(SEATS.buy, (listing, _signed(listing)));
        _refused(buyer, value, data, ISeatMarket.SeatMarket_PriceOutOfBounds.selector);
    }

    function _buyStored(SeatId seat, uint256 seed, address buyer) internal {
        Listing memory listing = _listing(seat, seed);
        _send(listing.seller, 0, abi.encodeCall(SEATS.list, (listing)));
        _buy(listing, "", buyer);
    }

    /// @dev A listing that would be alive is refused to somebody with the money for it.
    function _refuseSale(SeatId seat, uint256 seed, bytes4 reason) internal {
        Listing memory listing = _listing(seat, seed);
        address buyer = _keyOtherThan(listing.seller, seed);
        uint256 value = _fund(buyer, _currencyOf(_dropOf(seat)), listing.price);
        bytes memory data = abi.encodeCall(SEATS.buy, (listing, _signed(listing)));
        _refused(buyer, value, data, reason);
    }

    /// @dev The step is the hash of the last block, which the account could not foresee.
    function _bump(address account) internal returns (uint256 counter) {
        counter = ORDERS.counterOf(account) + 1 + (uint256(blockhash(block.number - 1)) >> 128);
        bytes memory answer = _send(account, 0, abi.encodeCall(SEATS.bumpCounter, ()));
        vm.assertEq(answer, abi.encode(counter), "the counter after a bump");
        ORDERS.noteCounter(account, counter);
    }

    /// @dev A listing by the seat's owner that is alive at this moment, if the seat can be sold.
    function _listing(SeatId seat, uint256 seed) internal view returns (Listing memory) {
        (uint256 least, uint256 most) = BOOKS.boundsOf(seat);
        SeatView memory facts = BOOKS.seatOf(seat);
        uint256 range = most < least ? 1 : most - least + 1;
        return Listing({
            seat: seat,
            price: least + _below(seed, "price of a sale", range),
            epoch: facts.epoch,
            seller: facts.owner,
            counter: ORDERS.counterOf(facts.owner),
            termsVersion: _dropView(seat).termsVersion,
            taker: address(0),
            expiry: block.timestamp + _below(seed, "expiry", 30 days)
        });
    }

    function _signed(Listing memory listing) internal view returns (bytes memory) {
        return _sign(listing.seller, TypedData.hashOf(listing));
    }

    /// @dev Buys, and demands that every wei of it arrives where it should.
    function _buy(Listing memory listing, bytes memory signature, address buyer) internal {
        address currency = _currencyOf(_dropOf(listing.seat));
        uint256 value = _fund(buyer, currency, listing.price);
        uint256 before = _balanceOf(currency, listing.seller);
        _send(buyer, value, abi.encodeCall(SEATS.buy, (listing, signature)));
        uint256 net = _noteSale(listing, buyer);
        bool arrives = listing.seller != refusing;
        vm.assertEq(
            _balanceOf(currency, listing.seller) - before, arrives ? net : 0, "what a seller got"
        );
        _bury(listing, Death.FILLED);
    }

    /// @dev Notes a listing that must never be filled any more, and tries to.
    function _bury(Listing memory listing, Death cause) internal {
        ORDERS.bury(listing, cause);
        REACHED.reach(_named(cause));
        _tryDead(listing);
    }

    function _noteSale(Listing memory listing, address buyer) internal returns (uint256 net) {
        DropView memory drop = _dropView(listing.seat);
        uint256 royalty = _royaltyOf(listing.seat, listing.price);
        net = listing.price - royalty;
        ORDERS.noteFilled(TypedData.hashOf(listing));
        LEDGER.noteIn(drop.currency, listing.price);
        LEDGER.noteKept(_dropOf(listing.seat), royalty);
        _notePaid(drop.currency, listing.seller, net);
        BOOKS.noteMoved(listing.seat, buyer, royalty);
    }

    /// @dev The mentor's share, and never less than the toll.
    function _royaltyOf(SeatId seat, uint256 price) internal view returns (uint256) {
        uint256 share = price * _dropView(seat).royalty / 10_000;
        uint256 toll = BOOKS.seatOf(seat).toll;
        return share > toll ? share : toll;
    }

    function _named(Death cause) internal pure returns (bytes32) {
        if (cause == Death.FILLED) return "dead by a fill";
        if (cause == Death.CANCELLED) return "dead by cancelling";
        if (cause == Death.BUMPED) return "dead by a bump";
        if (cause == Death.MOVED) return "dead by a move";
        return cause == Death.POSTPONED ? bytes32("dead by postponement") : bytes32("dead by time");
    }

    /// @dev By somebody with the money for it; every reason of dying will do, and no other.
    function _tryDead(Listing memory listing) private {
        address buyer = listing.taker;
        if (buyer == address(0)) buyer = _keyOtherThan(_ownerOf(listing.seat), listing.price);
        uint256 value = _fund(buyer, _currencyOf(_dropOf(listing.seat)), listing.price);
        bytes memory signature = listing.seller == refusing ? bytes("") : _signed(listing);
        (bool accepted, bytes memory answer) =
            _try(buyer, value, abi.encodeCall(SEATS.buy, (listing, signature)));
        vm.assertFalse(accepted, "a dead listing was filled");
        bytes4 reason = bytes4(answer);
        bool known = reason == ISeatMarket.SeatMarket_SellerNotOwner.selector
            || reason == ISeatMarket.SeatMarket_EpochPassed.selector
            || reason == ISeatMarket.SeatMarket_CounterPassed.selector
            || reason == ISeatMarket.SeatMarket_TermsChanged.selector
            || reason == ISeatMarket.SeatMarket_ListingExpired.selector
            || reason == ISeatToken.SeatToken_Unknown.selector;
        vm.assertTrue(known, "a dead listing was refused for another reason");
    }

    function _deadListing(uint256 seed) private returns (Listing memory) {
        (bool found, Listing memory listing) = ORDERS.deadListing(seed);
        if (found) return listing;
        SeatId seat = _seatFor(SeatWish.SELLABLE, seed, refusing);
        _buyStored(seat, seed, _keyOtherThan(_ownerOf(seat), seed));
        (, listing) = ORDERS.deadListing(seed);
        return listing;
    }

    /// @dev The first and the fourth are alive; the others cost nothing in the end.
    function _buyMany(Listing[] memory listings, address buyer) private {
        bytes[] memory signatures = new bytes[](listings.length);
        bool[] memory bought = new bool[](listings.length);
        uint256 sent;
        uint256 spent;
        for (uint256 i; i < listings.length; ++i) {
            address currency = _currencyOf(_dropOf(listings[i].seat));
            if (listings[i].seller != refusing) signatures[i] = _signed(listings[i]);
            bought[i] = i == 0 || i == 3;
            uint256 value = _fund(buyer, currency, listings[i].price);
            sent += value;
            if (bought[i]) spent += value;
        }
        bytes memory answer =
            _send(buyer, sent, abi.encodeCall(SEATS.buyMany, (listings, signatures)));
        vm.assertEq(answer, abi.encode(bought), "what a basket bought");
        for (uint256 i; i < listings.length; ++i) {
            if (bought[i]) _noteSale(listings[i], buyer);
            if (bought[i]) _bury(listings[i], Death.FILLED);
        }
        LEDGER.noteIn(address(0), sent - spent);
        _notePaid(address(0), buyer, sent - spent);
    }
}
