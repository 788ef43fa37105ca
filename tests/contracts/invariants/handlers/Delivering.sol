// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDelivery} from "../../../../contracts/interfaces/ISeatDelivery.sol";
import {ISeatDrops} from "../../../../contracts/interfaces/ISeatDrops.sol";
import {ISeatToken} from "../../../../contracts/interfaces/ISeatToken.sol";
import {DropId} from "../../../../contracts/types/DropId.sol";
import {SeatId} from "../../../../contracts/types/SeatId.sol";
import {DropState} from "../../../../contracts/types/Terms.sol";
import {DropView, SeatView} from "../../../../contracts/types/Views.sol";
import {TypedData} from "../../base/TypedData.sol";
import {vm} from "../../base/Vm.sol";
import {DropWish, SeatWish} from "../stores/Books.sol";
import {Steering} from "./Steering.sol";

/// @title Check-ins, refunds, assertions, objections and disputes
abstract contract Delivering is Steering {
    function checkIn(uint256 seed) external acts("checkIn") {
        _checkIn(_seatFor(SeatWish.CHECKABLE, seed, address(0)), seed);
    }

    /// @dev Neither side alone, nor twice.
    function checkInRefused(uint256 seed) external acts("checkInRefused") {
        SeatId seat = _seatFor(SeatWish.CHECKABLE, seed, refusing);
        SeatView memory facts = BOOKS.seatOf(seat);
        _prepareCheckIn(seat);
        bytes memory signature = _checkInBy(facts.owner, seat, block.timestamp);
        bytes memory data = abi.encodeCall(SEATS.checkIn, (seat, block.timestamp, signature, ""));
        _refused(mentor, 0, data, ISeatDelivery.SeatDelivery_VerifierAbsent.selector);
        data = abi.encodeCall(SEATS.checkIn, (seat, block.timestamp, "", signature));
        bytes4 reason = ISeatDelivery.SeatDelivery_HolderAbsent.selector;
        _refused(_dropView(seat).verifier, 0, data, reason);
        data = abi.encodeCall(SEATS.checkIn, (seat, block.timestamp - 1, signature, ""));
        reason = ISeatDelivery.SeatDelivery_CheckInExpired.selector;
        _refused(_dropView(seat).verifier, 0, data, reason);
    }

    function refund(uint256 seed) external acts("refund") {
        _refund(_seatFor(SeatWish.REFUNDABLE, seed, address(0)));
    }

    /// @dev After the window, after a check-in, in the second of a move, for what cost nothing.
    function refundRefused(uint256 seed) external acts("refundRefused") {
        SeatWish wish = seed % 2 == 0 ? SeatWish.KEPT : SeatWish.KEPT_BY_CHECK_IN;
        SeatId seat = _seatFor(wish, seed, address(0));
        SeatView memory facts = BOOKS.seatOf(seat);
        bytes4 reason = ISeatDelivery.SeatDelivery_JustMoved.selector;
        if (facts.face == 0) reason = ISeatDelivery.SeatDelivery_NoFace.selector;
        if (facts.checkedIn) reason = ISeatDelivery.SeatDelivery_CheckedIn.selector;
        if (block.timestamp > _dropView(seat).refundUntil) {
            reason = ISeatDelivery.SeatDelivery_TooLate.selector;
        }
        REACHED.reach(
            wish != SeatWish.KEPT ? bytes32("checked in, no refund") : bytes32("no refund")
        );
        bytes memory data = abi.encodeCall(SEATS.refund, (seat));
        _refused(facts.owner, 0, data, reason);
        _refused(stranger, 0, data, ISeatToken.SeatToken_NotOwner.selector);
    }

    /// @dev Nothing is refunded any more once the drop is not LIVE.
    function refundEnded(uint256 seed) external acts("refundEnded") {
        SeatId seat = _seatFor(SeatWish.ENDED, seed, address(0));
        bytes4 reason = ISeatDelivery.SeatDelivery_WrongState.selector;
        _refused(_ownerOf(seat), 0, abi.encodeCall(SEATS.refund, (seat)), reason);
    }

    function assertDelivery(uint256 seed) external acts("assertDelivery") {
        _assert(_dropFor(DropWish.ASSERTABLE, seed));
    }

    /// @dev Before the end, after the last day, by others.
    function assertRefused(uint256 seed) external acts("assertRefused") {
        uint256 drop = _dropFor(DropWish.LIVE, seed);
        DropView memory terms = BOOKS.dropOf(drop);
        _refused(stranger, 0, _assertCall(drop), ISeatDrops.SeatDrops_NotMentor.selector);
        if (block.timestamp < terms.endsAt) {
            _refused(mentor, 0, _assertCall(drop), ISeatDrops.SeatDrops_TooEarly.selector);
        } else if (block.timestamp > terms.deliverBy) {
            _refused(mentor, 0, _assertCall(drop), ISeatDrops.SeatDrops_TooLate.selector);
        }
    }

    function objectTo(uint256 seed) external acts("objectTo") {
        _object(_seatFor(SeatWish.OBJECTABLE, seed, address(0)));
    }

    function settle(uint256 seed) external acts("settle") {
        _settle(_dropFor(DropWish.SETTLEABLE, seed));
    }

    function settleTooEarly(uint256 seed) external acts("settleTooEarly") {
        uint256 drop = _dropOf(_seatFor(SeatWish.OBJECTABLE, seed, address(0)));
        bytes memory data = abi.encodeCall(SEATS.settle, (DropId.wrap(drop)));
        _refused(mentor, 0, data, ISeatDelivery.SeatDelivery_TooEarly.selector);
    }

    function resolve(uint256 seed) external acts("resolve") {
        uint256 drop = _dropFor(DropWish.DECIDABLE, seed);
        bytes4 reason = ISeatDelivery.SeatDelivery_NotResolver.selector;
        _refused(mentor, 0, _resolveCall(drop, 0), reason);
        reason = ISeatDelivery.SeatDelivery_SplitTooLarge.selector;
        _refused(resolver, 0, _resolveCall(drop, 10_001), reason);
        bytes memory byDefault = abi.encodeCall(SEATS.resolveByDefault, (DropId.wrap(drop)));
        reason = ISeatDelivery.SeatDelivery_TooEarly.selector;
        _refused(stranger, 0, byDefault, reason);
        uint256 split = seed % 8 == 0 ? 0 : _below(seed, "split", 10_001);
        _send(resolver, 0, _resolveCall(drop, split));
        _noteSplit(drop, split);
    }

    function resolveByDefault(uint256 seed) external acts("resolveByDefault") {
        uint256 drop = _dropFor(DropWish.OVERDUE_DISPUTE, seed);
        bytes4 reason = ISeatDelivery.SeatDelivery_TooLate.selector;
        _refused(resolver, 0, _resolveCall(drop, 5000), reason);
        _resolveByDefault(drop);
    }

    /// @dev What needs an assertion or a dispute is refused in any other state.
    function decideUndisputed(uint256 seed) external acts("decideUndisputed") {
        uint256 drop = _dropFor(DropWish.ANY, seed);
        DropState state = BOOKS.stateOf(drop);
        bytes4 reason = ISeatDelivery.SeatDelivery_WrongState.selector;
        if (state != DropState.ASSERTED) {
            _refused(stranger, 0, abi.encodeCall(SEATS.settle, (DropId.wrap(drop))), reason);
        }
        if (!BOOKS.isDisputed(drop)) {
            bytes memory data = abi.encodeCall(SEATS.resolveByDefault, (DropId.wrap(drop)));
            _refused(stranger, 0, data, reason);
            _refused(resolver, 0, _resolveCall(drop, 1), reason);
        }
    }

    function objectRefused(uint256 seed) external acts("objectRefused") {
        SeatId seat = _seatFor(SeatWish.LIVING, seed, address(0));
        SeatView memory facts = BOOKS.seatOf(seat);
        bytes memory data = abi.encodeCall(SEATS.objectTo, (seat));
        _refused(stranger, 0, data, ISeatToken.SeatToken_NotOwner.selector);
        if (BOOKS.isObjectable(seat)) _object(seat);
        bytes4 reason = ISeatDelivery.SeatDelivery_NoFace.selector;
        if (BOOKS.seatOf(seat).objected) {
            reason = ISeatDelivery.SeatDelivery_ObjectedAlready.selector;
        }
        if (block.timestamp > BOOKS.objectionsEnd(_dropOf(seat))) {
            reason = ISeatDelivery.SeatDelivery_TooLate.selector;
        }
        if (BOOKS.stateOf(_dropOf(seat)) != DropState.ASSERTED) {
            reason = ISeatDelivery.SeatDelivery_WrongState.selector;
        }
        _refused(facts.owner, 0, data, reason);
    }

    function _checkIn(SeatId seat, uint256 seed) internal {
        _prepareCheckIn(seat);
        address holder = _ownerOf(seat);
        address checking = _dropView(seat).verifier;
        // The holder calls, or the verifier, or somebody with both signatures.
        uint256 kind = holder == refusing ? 0 : seed % 3;
        address from = kind == 0 ? holder : kind == 1 ? checking : stranger;
        uint256 expiry = block.timestamp + seed % 1 days;
        bytes memory ofHolder = kind == 0 ? bytes("") : _checkInBy(holder, seat, expiry);
        bytes memory ofVerifier = kind == 1 ? bytes("") : _checkInBy(checking, seat, expiry);
        bytes memory data = abi.encodeCall(SEATS.checkIn, (seat, expiry, ofHolder, ofVerifier));
        _send(from, 0, data);
        BOOKS.noteCheckedIn(seat);
        _refused(from, 0, data, ISeatDelivery.SeatDelivery_CheckedIn.selector);
    }

    function _refund(SeatId seat) internal {
        SeatView memory facts = BOOKS.seatOf(seat);
        DropView memory drop = _dropView(seat);
        uint256 penalty = facts.face * drop.penalty / 10_000;
        uint256 paid = facts.face - penalty;
        _blockRefusing();
        uint256 before = _balanceOf(drop.currency, facts.owner);
        _send(facts.owner, 0, abi.encodeCall(SEATS.refund, (seat)));
        uint256 got = _balanceOf(drop.currency, facts.owner) - before;
        vm.assertEq(got, facts.owner == refusing ? 0 : paid, "what a refund paid");
        LEDGER.noteRefunded(_dropOf(seat), paid);
        _notePaid(drop.currency, facts.owner, paid);
        BOOKS.noteBurned(seat, penalty);
    }

    function _assert(uint256 drop) internal {
        _send(mentor, 0, _assertCall(drop));
        _noteState(drop, DropState.ASSERTED);
    }

    function _object(SeatId seat) internal {
        bytes memory data = abi.encodeCall(SEATS.objectTo, (seat));
        _send(_ownerOf(seat), 0, data);
        BOOKS.noteObjected(seat);
        bytes4 reason = ISeatDelivery.SeatDelivery_ObjectedAlready.selector;
        _refused(_ownerOf(seat), 0, data, reason);
    }

    /// @dev By anybody: pays the mentor, or opens a dispute about a part or about all.
    function _settle(uint256 drop) internal {
        DropView memory terms = BOOKS.dropOf(drop);
        _send(stranger, 0, abi.encodeCall(SEATS.settle, (DropId.wrap(drop))));
        if (terms.objected == 0) {
            _noteState(drop, DropState.SETTLED);
            _noteReleased(drop, terms.owed);
        } else if (terms.objected * 10 < terms.owed) {
            _noteState(drop, DropState.DISPUTED_NARROW);
            _noteReleased(drop, terms.owed - terms.objected);
        } else {
            _noteState(drop, DropState.DISPUTED_WIDE);
        }
    }

    function _resolveByDefault(uint256 drop) internal {
        DropView memory terms = BOOKS.dropOf(drop);
        _send(stranger, 0, abi.encodeCall(SEATS.resolveByDefault, (DropId.wrap(drop))));
        _noteSplit(drop, terms.state == DropState.DISPUTED_WIDE ? terms.defaultSplit : 0);
    }

    /// @dev A verifier is named where there is none, and time goes on to the start.
    function _prepareCheckIn(SeatId seat) private {
        DropView memory drop = _dropView(seat);
        if (drop.verifier == address(0)) _setVerifier(_dropOf(seat), verifier);
        _waitUntil(drop.startsAt);
    }

    function _noteSplit(uint256 drop, uint256 split) private {
        uint256 released = BOOKS.dropOf(drop).owed * (10_000 - split) / 10_000;
        BOOKS.noteSplit(drop, split, released);
        REACHED.reach(_named(BOOKS.stateOf(drop)));
        _noteReleased(drop, released);
    }

    function _checkInBy(address account, SeatId seat, uint256 expiry)
        private
        view
        returns (bytes memory)
    {
        return _sign(account, TypedData.checkInHash(seat, BOOKS.seatOf(seat).epoch, expiry));
    }

    function _assertCall(uint256 drop) private view returns (bytes memory) {
        return abi.encodeCall(SEATS.assertDelivery, (DropId.wrap(drop), keccak256("evidence")));
    }

    function _resolveCall(uint256 drop, uint256 split) private view returns (bytes memory) {
        return abi.encodeCall(SEATS.resolve, (DropId.wrap(drop), split));
    }
}
