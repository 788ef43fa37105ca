"""What a mentor, the guardian or time does to a whole drop.

Owns granting, lowering caps, naming a verifier, pausing, postponing, cancelling and failing.
Refuses delivery: `marketplace.domain.model.delivery` has what ends a drop well.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.drop import DropState
from marketplace.domain.ids import PhaseIndex
from marketplace.domain.model.minting import new_seats
from marketplace.domain.model.refusals import Refused, refused
from marketplace.domain.model.state import Drop, Seat, drop_state
from marketplace.domain.money import Bps
from marketplace.domain.phases import held_back, left_of_tier
from marketplace.domain.schedule import (
    MAX_PAUSE_SECONDS,
    MAX_POSTPONEMENTS,
    Times,
    broken_postponement,
    next_pause_from,
    postponed_refund_window,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from marketplace.domain.ids import DropId, TierIndex
    from marketplace.domain.model.state import Account, Call, Market

_SOLIDITY = {"starts_at": "startsAt", "ends_at": "endsAt", "deliver_by": "deliverBy"}


def refusals_of_mentor(market: Market, call: Call, drop: DropId) -> Iterator[Refused]:
    """Why the caller may not steer a drop: it has to be LIVE and theirs."""
    state = drop_state(market, drop)
    if state is not DropState.LIVE:
        yield refused("SeatDrops_NotLive", drop, state)
        return
    mentor = market.drops[drop].mentor
    if call.sender != mentor:
        yield refused("SeatDrops_NotMentor", drop, mentor, call.sender)


def ended(drop: Drop, state: DropState) -> Drop:
    """The drop at its end; from here on what is owed is counted down."""
    return replace(drop, state=state, open_face=drop.faces)


def grant(
    market: Market, call: Call, drop: DropId, tier: TierIndex, recipient: Account, quantity: int
) -> Market | Refused:
    """Give seats away: they count against the cap, leave reserves alone and have no face."""
    refusal = next(_refusals_of_grant(market, call, drop, tier, recipient, quantity), None)
    if refusal is not None:
        return refusal
    blank = Seat(owner=recipient, phase=PhaseIndex(0), moved_at=call.now, granted=True)
    return new_seats(market, drop, tier, quantity, blank)


def _refusals_of_grant(
    market: Market, call: Call, drop: DropId, tier: TierIndex, recipient: Account, quantity: int
) -> Iterator[Refused]:
    refusals = list(refusals_of_mentor(market, call, drop))
    if refusals:
        yield from refusals
        return
    kept = market.drops[drop]
    if call.now >= kept.terms.ends_at:
        yield refused("SeatDrops_TooLate", drop, kept.terms.ends_at - 1, call.now)
    if not quantity or recipient in {ZERO_ADDRESS, market.address}:
        yield refused("SeatDrops_EmptyMint", quantity, recipient)
    if tier >= len(kept.tiers):
        yield refused("SeatDrops_TierUnknown", drop, tier)
        return
    sales, held = kept.tiers[tier], held_back(kept.reserves(tier), call.now)
    left = left_of_tier(sales.cap, sales.live, sales.issued, held)
    if quantity > left:
        yield refused("SeatDrops_GrantTooLarge", drop, tier, quantity, left)


def lower_cap(
    market: Market, call: Call, drop: DropId, tier: TierIndex, cap: int
) -> Market | Refused:
    """Lower a tier's cap, never below living seats and open reserves."""
    refusal = next(refusals_of_mentor(market, call, drop), None)
    if refusal is not None:
        return refusal
    kept = market.drops[drop]
    if tier >= len(kept.tiers):
        return refused("SeatDrops_TierUnknown", drop, tier)
    sales = kept.tiers[tier]
    least = sales.live + held_back(kept.reserves(tier), call.now)
    if not least <= cap < sales.cap:
        return refused("SeatDrops_CapOutOfBounds", cap, least, sales.cap)
    return market.with_drop(drop, kept.with_tier(tier, replace(sales, cap=cap)))


