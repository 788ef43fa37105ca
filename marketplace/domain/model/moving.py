"""A seat as a token: gifts, transfers, approvals, and its owner's cancelling.

Owns what may move and what a gift pays. Refuses sales: `marketplace.domain.model.trading` makes
them, by the same `refusals_of_moving`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from marketplace.domain.addresses import ETH, ZERO_ADDRESS
from marketplace.domain.drop import DropState, TransferPolicy
from marketplace.domain.escrow import lets_seats_move
from marketplace.domain.model import money
from marketplace.domain.model.refusals import Refused, is_nobody, refused, unknown_seat
from marketplace.domain.money import toll_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from marketplace.domain.ids import SeatId
    from marketplace.domain.model.state import Account, Call, Drop, Market, Seat
    from marketplace.domain.money import Wei

MAX_EPOCH: Final = 2**32 - 1


def refusals_of_moving(drop: Drop, seat: SeatId, kept: Seat, now: int) -> Iterator[Refused]:
    """What a sale and a gift have in common."""
    if kept.locked:
        yield refused("SeatToken_Locked", seat)
    if drop.terms.policy is TransferPolicy.BOUND:
        yield refused("SeatToken_Bound", seat)
    if not lets_seats_move(drop.state):
        yield refused("SeatToken_DropImmovable", seat.drop, drop.state)
    if drop.state is DropState.LIVE and now > drop.terms.deliver_by:
        yield refused("SeatToken_DeliveryOverdue", seat.drop, drop.terms.deliver_by)


def toll_of_seat(drop: Drop, seat: SeatId) -> Wei:
    """What giving a seat away costs."""
    return toll_of(drop.tiers[seat.tier].list_price, drop.terms.toll)


def change_owner(market: Market, seat: SeatId, heir: Account, now: int) -> Market:
    """Raise the epoch, note the time, forget who was approved, and move the seat."""
    kept = market.seats[seat]
    moved = replace(kept, owner=heir, epoch=kept.epoch + 1, moved_at=now, approved=ZERO_ADDRESS)
    return market.with_seat(seat, moved)


def refusals_of_epoch(seat: SeatId, kept: Seat) -> Iterator[Refused]:
    """Why a seat changes hands no more."""
    if kept.epoch == MAX_EPOCH:
        yield refused("SeatToken_EpochExhausted", seat)


def transfer(
    market: Market, call: Call, giver: Account, heir: Account, seat: SeatId
) -> Market | Refused:
    """The owner's own gift, or under OPEN an ordinary transfer."""
    refusal = next(_refusals_of_transfer(market, call, giver, heir, seat), None)
    if refusal is not None:
        return refusal
    drop = market.drops[seat.drop]
    toll = toll_of_seat(drop, seat)
    market = money.receive_ether(market, call)
    if drop.terms.currency != ETH:
        market = money.take(market, drop.terms.currency, giver, toll)
    market = money.hold(market, seat, toll)
    return change_owner(market, seat, heir, call.now)


def safe_transfer(
    market: Market, call: Call, giver: Account, heir: Account, seat: SeatId
) -> Market | Refused:
    """A transfer that asks an heir with code whether it wants a seat."""
    after = transfer(market, call, giver, heir, seat)
    if not isinstance(after, Refused) and heir in market.refusing:
        return refused("SeatToken_NotTaken", seat, heir)
    return after


def _refusals_of_transfer(
    market: Market, call: Call, giver: Account, heir: Account, seat: SeatId
) -> Iterator[Refused]:
    kept = market.living(seat)
    if kept is None:
        yield unknown_seat(seat)
        return
    drop = market.drops[seat.drop]
    if call.sender != kept.owner and not _may_move(market, drop, kept, call.sender):
        yield refused("SeatToken_NotOwner", seat, kept.owner, call.sender)
    if giver != kept.owner:
        yield refused("SeatToken_NotTheirs", seat, kept.owner, giver)
    if is_nobody(heir) or heir == market.address:
        yield refused("SeatToken_ToNobody", seat, heir)
    yield from refusals_of_moving(drop, seat, kept, call.now)
    warm_from = kept.moved_at + drop.terms.gift_cooldown
    if call.now < warm_from:
        yield refused("SeatToken_CoolingDown", seat, warm_from)
    toll = toll_of_seat(drop, seat)
    in_ether = drop.terms.currency == ETH
    if call.value != (toll if in_ether else 0):
        yield refused("SeatToken_WrongToll", seat, toll if in_ether else 0, call.value)
    yield from money.refusals_of_holding(market, seat, toll)
    yield from refusals_of_epoch(seat, kept)
    if not in_ether:
        yield from money.refusals_of_taking(market, drop.terms.currency, kept.owner, toll)


def _may_move(market: Market, drop: Drop, kept: Seat, mover: Account) -> bool:
    approved = mover == kept.approved or (kept.owner, mover) in market.operators
    return drop.terms.policy is TransferPolicy.OPEN and approved


def approve(market: Market, call: Call, account: Account, seat: SeatId) -> Market | Refused:
    """Let an account move an ordinary token."""
    known = market.drops.get(seat.drop)
    policy = TransferPolicy.MARKET_ONLY if known is None else known.terms.policy
    if policy is not TransferPolicy.OPEN:
        return refused("SeatToken_ApprovalRefused", policy)
    kept = market.living(seat)
    if kept is None:
        return unknown_seat(seat)
    if call.sender != kept.owner and (kept.owner, call.sender) not in market.operators:
        return refused("SeatToken_NotOwner", seat, kept.owner, call.sender)
    market = money.receive_ether(market, call)
    return market.with_seat(seat, replace(kept, approved=account))


def set_approval_for_all(
    market: Market, call: Call, operator: Account, *, approved: bool
) -> Market | Refused:
    """Let an account move all ordinary tokens of the caller; seats are bound by their policy."""
    pair = {(call.sender, operator)}
    operators = market.operators | pair if approved else market.operators - pair
    return replace(market, operators=operators)


def cancel_listings(market: Market, call: Call, seat: SeatId) -> Market | Refused:
    """Raise the epoch: every listing of the seat is dead."""
    kept = market.living(seat)
    if kept is None:
        return unknown_seat(seat)
    if call.sender != kept.owner:
        return refused("SeatToken_NotOwner", seat, kept.owner, call.sender)
    refusal = next(refusals_of_epoch(seat, kept), None)
    return refusal or market.with_seat(seat, replace(kept, epoch=kept.epoch + 1))
