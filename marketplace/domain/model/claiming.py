"""What one seat can be turned back into money for: refunds, claims, and what the mentor collects.

Owns who is paid for a seat and how much, in each state of its drop. Refuses the states themselves.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.drop import DropState
from marketplace.domain.escrow import (
    ClaimShare,
    can_still_fail,
    decided_share,
    gives_all_back,
    is_split,
    split_refund,
    takes_part,
    whole_share,
)
from marketplace.domain.model import money
from marketplace.domain.model.delivery import refusals_of_state
from marketplace.domain.model.refusals import Refused, refused, unknown_seat
from marketplace.domain.money import NO_MONEY, Wei
from marketplace.domain.views import RefundView

if TYPE_CHECKING:
    from collections.abc import Iterator

    from marketplace.domain.ids import SeatId
    from marketplace.domain.model.state import Call, Drop, Market, Seat


def refund(market: Market, call: Call, seat: SeatId) -> Market | Refused:
    """Give a seat back for its face less the penalty: it is burned, its place sold again."""
    refusal = next(_refusals_of_refund(market, call, seat), None)
    if refusal is not None:
        return refusal
    drop, kept = market.drops[seat.drop], market.seats[seat]
    face = drop.face(kept)
    parts = split_refund(face, drop.terms.penalty)
    market = money.hold(market, seat, parts.penalty).with_drop(
        seat.drop, _with_place_back(drop, seat, kept)
    )
    waiting = market.seats[seat]
    burned = replace(
        waiting,
        owner=ZERO_ADDRESS,
        approved=ZERO_ADDRESS,
        # Where nothing waits, nobody has to be remembered.
        beneficiary=call.sender if waiting.held else waiting.beneficiary,
    )
    market = market.with_seat(seat, burned)
    return money.pay_or_credit(market, drop.terms.currency, call.sender, parts.paid)


def claim(market: Market, call: Call, seat: SeatId) -> Market | Refused:
    """Pay a seat out, once, by anybody for its owner, or for who burned it."""
    kept = market.seats.get(seat)
    if kept is None:
        return unknown_seat(seat)
    drop = market.drops[seat.drop]
    refusal = next(_refusals_of_claim(drop, seat, kept), None)
    if refusal is not None:
        return refusal
    share = _share_of(drop, kept)
    payee = kept.owner if kept.living else kept.beneficiary
    paid_out = replace(kept, claimed=True, held=NO_MONEY)
    market = market.with_seat(seat, paid_out).with_drop(
        seat.drop, replace(drop, open_face=Wei(drop.open_face - share.face))
    )
    market = money.release(market, seat.drop, share.released)
    pay = money.pay_or_credit if call.sender == payee else money.credit
    return pay(market, drop.terms.currency, payee, share.paid)


def collect(market: Market, call: Call, seat: SeatId) -> Market | Refused:
    """Release what waits with a seat whose drop was delivered, by anybody."""
    del call
    kept = market.seats.get(seat)
    if kept is None:
        return unknown_seat(seat)
    state = market.drops[seat.drop].state
    if state is not DropState.SETTLED:
        if not is_split(state):
            return refused("SeatDelivery_WrongState", seat.drop, state)
        if takes_part(state, living=kept.living, objected=kept.objected):
            return refused("SeatDelivery_InDispute", seat)
    if not kept.held:
        return refused("SeatDelivery_NothingToClaim", seat)
    market = market.with_seat(seat, replace(kept, held=NO_MONEY))
    return money.release(market, seat.drop, kept.held)


def refund_of(market: Market, seat: SeatId, now: int) -> RefundView | Refused:
    """What a seat is worth in this second; answers for a burned one too."""
    kept = market.seats.get(seat)
    if kept is None:
        return unknown_seat(seat)
    drop = market.drops[seat.drop]
    face = drop.face(kept) if kept.living else NO_MONEY
    is_open = (
        drop.state is DropState.LIVE
        and now <= drop.terms.refund_until
        and not kept.checked_in
        and kept.moved_at != now
    )
    parts = split_refund(face if is_open else NO_MONEY, drop.terms.penalty)
    refusal = next(_refusals_of_claim(drop, seat, kept), None)
    can_fail = can_still_fail(
        drop.state, living=kept.living, objected=kept.objected, claimed=kept.claimed
    )
    return RefundView(
        refund=parts.paid,
        penalty=parts.penalty,
        refund_until=drop.terms.refund_until,
        claimable=NO_MONEY if refusal else _share_of(drop, kept).paid,
        on_failure=Wei(face + kept.held) if can_fail else NO_MONEY,
    )


def _refusals_of_refund(market: Market, call: Call, seat: SeatId) -> Iterator[Refused]:
    kept = market.living(seat)
    if kept is None:
        yield unknown_seat(seat)
        return
    if call.sender != kept.owner:
        yield refused("SeatToken_NotOwner", seat, kept.owner, call.sender)
    yield from refusals_of_state(market, seat.drop, DropState.LIVE)
    drop = market.drops[seat.drop]
    if call.now > drop.terms.refund_until:
        yield refused("SeatDelivery_TooLate", seat.drop, drop.terms.refund_until, call.now)
    if kept.checked_in:
        yield refused("SeatDelivery_CheckedIn", seat)
    face = drop.face(kept)
    if not face:
        yield refused("SeatDelivery_NoFace", seat)
    if kept.moved_at == call.now:
        yield refused("SeatDelivery_JustMoved", seat, call.now)
    penalty = split_refund(face, drop.terms.penalty).penalty
    yield from money.refusals_of_holding(market, seat, penalty)


def _with_place_back(drop: Drop, seat: SeatId, kept: Seat) -> Drop:
    """The seat's supply goes back to its tier and its phase; its number never does."""
    tier, phase = drop.tiers[seat.tier], drop.phases[kept.phase]
    emptier = replace(tier, live=tier.live - 1, escrowed=Wei(tier.escrowed - drop.face(kept)))
    drop = drop.with_tier(seat.tier, emptier)
    if not phase.terms.supply:
        return drop
    return drop.with_phase(kept.phase, replace(phase, sold=phase.sold - 1))


def _refusals_of_claim(drop: Drop, seat: SeatId, kept: Seat) -> Iterator[Refused]:
    if not gives_all_back(drop.state):
        if not is_split(drop.state):
            yield refused("SeatDelivery_WrongState", seat.drop, drop.state)
        if not takes_part(drop.state, living=kept.living, objected=kept.objected):
            yield refused("SeatDelivery_NotInDispute", seat)
    if kept.claimed:
        yield refused("SeatDelivery_NothingToClaim", seat)
    share = _share_of(drop, kept)
    if not share.paid + share.released:
        yield refused("SeatDelivery_NothingToClaim", seat)


def _share_of(drop: Drop, kept: Seat) -> ClaimShare:
    face = drop.face(kept) if kept.living else NO_MONEY
    if gives_all_back(drop.state):
        return whole_share(face, kept.held)
    return decided_share(face, kept.held, drop.split)