def set_verifier(market: Market, call: Call, drop: DropId, verifier: Account) -> Market | Refused:
    """Name who checks people in, in any state; never the mentor."""
    kept = market.drops.get(drop)
    mentor = ZERO_ADDRESS if kept is None else kept.mentor
    if kept is None or call.sender != mentor:
        return refused("SeatDrops_NotMentor", drop, mentor, call.sender)
    if verifier == mentor:
        return refused("SeatDrops_VerifierIsMentor", verifier)
    return market.with_drop(drop, replace(kept, terms=replace(kept.terms, verifier=verifier)))


def _refusals_of_guardian(market: Market, call: Call, drop: DropId) -> Iterator[Refused]:
    if call.sender != market.guardian:
        yield refused("SeatDrops_NotGuardian", market.guardian, call.sender)
    if drop not in market.drops:
        yield refused("SeatDrops_Unknown", drop)


def pause(market: Market, call: Call, drop: DropId, until: int) -> Market | Refused:
    """Stop minting and sales for at most 72 hours, and not again for 7 days after that."""
    refusal = next(_refusals_of_guardian(market, call, drop), None)
    if refusal is not None:
        return refusal
    kept = market.drops[drop]
    if call.now < next_pause_from(kept.paused_until):
        return refused("SeatDrops_TooEarly", drop, next_pause_from(kept.paused_until), call.now)
    most = call.now + MAX_PAUSE_SECONDS
    if not call.now <= until <= most:
        return _out_of_bounds("until", until, call.now, most)
    return market.with_drop(drop, replace(kept, paused_until=until))


def unpause(market: Market, call: Call, drop: DropId) -> Market | Refused:
    """End a pause early; the next one still waits for its 7 days."""
    refusal = next(_refusals_of_guardian(market, call, drop), None)
    if refusal is not None:
        return refusal
    kept = market.drops[drop]
    if call.now > kept.paused_until:
        return refused("SeatDrops_TooLate", drop, kept.paused_until, call.now)
    return market.with_drop(drop, replace(kept, paused_until=call.now - 1))


def postpone(market: Market, call: Call, drop: DropId, new: Times) -> Market | Refused:
    """Give a drop that has not started other times, the next terms version and no penalty."""
    refusal = next(refusals_of_mentor(market, call, drop), None)
    if refusal is not None:
        return refusal
    kept = market.drops[drop]
    terms = kept.terms
    if call.now >= terms.starts_at:
        return refused("SeatDrops_TooLate", drop, terms.starts_at - 1, call.now)
    if kept.postponements >= MAX_POSTPONEMENTS:
        return refused("SeatDrops_PostponedTooOften", drop, MAX_POSTPONEMENTS)
    old = Times(starts_at=terms.starts_at, ends_at=terms.ends_at, deliver_by=terms.deliver_by)
    broken = broken_postponement(old, new, kept.first_deliver_by, call.now)
    if broken is not None:
        return _out_of_bounds(_SOLIDITY[broken.field], broken.value, broken.least, broken.most)
    moved = replace(
        terms,
        starts_at=new.starts_at,
        ends_at=new.ends_at,
        deliver_by=new.deliver_by,
        refund_until=postponed_refund_window(terms.refund_until, old, new, call.now),
        penalty=Bps(0),
    )
    later = replace(
        kept,
        terms=moved,
        terms_version=kept.terms_version + 1,
        postponements=kept.postponements + 1,
    )
    return market.with_drop(drop, later)


def cancel_drop(market: Market, call: Call, drop: DropId) -> Market | Refused:
    """Give everybody everything back."""
    refusal = next(refusals_of_mentor(market, call, drop), None)
    return refusal or market.with_drop(drop, ended(market.drops[drop], DropState.CANCELLED))


def fail_drop(market: Market, call: Call, drop: DropId) -> Market | Refused:
    """Give everybody everything back, because the mentor did not assert delivery in time."""
    state = drop_state(market, drop)
    if state is not DropState.LIVE:
        return refused("SeatDrops_NotLive", drop, state)
    kept = market.drops[drop]
    if call.now <= kept.terms.deliver_by:
        return refused("SeatDrops_TooEarly", drop, kept.terms.deliver_by + 1, call.now)
    return market.with_drop(drop, ended(kept, DropState.FAILED))


def _out_of_bounds(field: str, value: int, least: int, most: int) -> Refused:
    name = field.encode().ljust(32, b"\0")
    return refused("SeatDrops_TermOutOfBounds", name, value, least, most)
