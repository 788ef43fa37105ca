// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DropId} from "../../../../contracts/types/DropId.sol";
import {SeatId} from "../../../../contracts/types/SeatId.sol";
import {DropState, Gate, TransferPolicy} from "../../../../contracts/types/Terms.sol";
import {DropView, PhaseView, RefundView, SeatView} from "../../../../contracts/types/Views.sol";
import {SeatBook} from "./SeatBook.sol";

/// @dev A drop to which something could be done now, or after waiting where it says so.
enum DropWish {
    ANY,
    LIVE,
    NOT_LIVE,
    GRANTABLE,
    LOWERABLE,
    POSTPONABLE,
    // Once more.
    POSTPONABLE_AGAIN,
    PAUSABLE,
    PAUSED,
    ASSERTABLE,
    // After waiting for its end.
    ASSERTABLE_LATER,
    FAILABLE,
    SETTLEABLE,
    // After waiting for the end of the challenge window.
    SETTLEABLE_LATER,
    DECIDABLE,
    DISPUTED,
    OVERDUE_DISPUTE
}

/// @dev A seat to which something could be done now. STUCK: the state of its drop keeps it.
enum SeatWish {
    LIVING,
    GIVABLE,
    OPEN,
    SELLABLE,
    BIDDABLE,
    GRANTED,
    UNBIDDABLE,
    STUCK,
    OVERDUE,
    BOUND,
    CHECKED_IN,
    OBJECTED,
    CHECKABLE,
    REFUNDABLE,
    KEPT,
    KEPT_BY_CHECK_IN,
    ENDED,
    UNDECIDED,
    OBJECTABLE,
    CLAIMABLE,
    BURNED_CLAIMABLE,
    PAID,
    COLLECTABLE,
    VOUCHING
}

