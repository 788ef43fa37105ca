// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDelivery} from "../interfaces/ISeatDelivery.sol";
import {Escrow} from "../libraries/Escrow.sol";
import {Payments} from "../libraries/Payments.sol";
import {Signatures} from "../libraries/Signatures.sol";
import {Bps} from "../types/Bps.sol";
import {ClosingWord} from "../types/ClosingWord.sol";
import {DropId} from "../types/DropId.sol";
import {RulesWord} from "../types/DropWords.sol";
import {HeldWord, packHeld} from "../types/HeldWord.sol";
import {PhaseWord} from "../types/PhaseWord.sol";
import {SeatId} from "../types/SeatId.sol";
import {Drop} from "../types/SeatsLayout.sol";
import {CHECKED_IN, CLAIMED, OBJECTED, SeatWord} from "../types/SeatWord.sol";
import {DropState} from "../types/Terms.sol";
import {RefundView} from "../types/Views.sol";
import {SeatDisputes} from "./SeatDisputes.sol";

/// @title The delivery room: what one seat is good for, from check-in to the last claim
/// @dev The only calls to others are payments to whom a seat belongs, each the last thing that
/// happens, and questions to contract wallets.
abstract contract SeatDelivery is SeatDisputes {
    bytes32 private constant CHECK_IN_TYPEHASH =
        keccak256("CheckIn(uint256 seat,uint256 epoch,uint256 expiry)");

    /// @dev What a claim pays: `face` out of E and `held` out of K to the owner; `released`, the
    /// rest of K, to the mentor.
    struct Share {
        uint256 face;
        uint256 held;
        uint256 released;
    }

    /// @inheritdoc ISeatDelivery
    function checkIn(
        SeatId seat,
        uint256 expiry,
        bytes calldata holderSignature,
        bytes calldata verifierSignature
    ) external {
        (address holder, SeatWord word) = _seatOf(seat);
        DropId id = seat.dropOf();
        Drop storage drop = _seats.drops[id];
        _requireState(id, drop.rules, DropState.LIVE);
        uint256 startsAt = drop.schedule.startsAt();
        if (block.timestamp < startsAt) {
            revert SeatDelivery_TooEarly(id, startsAt, block.timestamp);
        }
        if (word.has(CHECKED_IN)) revert SeatDelivery_CheckedIn(seat);
        if (block.timestamp > expiry) {
            revert SeatDelivery_CheckInExpired(expiry, block.timestamp);
        }
        address verifier = drop.verifier;
        if (verifier == address(0)) revert SeatDelivery_VerifierMissing(id);
        bytes32 digest =
            _hashTypedData(keccak256(abi.encode(CHECK_IN_TYPEHASH, seat, word.epoch(), expiry)));
        if (!_agrees(holder, digest, holderSignature)) {
            revert SeatDelivery_HolderAbsent(holder, digest);
        }
        if (!_agrees(verifier, digest, verifierSignature)) {
            revert SeatDelivery_VerifierAbsent(verifier, digest);
        }

        emit CheckedIn(seat, holder, verifier);
        _fix(seat, word.with(CHECKED_IN));
    }

    /// @inheritdoc ISeatDelivery
    function refund(SeatId seat) external nonReentrant {
        (address owner, SeatWord word) = _ownSeat(seat);
        DropId id = seat.dropOf();
        Drop storage drop = _seats.drops[id];
        RulesWord rules = drop.rules;
        _requireState(id, rules, DropState.LIVE);
        uint256 until = drop.schedule.refundUntil();
        if (block.timestamp > until) revert SeatDelivery_TooLate(id, until, block.timestamp);
        if (word.has(CHECKED_IN)) revert SeatDelivery_CheckedIn(seat);
        uint256 face = Escrow.faceOf(drop, word);
        if (face == 0) revert SeatDelivery_NoFace(seat);
        // Money that is borrowed for one transaction cannot empty and fill a drop.
        if (word.movedAt() >= block.timestamp) {
            revert SeatDelivery_JustMoved(seat, block.timestamp);
        }

        uint256 penalty = drop.arbitration.penalty().shareDown(face);
        _giveBack(drop, seat, word.phase(), face);
        Payments.hold(_seats, seat, penalty);
        uint256 waiting = _seats.held[seat].amount();
        // Where nothing waits, nobody has to be remembered.
        if (waiting != 0) _seats.held[seat] = packHeld(waiting, owner);
        emit SeatRefunded(seat, owner, face - penalty, penalty);
        _burn(SeatId.unwrap(seat));

        Payments.payOrCredit(_seats, Payments.currencyOf(_seats, rules), owner, face - penalty);
    }

    /// @inheritdoc ISeatDelivery
    function claim(SeatId seat) external nonReentrant {
        (address owner, SeatWord word) = _everSeatOf(seat);
        Drop storage drop = _seats.drops[seat.dropOf()];
        RulesWord rules = drop.rules;
        Share memory share = _shareOf(drop, rules, seat, owner, word);
        address payee = owner == address(0) ? _seats.held[seat].beneficiary() : owner;
        uint256 amount = share.face + share.held;
        if (amount + share.released == 0) revert SeatDelivery_NothingToClaim(seat);

        ClosingWord closing = drop.closing;
        drop.closing = closing.withOpenFace(closing.openFace() - share.face);
        _seats.held[seat] = packHeld(0, _seats.held[seat].beneficiary());
        _setExtraData(SeatId.unwrap(seat), SeatWord.unwrap(word.with(CLAIMED)));
        emit Claimed(seat, payee, share.face, share.held, share.released);
        Payments.release(_seats, drop, share.released);

        address currency = Payments.currencyOf(_seats, rules);
        if (msg.sender == payee) Payments.payOrCredit(_seats, currency, payee, amount);
        else Payments.credit(_seats, currency, payee, amount);
    }

    /// @inheritdoc ISeatDelivery
    function collect(SeatId seat) external {
        (address owner, SeatWord word) = _everSeatOf(seat);
        DropId id = seat.dropOf();
        Drop storage drop = _seats.drops[id];
        DropState state = drop.rules.state();
        if (state != DropState.SETTLED) {
            if (!_isSplit(state)) revert SeatDelivery_WrongState(id, state);
            if (_isDisputed(state, owner, word)) revert SeatDelivery_InDispute(seat);
        }
        HeldWord waiting = _seats.held[seat];
        uint256 amount = waiting.amount();
        if (amount == 0) revert SeatDelivery_NothingToClaim(seat);

        _seats.held[seat] = packHeld(0, waiting.beneficiary());
        emit Collected(seat, amount);
        Payments.release(_seats, drop, amount);
    }

    /// @inheritdoc ISeatDelivery
    function refundOf(SeatId seat) external view returns (RefundView memory result) {
        (address owner, SeatWord word) = _everSeatOf(seat);
        Drop storage drop = _seats.drops[seat.dropOf()];
        RulesWord rules = drop.rules;
        DropState state = rules.state();
        uint256 face = owner == address(0) ? 0 : Escrow.faceOf(drop, word);
        result.refundUntil = drop.schedule.refundUntil();
        if (_canStillFail(state, owner, word)) {
            result.onFailure = face + _seats.held[seat].amount();
        }
        bool open = state == DropState.LIVE && block.timestamp <= result.refundUntil
            && !word.has(CHECKED_IN) && word.movedAt() < block.timestamp;
        if (open) {
            result.penalty = drop.arbitration.penalty().shareDown(face);
            result.refund = face - result.penalty;
        }
        bool pays = _isOver(state) || (_isSplit(state) && _isDisputed(state, owner, word));
        if (pays && !word.has(CLAIMED)) {
            Share memory share = _shareOf(drop, rules, seat, owner, word);
            result.claimable = share.face + share.held;
        }
    }

    /// @dev What the state of the drop gives to the seat, or why it gives nothing.
    function _shareOf(Drop storage drop, RulesWord rules, SeatId seat, address owner, SeatWord word)
        private
        view
        returns (Share memory)
    {
        DropState state = rules.state();
        bool over = _isOver(state);
        if (!over && !_isSplit(state)) revert SeatDelivery_WrongState(seat.dropOf(), state);
        if (!over && !_isDisputed(state, owner, word)) revert SeatDelivery_NotInDispute(seat);
        if (word.has(CLAIMED)) revert SeatDelivery_NothingToClaim(seat);

        uint256 face = owner == address(0) ? 0 : Escrow.faceOf(drop, word);
        uint256 held = _seats.held[seat].amount();
        if (over) return Share(face, held, 0);
        Bps split = drop.closing.split();
        uint256 part = split.shareDown(held);
        return Share(split.shareDown(face), part, held - part);
    }

    /// @dev The seat's supply goes back to its tier and its phase; its number never does.
    function _giveBack(Drop storage drop, SeatId seat, uint256 phase, uint256 face) private {
        uint256 tier = seat.tierOf();
        drop.tiers[tier].sales = drop.tiers[tier].sales.burned(face);
        PhaseWord sales = drop.phases[phase].sales;
        if (sales.supply() != 0) drop.phases[phase].sales = sales.withReturned();
    }

    function _agrees(address account, bytes32 digest, bytes calldata signature)
        private
        view
        returns (bool)
    {
        return msg.sender == account || Signatures.isSigner(account, digest, signature);
    }

    function _isOver(DropState state) private pure returns (bool) {
        return state == DropState.CANCELLED || state == DropState.FAILED;
    }

    function _isSplit(DropState state) private pure returns (bool) {
        return state == DropState.SPLIT_NARROW || state == DropState.SPLIT_WIDE;
    }

    /// @dev Whether all that the seat cost can still come back: until delivery is beyond dispute,
    /// and until it has come back.
    function _canStillFail(DropState state, address owner, SeatWord word)
        private
        pure
        returns (bool)
    {
        if (state == DropState.LIVE || _isOver(state)) return !word.has(CLAIMED);
        if (owner == address(0)) return false;
        return state == DropState.ASSERTED || state == DropState.DISPUTED_WIDE
            || (state == DropState.DISPUTED_NARROW && word.has(OBJECTED));
    }

    /// @dev Whether a decided dispute was about the seat; never about one that was burned.
    function _isDisputed(DropState state, address owner, SeatWord word)
        private
        pure
        returns (bool)
    {
        return owner != address(0) && (state == DropState.SPLIT_WIDE || word.has(OBJECTED));
    }
}
