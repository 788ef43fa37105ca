// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDrops} from "../../../../contracts/interfaces/ISeatDrops.sol";
import {ISeatMarket} from "../../../../contracts/interfaces/ISeatMarket.sol";
import {ISeatPlatform} from "../../../../contracts/interfaces/ISeatPlatform.sol";
import {DropId} from "../../../../contracts/types/DropId.sol";
import {SeatId} from "../../../../contracts/types/SeatId.sol";
import {DropState, Listing, SeatOffer, TransferPolicy} from "../../../../contracts/types/Terms.sol";
import {DropView} from "../../../../contracts/types/Views.sol";
import {DeployedSeats} from "../../base/DeployedSeats.sol";
import {DropWish} from "../stores/Books.sol";
import {Death} from "../stores/OrderBook.sol";
import {Offering} from "./Offering.sol";

/// @title What the mentor, the guardian, the platform's owner and time do to drops
abstract contract Steering is Offering {
    address private guarding;
    bool[2] private taken;

    function lowerCap(uint256 seed) external acts("lowerCap") {
        uint256 drop = _dropFor(DropWish.LOWERABLE, seed);
        uint256 tier = BOOKS.grantable(drop, seed % 2) == 0 ? 1 - seed % 2 : seed % 2;
        uint256 cap = BOOKS.tierOf(drop, tier).cap;
        uint256 room = BOOKS.grantable(drop, tier);
        bytes4 reason = ISeatDrops.SeatDrops_CapOutOfBounds.selector;
        _refused(mentor, 0, _capCall(drop, tier, cap), reason);
        if (cap > room) _refused(mentor, 0, _capCall(drop, tier, cap - room - 1), reason);
        uint256 lower = cap - 1 - _below(seed, "lower", room);
        _send(mentor, 0, _capCall(drop, tier, lower));
        BOOKS.noteCap(drop, tier, lower);
    }

    function setVerifier(uint256 seed) external acts("setVerifier") {
        uint256 drop = _dropFor(DropWish.ANY, seed);
        address next = [verifier, stranger, address(0)][_below(seed, "verifier", 3)];
        _setVerifier(drop, next);
        bytes memory data = abi.encodeCall(SEATS.setVerifier, (DropId.wrap(drop), mentor));
        _refused(mentor, 0, data, ISeatDrops.SeatDrops_VerifierIsMentor.selector);
    }

    /// @dev A mint and a sale that were possible before are refused.
    function pause(uint256 seed) external acts("pause") {
        uint256 drop = seed % 2 == 0
            ? _dropFor(DropWish.PAUSABLE, seed)
            : _dropOf(_mintNew(seed, TransferPolicy.OPEN, PUBLIC_PHASE));
        bool mints = BOOKS.quota(drop, PUBLIC_PHASE, stranger) != 0;
        SeatId seat = BOOKS.seatOfTier(drop, 0, refusing, SeatId.wrap(0));
        _pause(drop, seed);
        if (mints) {
            uint256 price = BOOKS.phaseOf(drop, PUBLIC_PHASE).price;
            uint256 value = _fund(stranger, _currencyOf(drop), price);
            bytes memory data = _mintCall(drop, PUBLIC_PHASE, stranger, 1, "");
            _refused(stranger, value, data, ISeatDrops.SeatDrops_Paused.selector);
            REACHED.reach("no mint in a pause");
        }
        if (SeatId.unwrap(seat) == 0) return;
        _refuseSale(seat, seed, ISeatMarket.SeatMarket_Paused.selector);
        REACHED.reach("no sale in a pause");
    }

    /// @dev The next pause waits for its seven days all the same.
    function unpause(uint256 seed) external acts("unpause") {
        uint256 drop = _dropFor(DropWish.PAUSED, seed);
        if (guarding == address(0)) _setGuardian(guardian);
        _send(guarding, 0, abi.encodeCall(SEATS.unpause, (DropId.wrap(drop))));
        BOOKS.notePause(drop, block.timestamp - 1);
        bytes4 reason = ISeatDrops.SeatDrops_TooEarly.selector;
        _refused(guarding, 0, _pauseCall(drop, block.timestamp + 1), reason);
    }

    /// @dev Ends a listing and an offer of the drop where there is a seat for them.
    function postpone(uint256 seed) external acts("postpone") {
        DropWish wish = seed % 2 == 0 ? DropWish.POSTPONABLE : DropWish.POSTPONABLE_AGAIN;
        uint256 drop = _dropFor(wish, seed);
        if (BOOKS.quota(drop, PUBLIC_PHASE, actors[0]) != 0) {
            _mint(drop, PUBLIC_PHASE, actors[0], actors[seed % 4], 1, "");
        }
        SeatId seat = BOOKS.seatOfTier(drop, 0, refusing, SeatId.wrap(0));
        if (SeatId.unwrap(seat) == 0) {
            _postpone(drop, seed);
            return;
        }
        Listing memory listing = _listing(seat, seed);
        SeatOffer memory offer = _seatOffer(seat, _keyOtherThan(_ownerOf(seat), seed), seed);
        _postpone(drop, seed);
        _bury(listing, Death.POSTPONED);
        _bury(offer, Death.POSTPONED);
    }

    function cancelDrop(uint256 seed) external acts("cancelDrop") {
        uint256 drop = _dropFor(DropWish.LIVE, seed);
        bytes memory data = abi.encodeCall(SEATS.cancelDrop, (DropId.wrap(drop)));
        _refused(stranger, 0, data, ISeatDrops.SeatDrops_NotMentor.selector);
        _cancelDrop(drop);
    }

    function failDrop(uint256 seed) external acts("failDrop") {
        _failDrop(_dropFor(DropWish.FAILABLE, seed));
    }

    function failTooEarly(uint256 seed) external acts("failTooEarly") {
        uint256 drop = _dropFor(DropWish.ASSERTABLE_LATER, seed);
        bytes memory data = abi.encodeCall(SEATS.failDrop, (DropId.wrap(drop)));
        _refused(mentor, 0, data, ISeatDrops.SeatDrops_TooEarly.selector);
    }

    /// @dev Nothing that needs a LIVE drop is done to any other.
    function steerEnded(uint256 seed) external acts("steerEnded") {
        uint256 drop = _dropFor(DropWish.NOT_LIVE, seed);
        DropId id = DropId.wrap(drop);
        DropView memory terms = BOOKS.dropOf(drop);
        bytes4 reason = ISeatDrops.SeatDrops_NotLive.selector;
        _refused(mentor, 0, abi.encodeCall(SEATS.cancelDrop, (id)), reason);
        _refused(stranger, 0, abi.encodeCall(SEATS.failDrop, (id)), reason);
        _refused(mentor, 0, abi.encodeCall(SEATS.assertDelivery, (id, 0)), reason);
        _refused(mentor, 0, abi.encodeCall(SEATS.grant, (id, 0, mentor, 1)), reason);
        _refused(mentor, 0, _capCall(drop, 0, BOOKS.tierOf(drop, 0).live), reason);
        uint256 later = terms.startsAt + 30 days;
        bytes memory data = abi.encodeCall(SEATS.postpone, (id, later, later, later + 1));
        _refused(mentor, 0, data, reason);
    }

    /// @dev Drops that exist keep their fee.
    function setPlatform(uint256 seed) external acts("setPlatform") {
        uint256 fee = _below(seed, "fee", 1001);
        address treasury = treasuries[seed % 2];
        _send(platformOwner, 0, abi.encodeCall(SEATS.setPlatform, (treasury, uint16(fee))));
        BOOKS.notePlatform(treasury, fee);
        bytes memory data = abi.encodeCall(SEATS.setPlatform, (treasury, 1001));
        _refused(platformOwner, 0, data, ISeatPlatform.Seats_FeeTooHigh.selector);
        data = abi.encodeCall(SEATS.setPlatform, (stranger, 0));
        _refused(stranger, 0, data, DeployedSeats.OwnableUnauthorizedAccount.selector);
    }

    /// @dev Allows a currency for new drops, or no longer. Drops that exist keep theirs.
    function setCurrency(uint256 seed) external acts("setCurrency") {
        _setCurrency(seed % 2);
    }

    function setGuardian(uint256 seed) external acts("setGuardian") {
        _setGuardian([guardian, stranger, address(0)][_below(seed, "guardian", 3)]);
        uint256 drop = _dropFor(DropWish.ANY, seed);
        bytes4 reason = ISeatDrops.SeatDrops_NotGuardian.selector;
        _refused(mentor, 0, _pauseCall(drop, block.timestamp), reason);
    }

    function _setCurrency(uint256 index) internal {
        taken[index] = !taken[index];
        bytes memory data = abi.encodeCall(SEATS.setCurrency, (address(coins[index]), taken[index]));
        _send(platformOwner, 0, data);
        _refused(platformOwner, 0, data, ISeatPlatform.Seats_CurrencyUnchanged.selector);
    }

    function _currency(uint256 seed) internal view override returns (address) {
        uint256 kind = seed % 4;
        return kind < 2 && taken[kind] ? address(coins[kind]) : address(0);
    }

    function _setVerifier(uint256 drop, address next) internal {
        _send(mentor, 0, abi.encodeCall(SEATS.setVerifier, (DropId.wrap(drop), next)));
        BOOKS.noteVerifier(drop, next);
    }

    function _pause(uint256 drop, uint256 seed) internal {
        if (guarding == address(0)) _setGuardian(guardian);
        uint256 until = block.timestamp + _below(seed, "pause", 72 hours + 1);
        bytes4 reason = ISeatDrops.SeatDrops_TermOutOfBounds.selector;
        _refused(guarding, 0, _pauseCall(drop, block.timestamp + 72 hours + 1), reason);
        _send(guarding, 0, _pauseCall(drop, until));
        BOOKS.notePause(drop, until);
    }

    function _cancelDrop(uint256 drop) internal {
        _send(mentor, 0, abi.encodeCall(SEATS.cancelDrop, (DropId.wrap(drop))));
        _noteState(drop, DropState.CANCELLED);
    }

    function _failDrop(uint256 drop) internal {
        _send(stranger, 0, abi.encodeCall(SEATS.failDrop, (DropId.wrap(drop))));
        _noteState(drop, DropState.FAILED);
    }

    function _noteState(uint256 drop, DropState state) internal {
        BOOKS.noteState(drop, state);
        REACHED.reach(_named(state));
    }

    function _named(DropState state) internal pure returns (bytes32) {
        if (state == DropState.LIVE) return "state live";
        if (state == DropState.ASSERTED) return "state asserted";
        if (state == DropState.DISPUTED_NARROW) return "state disputed narrow";
        if (state == DropState.DISPUTED_WIDE) return "state disputed wide";
        if (state == DropState.SPLIT_NARROW) return "state split narrow";
        if (state == DropState.SPLIT_WIDE) return "state split wide";
        if (state == DropState.SETTLED) return "state settled";
        return state == DropState.CANCELLED ? bytes32("state cancelled") : bytes32("state failed");
    }

    function _setGuardian(address next) private {
        _send(platformOwner, 0, abi.encodeCall(SEATS.setGuardian, (next)));
        guarding = next;
    }

    /// @dev Later in every respect, and twice at most.
    function _postpone(uint256 drop, uint256 seed) internal {
        DropView memory terms = BOOKS.dropOf(drop);
        uint256 startsAt = _later(terms.startsAt, block.timestamp + 7 days);
        startsAt += _below(seed, "new start", 3 days);
        uint256 endsAt = _later(terms.endsAt, startsAt) + _below(seed, "new end", 3 days);
        uint256 deliverBy = _later(terms.deliverBy, endsAt + 1) + _below(seed, "new last", 5 days);
        _send(mentor, 0, _postponeCall(drop, startsAt, endsAt, deliverBy));
        BOOKS.notePostponed(drop, startsAt, endsAt, deliverBy);
        if (terms.postponements == 0) return;
        bytes4 reason = ISeatDrops.SeatDrops_PostponedTooOften.selector;
        _refused(mentor, 0, _postponeCall(drop, startsAt, endsAt, deliverBy), reason);
        REACHED.reach("postponed twice");
    }

    function _postponeCall(uint256 drop, uint256 startsAt, uint256 endsAt, uint256 deliverBy)
        private
        view
        returns (bytes memory)
    {
        return abi.encodeCall(SEATS.postpone, (DropId.wrap(drop), startsAt, endsAt, deliverBy));
    }

    function _capCall(uint256 drop, uint256 tier, uint256 cap) private view returns (bytes memory) {
        return abi.encodeCall(SEATS.lowerCap, (DropId.wrap(drop), tier, cap));
    }

    function _pauseCall(uint256 drop, uint256 until) private view returns (bytes memory) {
        return abi.encodeCall(SEATS.pause, (DropId.wrap(drop), until));
    }

    function _later(uint256 a, uint256 b) private pure returns (uint256) {
        return a > b ? a : b;
    }
}