/// @title Finding a drop or a seat for an action
/// @dev Every question is answered from what the handlers noted.
contract Books is SeatBook {
    uint256 private constant DECISION_TIME = 14 days;
    uint256 private constant BETWEEN_PAUSES = 7 days;

    /// @return a drop that fits, beginning the search at `seed`; zero: none does.
    function dropFor(DropWish wish, uint256 seed) external view returns (uint256) {
        for (uint256 i; i < dropCount; ++i) {
            uint256 id = addmod(seed, i, dropCount) + 1;
            if (_fits(id, wish)) return id;
        }
        return 0;
    }

    /// @return a drop with a phase behind `gate` that `account` could mint in now; zero: none.
    /// @return a phase of it.
    function phaseFor(Gate gate, bytes32 data, uint256 seed, address account)
        external
        view
        returns (uint256, uint256)
    {
        for (uint256 i; i < dropCount; ++i) {
            uint256 id = addmod(seed, i, dropCount) + 1;
            for (uint256 phase; phase < _phases[id].length; ++phase) {
                PhaseView storage sales = _phases[id][phase];
                if (sales.gate != gate || (data != 0 && sales.gateData != data)) continue;
                if (quota(id, phase, account) != 0) return (id, phase);
            }
        }
        return (0, 0);
    }

    /// @return a seat that fits and does not belong to `notOwner`, beginning the search at `seed`;
    /// zero: none does.
    function seatFor(SeatWish wish, uint256 seed, address notOwner) external view returns (SeatId) {
        for (uint256 i; i < _ids.length; ++i) {
            SeatId id = _ids[addmod(seed, i, _ids.length)];
            if (_seats[id].owner != notOwner && seatFits(id, wish)) return id;
        }
        return SeatId.wrap(0);
    }

    /// @return a seat of this tier that could be sold to a bidder, neither `bidder`'s nor `except`.
    function seatOfTier(uint256 drop, uint256 tier, address bidder, SeatId except)
        external
        view
        returns (SeatId)
    {
        for (uint256 i; i < _ids.length; ++i) {
            SeatView storage seat = _seats[_ids[i]];
            bool inTier = DropId.unwrap(seat.drop) == drop && seat.tier == tier;
            if (!inTier || seat.owner == bidder || _ids[i] == except) continue;
            if (seatFits(_ids[i], SeatWish.BIDDABLE)) return _ids[i];
        }
        return SeatId.wrap(0);
    }

    /// @return how many seats the account could mint now in this phase.
    function quota(uint256 id, uint256 phase, address account) public view returns (uint256) {
        PhaseView storage sales = _phases[id][phase];
        if (_drops[id].state != DropState.LIVE || isPaused(id)) return 0;
        if (block.timestamp < sales.opens || block.timestamp > sales.closes) return 0;
        uint256 seats = left(id, phase);
        if (sales.walletLimit == 0) return seats;
        uint256 own = sales.walletLimit - mintedBy[id][phase][account];
        return own < seats ? own : seats;
    }

    function isPaused(uint256 id) public view returns (bool) {
        return block.timestamp <= _drops[id].pausedUntil;
    }

    function seatFits(SeatId id, SeatWish wish) public view returns (bool) {
        SeatView storage seat = _seats[id];
        DropView storage drop = _drops[DropId.unwrap(seat.drop)];
        if (wish == SeatWish.BURNED_CLAIMABLE || wish == SeatWish.PAID) {
            if (wish == SeatWish.PAID) return seat.claimed;
            return seat.owner == address(0) && isClaimable(id);
        }
        if (wish == SeatWish.COLLECTABLE) return isCollectable(id);
        if (seat.owner == address(0)) return false;
        if (wish == SeatWish.LIVING) return true;
        if (wish == SeatWish.STUCK || wish == SeatWish.OVERDUE) {
            bool late = drop.state == DropState.LIVE;
            return !seat.locked && !canMove(id) && late == (wish == SeatWish.OVERDUE);
        }
        if (wish == SeatWish.BOUND) return drop.policy == TransferPolicy.BOUND;
        if (wish == SeatWish.CHECKED_IN) return seat.checkedIn;
        if (wish == SeatWish.OBJECTED) return seat.objected;
        if (wish == SeatWish.CLAIMABLE) return isClaimable(id);
        if (wish == SeatWish.OBJECTABLE) return isObjectable(id);
        if (wish == SeatWish.UNBIDDABLE) {
            return drop.state != DropState.LIVE || block.timestamp > drop.endsAt;
        }
        if (wish == SeatWish.ENDED) return drop.state != DropState.LIVE;
        if (wish == SeatWish.UNDECIDED) {
            return drop.state >= DropState.LIVE && drop.state <= DropState.DISPUTED_WIDE;
        }
        if (wish == SeatWish.VOUCHING) return !seat.claimed && _vouches(drop);
        if (wish >= SeatWish.GIVABLE && wish <= SeatWish.GRANTED) {
            return canMove(id) && _trades(id, seat, drop, wish);
        }
        if (drop.state != DropState.LIVE) return false;
        if (wish == SeatWish.KEPT_BY_CHECK_IN) {
            return seat.checkedIn && seat.face != 0 && block.timestamp <= drop.refundUntil;
        }
        if (wish == SeatWish.CHECKABLE) return !seat.checkedIn;
        return (wish == SeatWish.REFUNDABLE) == isRefundable(id);
    }

    function canMove(SeatId id) public view returns (bool) {
        SeatView storage seat = _seats[id];
        DropView storage drop = _drops[DropId.unwrap(seat.drop)];
        if (seat.locked) return false;
        if (drop.state == DropState.LIVE) return block.timestamp <= drop.deliverBy;
        return drop.state == DropState.ASSERTED || drop.state == DropState.SETTLED
            || drop.state == DropState.DISPUTED_NARROW || drop.state == DropState.SPLIT_NARROW;
    }

    function isRefundable(SeatId id) public view returns (bool) {
        SeatView storage seat = _seats[id];
        DropView storage drop = _drops[DropId.unwrap(seat.drop)];
        return drop.state == DropState.LIVE && block.timestamp <= drop.refundUntil
            && !seat.checkedIn && seat.face != 0 && seat.movedAt != block.timestamp;
    }

    function isObjectable(SeatId id) public view returns (bool) {
        SeatView storage seat = _seats[id];
        DropView storage drop = _drops[DropId.unwrap(seat.drop)];
        return drop.state == DropState.ASSERTED && seat.face != 0 && !seat.objected
            && block.timestamp <= objectionsEnd(DropId.unwrap(seat.drop));
    }

    function isOver(uint256 drop) public view returns (bool) {
        DropState state = _drops[drop].state;
        return state == DropState.CANCELLED || state == DropState.FAILED;
    }

    /// @dev Whether a decided dispute was about this seat.
    function wasDisputed(SeatId id) public view returns (bool) {
        SeatView storage seat = _seats[id];
        DropState state = _drops[DropId.unwrap(seat.drop)].state;
        if (seat.owner == address(0)) return false;
        return state == DropState.SPLIT_WIDE || (state == DropState.SPLIT_NARROW && seat.objected);
    }

    function isClaimable(SeatId id) public view returns (bool) {
        SeatView storage seat = _seats[id];
        DropView storage drop = _drops[DropId.unwrap(seat.drop)];
        if (seat.claimed) return false;
        uint256 face = seat.owner == address(0) ? 0 : seat.face;
        if (isOver(DropId.unwrap(seat.drop))) return face + seat.held != 0;
        return wasDisputed(id) && face * drop.split / 10_000 + seat.held != 0;
    }

    function isCollectable(SeatId id) public view returns (bool) {
        SeatView storage seat = _seats[id];
        DropState state = _drops[DropId.unwrap(seat.drop)].state;
        bool split = state == DropState.SPLIT_NARROW || state == DropState.SPLIT_WIDE;
        return seat.held != 0 && (state == DropState.SETTLED || (split && !wasDisputed(id)));
    }

    /// @dev What `refundOf` should answer.
    function refundOf(SeatId id) external view returns (RefundView memory expected) {
        SeatView storage seat = _seats[id];
        DropView storage drop = _drops[DropId.unwrap(seat.drop)];
        uint256 face = seat.owner == address(0) ? 0 : seat.face;
        expected.refundUntil = drop.refundUntil;
        if (seat.owner != address(0) && isRefundable(id)) {
            expected.penalty = face * drop.penalty / 10_000;
            expected.refund = face - expected.penalty;
        }
        if (seat.claimed) return expected;
        if (_canStillFail(seat, drop.state)) expected.onFailure = face + seat.held;
        if (isOver(DropId.unwrap(seat.drop))) {
            expected.claimable = face + seat.held;
        } else if (wasDisputed(id)) {
            expected.claimable = face * drop.split / 10_000 + seat.held * drop.split / 10_000;
        }
    }

    function objectionsEnd(uint256 id) public view returns (uint256) {
        return _drops[id].assertedAt + _drops[id].challengeDays * 1 days;
    }

    function decisionEnd(uint256 id) public view returns (uint256) {
        return _drops[id].disputedAt + DECISION_TIME;
    }

    function isDisputed(uint256 id) public view returns (bool) {
        DropState state = _drops[id].state;
        return state == DropState.DISPUTED_NARROW || state == DropState.DISPUTED_WIDE;
    }

    function _trades(SeatId id, SeatView storage seat, DropView storage drop, SeatWish wish)
        private
        view
        returns (bool)
    {
        if (wish == SeatWish.GIVABLE) return drop.policy == TransferPolicy.MARKET_ONLY;
        if (wish == SeatWish.OPEN) return drop.policy == TransferPolicy.OPEN;
        if (wish == SeatWish.GRANTED) return seat.granted && !isPaused(DropId.unwrap(seat.drop));
        (uint256 least, uint256 most) = boundsOf(id);
        if (seat.granted || least > most || isPaused(DropId.unwrap(seat.drop))) return false;
        if (wish == SeatWish.SELLABLE) return true;
        return drop.state == DropState.LIVE && block.timestamp <= drop.endsAt;
    }

    /// @dev Whether a seat that was not paid out can still get everything back.
    function _canStillFail(SeatView storage seat, DropState state) private view returns (bool) {
        if (state == DropState.LIVE) return true;
        if (state == DropState.CANCELLED || state == DropState.FAILED) return true;
        if (seat.owner == address(0)) return false;
        if (state == DropState.DISPUTED_NARROW) return seat.objected;
        return state == DropState.ASSERTED || state == DropState.DISPUTED_WIDE;
    }

    /// @dev Whether a seat of the drop opens a phase of another.
    function _vouches(DropView storage drop) private view returns (bool) {
        return drop.state != DropState.CANCELLED && drop.state != DropState.FAILED
            && block.timestamp > drop.refundUntil && block.timestamp >= drop.startsAt;
    }

    function _fits(uint256 id, DropWish wish) private view returns (bool) {
        DropView storage drop = _drops[id];
        if (wish == DropWish.ANY) return true;
        if (wish == DropWish.NOT_LIVE) return drop.state != DropState.LIVE;
        if (wish == DropWish.PAUSED) return isPaused(id);
        if (wish == DropWish.PAUSABLE) {
            return drop.pausedUntil == 0 || block.timestamp > drop.pausedUntil + BETWEEN_PAUSES;
        }
        if (wish >= DropWish.DECIDABLE) {
            if (wish == DropWish.DISPUTED) return isDisputed(id);
            bool early = block.timestamp <= decisionEnd(id);
            return isDisputed(id) && early == (wish == DropWish.DECIDABLE);
        }
        if (wish == DropWish.SETTLEABLE || wish == DropWish.SETTLEABLE_LATER) {
            return drop.state == DropState.ASSERTED
                && (wish == DropWish.SETTLEABLE_LATER || block.timestamp > objectionsEnd(id));
        }
        if (drop.state != DropState.LIVE) return false;
        if (wish == DropWish.ASSERTABLE || wish == DropWish.ASSERTABLE_LATER) {
            return block.timestamp <= drop.deliverBy
                && (wish == DropWish.ASSERTABLE_LATER || block.timestamp >= drop.endsAt);
        }
        if (wish == DropWish.FAILABLE) return block.timestamp > drop.deliverBy;
        if (wish == DropWish.POSTPONABLE) {
            return block.timestamp < drop.startsAt && drop.postponements < 2;
        }
        if (wish == DropWish.POSTPONABLE_AGAIN) {
            return block.timestamp < drop.startsAt && drop.postponements == 1;
        }
        if (wish == DropWish.GRANTABLE) {
            return block.timestamp < drop.endsAt && (grantable(id, 0) | grantable(id, 1)) != 0;
        }
        if (wish == DropWish.LOWERABLE) return (grantable(id, 0) | grantable(id, 1)) != 0;
        return true;
    }
}
