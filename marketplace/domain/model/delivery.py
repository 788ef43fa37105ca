"""From check-in to a decision: what ends a drop well, or in a dispute.

Owns check-in, the mentor's assertion, objections, settling and deciding. Refuses what a single
seat is paid: `marketplace.domain.model.claiming` does.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from marketplace.domain.drop import DropState
from marketplace.domain.escrow import (
    decision_ends,
    is_disputed,
    is_narrow,
    mentors_part,
    objections_end,
)
from marketplace.domain.model import money
from marketplace.domain.model.refusals import Digest, Refused, is_nobody, refused, unknown_seat
from marketplace.domain.model.state import drop_state
from marketplace.domain.model.steering import refusals_of_mentor
from marketplace.domain.money import NO_MONEY, WHOLE_BPS, Bps, Wei

if TYPE_CHECKING:
    from collections.abc import Iterator

    from marketplace.domain.ids import DropId, SeatId
    from marketplace.domain.model.state import Account, Call, Drop, Market


def refusals_of_state(market: Market, drop: DropId, wanted: DropState) -> Iterator[Refused]:
    """Why this is not done now."""
    state = drop_state(market, drop)
    if state is not wanted:
        yield refused("SeatDelivery_WrongState", drop, state)


def check_in(
    market: Market, call: Call, seat: SeatId, expiry: int, signed_by: tuple[Account, Account]
) -> Market | Refused:
    """Check a holder in, once: it ends moving and the refund window.

    Args:
        market: Before.
        call: By the holder, the verifier or anybody.
        seat: Whose holder is there.
        expiry: The last second at which the signatures count.
        signed_by: Who signed seat, epoch and expiry in the holder's and in the verifier's place.
    """
    refusal = next(_refusals_of_check_in(market, call, seat, expiry, signed_by), None)
    return refusal or market.with_seat(seat, replace(market.seats[seat], checked_in=True))


def _refusals_of_check_in(
    market: Market, call: Call, seat: SeatId, expiry: int, signed_by: tuple[Account, Account]
) -> Iterator[Refused]:
    kept = market.living(seat)
    if kept is None:
        yield unknown_seat(seat)
        return
    yield from refusals_of_state(market, seat.drop, DropState.LIVE)
    terms = market.drops[seat.drop].terms
    if call.now < terms.starts_at:
        yield refused("SeatDelivery_TooEarly", seat.drop, terms.starts_at, call.now)
    if kept.checked_in:
        yield refused("SeatDelivery_CheckedIn", seat)
    if call.now > expiry:
        yield refused("SeatDelivery_CheckInExpired", expiry, call.now)
    if is_nobody(terms.verifier):
        yield refused("SeatDelivery_VerifierMissing", seat.drop)
    if kept.owner not in {call.sender, signed_by[0]}:
        yield refused("SeatDelivery_HolderAbsent", kept.owner, Digest.UNKNOWN)
    if terms.verifier not in {call.sender, signed_by[1]}:
        yield refused("SeatDelivery_VerifierAbsent", terms.verifier, Digest.UNKNOWN)


def assert_delivery(market: Market, call: Call, drop: DropId) -> Market | Refused:
    """The mentor says that everything was delivered; the evidence is published, not judged."""
    refusal = next(refusals_of_mentor(market, call, drop), None)
    if refusal is not None:
        return refusal
    kept = market.drops[drop]
    if call.now < kept.terms.ends_at:
        return refused("SeatDrops_TooEarly", drop, kept.terms.ends_at, call.now)
    if call.now > kept.terms.deliver_by:
        return refused("SeatDrops_TooLate", drop, kept.terms.deliver_by, call.now)
    asserted = replace(kept, state=DropState.ASSERTED, asserted_at=call.now)
    return market.with_drop(drop, asserted)


def object_to(market: Market, call: Call, seat: SeatId) -> Market | Refused:
    """The holder of a seat that cost something contests the assertion, once."""
    refusal = next(_refusals_of_objection(market, call, seat), None)
    if refusal is not None:
        return refusal
    drop, kept = market.drops[seat.drop], market.seats[seat]
    contested = replace(drop, open_face=Wei(drop.open_face + drop.face(kept)))
    return market.with_drop(seat.drop, contested).with_seat(seat, replace(kept, objected=True))


def _refusals_of_objection(market: Market, call: Call, seat: SeatId) -> Iterator[Refused]:
    kept = market.living(seat)
    if kept is None:
        yield unknown_seat(seat)
        return
    if call.sender != kept.owner:
        yield refused("SeatToken_NotOwner", seat, kept.owner, call.sender)
    yield from refusals_of_state(market, seat.drop, DropState.ASSERTED)
    drop = market.drops[seat.drop]
    until = objections_end(drop.asserted_at, drop.terms.challenge_days)
    if call.now > until:
        yield refused("SeatDelivery_TooLate", seat.drop, until, call.now)
    if kept.objected:
        yield refused("SeatDelivery_ObjectedAlready", seat)
    if not drop.face(kept):
        yield refused("SeatDelivery_NoFace", seat)


def settle(market: Market, call: Call, drop: DropId) -> Market | Refused:
    """After the challenge window: pay the mentor what nobody contests, or open the dispute."""
    refusal = next(refusals_of_state(market, drop, DropState.ASSERTED), None)
    if refusal is not None:
        return refusal
    kept = market.drops[drop]
    until = objections_end(kept.asserted_at, kept.terms.challenge_days)
    if call.now <= until:
        return refused("SeatDelivery_TooEarly", drop, until + 1, call.now)
    owed, objected = kept.faces, kept.open_face
    if not objected:
        settled = replace(kept, state=DropState.SETTLED, open_face=NO_MONEY)
        return money.release(market.with_drop(drop, settled), drop, owed)
    if is_narrow(objected, owed):
        narrow = replace(kept, state=DropState.DISPUTED_NARROW, disputed_at=call.now)
        return money.release(market.with_drop(drop, narrow), drop, Wei(owed - objected))
    wide = replace(kept, state=DropState.DISPUTED_WIDE, disputed_at=call.now, open_face=owed)
    return market.with_drop(drop, wide)


def resolve(market: Market, call: Call, drop: DropId, split: int) -> Market | Refused:
    """The resolver gives the holders in dispute a share of their faces."""
    refusal = next(_refusals_of_dispute(market, drop), None)
    if refusal is not None:
        return refusal
    kept = market.drops[drop]
    until = decision_ends(kept.disputed_at)
    if call.sender != kept.terms.resolver:
        return refused("SeatDelivery_NotResolver", drop, kept.terms.resolver, call.sender)
    if call.now > until:
        return refused("SeatDelivery_TooLate", drop, until, call.now)
    if split > WHOLE_BPS:
        return refused("SeatDelivery_SplitTooLarge", split, WHOLE_BPS)
    return _decided(market, drop, kept, Bps(split))


def resolve_by_default(market: Market, call: Call, drop: DropId) -> Market | Refused:
    """Nothing for the holders of a narrow dispute, the drop's own term in a wide one."""
    refusal = next(_refusals_of_dispute(market, drop), None)
    if refusal is not None:
        return refusal
    kept = market.drops[drop]
    until = decision_ends(kept.disputed_at)
    if call.now <= until:
        return refused("SeatDelivery_TooEarly", drop, until + 1, call.now)
    wide = kept.state is DropState.DISPUTED_WIDE
    return _decided(market, drop, kept, kept.terms.default_split if wide else Bps(0))


def _refusals_of_dispute(market: Market, drop: DropId) -> Iterator[Refused]:
    state = drop_state(market, drop)
    if not is_disputed(state):
        yield refused("SeatDelivery_WrongState", drop, state)


def _decided(market: Market, drop: DropId, kept: Drop, split: Bps) -> Market:
    owed = kept.open_face
    released = mentors_part(owed, split)
    wide = kept.state is DropState.DISPUTED_WIDE
    decided = replace(
        kept,
        state=DropState.SPLIT_WIDE if wide else DropState.SPLIT_NARROW,
        open_face=Wei(owed - released),
        split=split,
    )
    return money.release(market.with_drop(drop, decided), drop, released)
