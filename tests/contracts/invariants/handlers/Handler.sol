// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SeatId} from "../../../../contracts/types/SeatId.sol";
import {TransferPolicy} from "../../../../contracts/types/Terms.sol";
import {DropWish, SeatWish} from "../stores/Books.sol";
import {Earning} from "./Earning.sol";
import {Stage, World} from "./World.sol";

/// @title Random histories of many drops
/// @dev Every call is one action and must succeed. Where no drop or seat is fit for it, one is
/// brought about here, by other actions. What must fail is called as such and its reason demanded.
contract Handler is Earning {
    constructor(Stage memory stage) World(stage) {
        BOOKS.notePlatform(treasuries[0], 250);
    }

    /// @dev Once, before the history begins.
    function prepare() external {
        _setCurrency(0);
        _setCurrency(1);
    }

    /// @inheritdoc World
    function _bringAbout(SeatWish wish, uint256 seed) internal override {
        if (wish == SeatWish.SELLABLE || wish == SeatWish.BIDDABLE) {
            _mintMovable(seed);
        } else if (wish == SeatWish.GIVABLE) {
            _mintNew(seed, TransferPolicy.MARKET_ONLY, PUBLIC_PHASE);
        } else if (wish == SeatWish.OPEN) {
            _mintNew(seed, TransferPolicy.OPEN, PUBLIC_PHASE);
        } else if (wish == SeatWish.GRANTED) {
            _grantNew(seed);
        } else if (wish == SeatWish.STUCK) {
            _bringAboutClaimable(seed);
        } else if (wish == SeatWish.OVERDUE) {
            _waitUntil(BOOKS.dropOf(_dropOf(_mintMovable(seed))).deliverBy + 1);
        } else if (wish == SeatWish.BOUND) {
            _mintNew(seed, TransferPolicy.BOUND, PUBLIC_PHASE);
        } else if (wish == SeatWish.CHECKED_IN || wish == SeatWish.KEPT_BY_CHECK_IN) {
            _checkIn(_mintAny(seed), seed >> 8);
        } else if (wish == SeatWish.OBJECTED) {
            _object(_seatFor(SeatWish.OBJECTABLE, seed, address(0)));
        } else if (wish == SeatWish.REFUNDABLE) {
            _mintAny(seed);
            _waitUntil(block.timestamp + 1);
        } else if (wish == SeatWish.VOUCHING) {
            _bringAboutVouching(seed);
        } else if (wish == SeatWish.OBJECTABLE || wish == SeatWish.UNBIDDABLE) {
            _assertedNew(seed);
        } else if (wish == SeatWish.ENDED || wish == SeatWish.CLAIMABLE) {
            _bringAboutClaimable(seed);
        } else if (wish == SeatWish.BURNED_CLAIMABLE) {
            SeatId seat = _mintNew(seed, TransferPolicy.MARKET_ONLY, PUBLIC_PHASE);
            _waitUntil(block.timestamp + 1);
            _refund(seat);
            _cancelDrop(_dropOf(seat));
        } else if (wish == SeatWish.PAID) {
            _claim(_seatFor(SeatWish.CLAIMABLE, seed, address(0)), stranger);
        } else if (wish == SeatWish.COLLECTABLE) {
            _bringAboutCollectable(seed);
        } else {
            _mintAny(seed);
        }
    }

    /// @inheritdoc World
    function _bringAboutDrop(DropWish wish, uint256 seed) internal override {
        if (wish == DropWish.POSTPONABLE_AGAIN) {
            _postpone(_newDrop(seed, _anyPolicy(seed)), seed);
        } else if (wish == DropWish.PAUSED) {
            _pause(_dropFor(DropWish.PAUSABLE, seed), seed);
        } else if (wish == DropWish.ASSERTABLE) {
            uint256 drop = _dropFor(DropWish.ASSERTABLE_LATER, seed);
            _waitUntil(BOOKS.dropOf(drop).endsAt);
        } else if (wish == DropWish.FAILABLE) {
            uint256 drop = _dropFor(DropWish.LIVE, seed);
            _waitUntil(BOOKS.dropOf(drop).deliverBy + 1);
        } else if (wish == DropWish.SETTLEABLE) {
            uint256 drop = BOOKS.dropFor(DropWish.SETTLEABLE_LATER, seed);
            if (drop == 0) drop = _assertedNew(seed);
            _waitUntil(BOOKS.objectionsEnd(drop) + 1);
        } else if (wish == DropWish.NOT_LIVE) {
            _bringAboutClaimable(seed);
        } else if (wish == DropWish.DISPUTED || wish == DropWish.DECIDABLE) {
            _disputedNew(seed);
        } else if (wish == DropWish.OVERDUE_DISPUTE) {
            uint256 drop = _dropFor(DropWish.DISPUTED, seed);
            _waitUntil(BOOKS.decisionEnd(drop) + 1);
        } else {
            _newDrop(seed, _anyPolicy(seed));
        }
    }

    function _mintAny(uint256 seed) private returns (SeatId) {
        return _mintNew(seed, _anyPolicy(seed), PUBLIC_PHASE);
    }

    function _mintMovable(uint256 seed) private returns (SeatId) {
        bool open = seed % 2 == 0;
        TransferPolicy policy = open ? TransferPolicy.OPEN : TransferPolicy.MARKET_ONLY;
        return _mintNew(seed, policy, PUBLIC_PHASE);
    }

    function _grantNew(uint256 seed) private {
        uint256 drop = _newDrop(seed, TransferPolicy.MARKET_ONLY);
        _grant(drop, 0, 1, actors[seed % 4]);
    }

    function _bringAboutVouching(uint256 seed) private {
        uint256 drop = _dropOf(_mintAny(seed));
        uint256 until = BOOKS.dropOf(drop).refundUntil + 1;
        uint256 startsAt = BOOKS.dropOf(drop).startsAt;
        _waitUntil(startsAt > until ? startsAt : until);
    }

    /// @dev A cheap and a dear seat, so that objections can be a part or all of the money.
    function _assertedNew(uint256 seed) private returns (uint256 drop) {
        drop = _dropOf(_mintAny(seed));
        _mint(drop, DEAR_PHASE, actors[0], _actor(seed >> 8), 1, "");
        _waitUntil(BOOKS.dropOf(drop).endsAt);
        _assert(drop);
    }

    function _disputedNew(uint256 seed) private returns (uint256 drop) {
        SeatId seat = _seatFor(SeatWish.OBJECTABLE, seed, address(0));
        drop = _dropOf(seat);
        _object(seat);
        _waitUntil(BOOKS.objectionsEnd(drop) + 1);
        _settle(drop);
    }

    /// @dev Cancelled, failed, or decided.
    function _bringAboutClaimable(uint256 seed) private {
        uint256 kind = _below(seed, "over", 3);
        if (kind == 2) {
            _resolveByDefault(_dropFor(DropWish.OVERDUE_DISPUTE, seed));
            return;
        }
        uint256 drop = _dropOf(_mintAny(seed));
        if (kind == 0) {
            _cancelDrop(drop);
        } else {
            _waitUntil(BOOKS.dropOf(drop).deliverBy + 1);
            _failDrop(drop);
        }
    }

    /// @dev A seat with a toll or a royalty, in a drop that was delivered.
    function _bringAboutCollectable(uint256 seed) private {
        SeatId seat = _seatFor(SeatWish.BIDDABLE, seed, address(0));
        _buyStored(seat, seed, _actorOtherThan(_ownerOf(seat), seed));
        uint256 drop = _dropOf(seat);
        _waitUntil(BOOKS.dropOf(drop).endsAt);
        _assert(drop);
        _waitUntil(BOOKS.objectionsEnd(drop) + 1);
        _settle(drop);
    }
}
