// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDelivery} from "../interfaces/ISeatDelivery.sol";
import {ISeatDrops} from "../interfaces/ISeatDrops.sol";
import {Escrow} from "../libraries/Escrow.sol";
import {Payments} from "../libraries/Payments.sol";
import {SeatBase} from "../rooms/SeatBase.sol";
import {Bps, WHOLE_BPS} from "../types/Bps.sol";
import {ClosingWord, packClosing} from "../types/ClosingWord.sol";
import {DropId} from "../types/DropId.sol";
import {ArbitrationWord, RulesWord} from "../types/DropWords.sol";
import {SeatId} from "../types/SeatId.sol";
import {Drop} from "../types/SeatsLayout.sol";
import {OBJECTED, SeatWord} from "../types/SeatWord.sol";
import {DropState} from "../types/Terms.sol";

/// @title The disputes room: from the mentor's assertion to a decision
/// @dev Nothing here calls anybody: money that is released becomes credits.
abstract contract SeatDisputes is SeatBase, ISeatDelivery {
    /// @dev Less than one tenth of the money under objection is a narrow dispute.
    uint256 internal constant WIDE_FROM = 10;
    uint256 internal constant DECISION_TIME = 14 days;

    /// @inheritdoc ISeatDelivery
    function assertDelivery(DropId id, bytes32 evidence) external {
        (Drop storage drop, RulesWord rules) = _mentors(id);
        if (block.timestamp < rules.endsAt()) {
            revert ISeatDrops.SeatDrops_TooEarly(id, rules.endsAt(), block.timestamp);
        }
        if (block.timestamp > rules.deliverBy()) {
            revert ISeatDrops.SeatDrops_TooLate(id, rules.deliverBy(), block.timestamp);
        }
        drop.rules = rules.withState(DropState.ASSERTED);
        drop.closing = packClosing(block.timestamp);
        emit DeliveryAsserted(id, evidence);
        _announce(id);
    }

    /// @inheritdoc ISeatDelivery
    function objectTo(SeatId seat) external {
        (address holder, SeatWord word) = _ownSeat(seat);
        DropId id = seat.dropOf();
        Drop storage drop = _seats.drops[id];
        _requireState(id, drop.rules, DropState.ASSERTED);
        ClosingWord closing = drop.closing;
        uint256 until = _objectionsEnd(drop, closing);
        if (block.timestamp > until) {
            revert SeatDelivery_TooLate(id, until, block.timestamp);
        }
        if (word.has(OBJECTED)) revert SeatDelivery_ObjectedAlready(seat);
        uint256 face = Escrow.faceOf(drop, word);
        if (face == 0) revert SeatDelivery_NoFace(seat);

        drop.closing = closing.withOpenFace(closing.openFace() + face);
        emit Objected(seat, holder, face);
        _fix(seat, word.with(OBJECTED));
    }

    /// @inheritdoc ISeatDelivery
    function settle(DropId id) external {
        Drop storage drop = _seats.drops[id];
        RulesWord rules = drop.rules;
        _requireState(id, rules, DropState.ASSERTED);
        ClosingWord closing = drop.closing;
        uint256 until = _objectionsEnd(drop, closing);
        if (block.timestamp <= until) {
            revert SeatDelivery_TooEarly(id, until + 1, block.timestamp);
        }

        uint256 owed = Escrow.faces(drop, rules);
        uint256 objected = closing.openFace();
        if (objected == 0) {
            drop.rules = rules.withState(DropState.SETTLED);
            emit DropSettled(id, owed);
            Payments.release(_seats, drop, owed);
        } else if (objected * WIDE_FROM < owed) {
            drop.rules = rules.withState(DropState.DISPUTED_NARROW);
            // What is open stays: the objectors' faces are what is owed from here on.
            drop.closing = closing.withDispute(block.timestamp);
            emit DropDisputed(id, false, objected, owed - objected);
            Payments.release(_seats, drop, owed - objected);
        } else {
            drop.rules = rules.withState(DropState.DISPUTED_WIDE);
            drop.closing = closing.withOpenFace(owed).withDispute(block.timestamp);
            emit DropDisputed(id, true, owed, 0);
        }
        _announce(id);
    }

    /// @inheritdoc ISeatDelivery
    function resolve(DropId id, uint256 split) external {
        Drop storage drop = _seats.drops[id];
        _requireDisputed(id, drop.rules);
        address resolver = drop.arbitration.resolver();
        if (msg.sender != resolver) {
            revert SeatDelivery_NotResolver(id, resolver, msg.sender);
        }
        uint256 until = drop.closing.disputedAt() + DECISION_TIME;
        if (block.timestamp > until) {
            revert SeatDelivery_TooLate(id, until, block.timestamp);
        }
        if (split > WHOLE_BPS) revert SeatDelivery_SplitTooLarge(split, WHOLE_BPS);
        _decide(drop, id, split, false);
    }

    /// @inheritdoc ISeatDelivery
    function resolveByDefault(DropId id) external {
        Drop storage drop = _seats.drops[id];
        RulesWord rules = drop.rules;
        _requireDisputed(id, rules);
        uint256 until = drop.closing.disputedAt() + DECISION_TIME;
        if (block.timestamp <= until) {
            revert SeatDelivery_TooEarly(id, until + 1, block.timestamp);
        }
        bool wide = rules.state() == DropState.DISPUTED_WIDE;
        _decide(drop, id, wide ? drop.arbitration.defaultSplit().raw() : 0, true);
    }

    /// @dev The mentor's part is rounded down: what rounding leaves stays with the drop.
    function _decide(Drop storage drop, DropId id, uint256 split, bool byDefault) private {
        RulesWord rules = drop.rules;
        ClosingWord closing = drop.closing;
        uint256 owed = closing.openFace();
        uint256 released = Bps.wrap(uint16(WHOLE_BPS - split)).shareDown(owed);
        bool wide = rules.state() == DropState.DISPUTED_WIDE;
        drop.rules = rules.withState(wide ? DropState.SPLIT_WIDE : DropState.SPLIT_NARROW);
        drop.closing = closing.withOpenFace(owed - released).withSplit(split);
        emit DropResolved(id, split, released, byDefault);
        Payments.release(_seats, drop, released);
        _announce(id);
    }

    function _objectionsEnd(Drop storage drop, ClosingWord closing) private view returns (uint256) {
        ArbitrationWord arbitration = drop.arbitration;
        return closing.assertedAt() + arbitration.challengeDays() * 1 days;
    }

    function _requireState(DropId id, RulesWord rules, DropState wanted) internal pure {
        DropState state = rules.state();
        if (state != wanted) revert SeatDelivery_WrongState(id, state);
    }

    function _requireDisputed(DropId id, RulesWord rules) private pure {
        DropState state = rules.state();
        if (state != DropState.DISPUTED_NARROW && state != DropState.DISPUTED_WIDE) {
            revert SeatDelivery_WrongState(id, state);
        }
    }
}
