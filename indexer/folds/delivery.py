"""What one seat is good for, from check-in to the last claim.

Owns the steps of `SeatRefunded`, `CheckedIn`, `Objected`, `Claimed` and `Collected`: the flags of a
seat, what waits with it (K), and what each takes from what the drop owes (E). Locking is told by
`Locked`, what the mentor gets by `Credited`. Refuses to judge times and shares: the contract has.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec.structs import replace

from indexer.folds.closings import closing_key, closing_of
from indexer.folds.seats import living, seat_key, tier_key
from indexer.folds.states import Announced, PhaseState, SeatState, State, TierState
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.bounds import MAX_PHASES
from marketplace.domain.ids import PhaseIndex
from marketplace.domain.money import NO_MONEY, Wei
from marketplace.domain.words import SeatFlag

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from indexer.folds.folding import Key, Known, Occurrence
    from marketplace.bindings import events
    from marketplace.domain.ids import DropId, SeatId


def refund_needs(event: events.SeatRefunded) -> Iterable[Key]:
    """The seat, its tier, and every phase: only the seat knows in which it was minted."""
    return seat_key(event.seat), tier_key(event.seat), *_phase_keys(event.seat.drop)


def refunded(
    event: events.SeatRefunded, at: Occurrence, known: Known
) -> Iterator[State | Announced]:
    """Give the seat back to its tier and phase, and announce that it is burned.

    The penalty waits with the burned seat, and whoever gave it back is whom it may yet be paid to.
    """
    seat = living(event.seat, at, known)
    if seat.owner != event.account:
        raise at.contradicted(f"{event.account} gives back what {seat.owner} owns")
    if event.paid + event.penalty != seat.face:
        raise at.contradicted(f"payment and penalty are not the face of seat {event.seat}")
    tier = known.find(TierState, event.seat.drop, event.seat.tier)
    phase = known.find(PhaseState, event.seat.drop, seat.phase)
    if tier is None or phase is None:
        raise at.contradicted("its tier and phase were never created")
    yield replace(tier, live=tier.live - 1, escrowed=Wei(tier.escrowed - seat.face))
    # The contract counts living seats where `supply` bounds them; here they are counted everywhere.
    yield replace(phase, sold=phase.sold - 1)
    yield Announced(
        seat=event.seat,
        change="burn",
        owner=ZERO_ADDRESS,
        phase=seat.phase,
        face=seat.face,
        flags=seat.flags,
        adds=event.penalty,
        beneficiary=event.account,
    )


def check_in_needs(event: events.CheckedIn) -> Iterable[Key]:
    """The seat."""
    return (seat_key(event.seat),)


def checked_in(event: events.CheckedIn, at: Occurrence, known: Known) -> Iterator[State]:
    """Note that its holder was there; `Locked` follows."""
    seat = _held_by(event.holder, event.seat, at, known)
    yield replace(seat, change="check_in", flags=seat.flags | int(SeatFlag.CHECKED_IN))


def objection_needs(event: events.Objected) -> Iterable[Key]:
    """The seat, and how its drop is ending."""
    return seat_key(event.seat), closing_key(event.seat.drop)


def objected(event: events.Objected, at: Occurrence, known: Known) -> Iterator[State]:
    """Put its face under objection; `Locked` follows."""
    seat = _held_by(event.holder, event.seat, at, known)
    if event.face != seat.face:
        raise at.contradicted(f"{event.face} is not the face of seat {event.seat}")
    yield replace(seat, change="object", flags=seat.flags | int(SeatFlag.OBJECTED))
    closing = closing_of(event.seat.drop, known)
    yield replace(closing, objected=Wei(closing.objected + event.face))


def claim_needs(event: events.Claimed) -> Iterable[Key]:
    """The seat, and what its drop still owes."""
    return seat_key(event.seat), closing_key(event.seat.drop)


def claimed(event: events.Claimed, at: Occurrence, known: Known) -> Iterator[State]:
    """Pay the seat out: its part of E is gone, and nothing waits with it any more."""
    seat = _ever(event.seat, at, known)
    payee = seat.beneficiary if seat.owner == ZERO_ADDRESS else seat.owner
    if event.account != payee:
        raise at.contradicted(f"seat {event.seat} pays {payee}, not {event.account}")
    if seat.flags & SeatFlag.CLAIMED:
        raise at.contradicted(f"seat {event.seat} was paid out before")
    _require_all(event.held + event.released, seat, at)
    closing = closing_of(event.seat.drop, known)
    if event.face > closing.owed:
        raise at.contradicted(f"the drop owes {closing.owed}, less than {event.face}")
    yield replace(seat, change="claim", flags=seat.flags | int(SeatFlag.CLAIMED), held=NO_MONEY)
    yield replace(closing, owed=Wei(closing.owed - event.face))


def collection_needs(event: events.Collected) -> Iterable[Key]:
    """The seat that the money waits with."""
    return (seat_key(event.seat),)


def collected(event: events.Collected, at: Occurrence, known: Known) -> Iterator[State]:
    """Let nothing wait with the seat any more."""
    seat = _ever(event.seat, at, known)
    _require_all(event.amount, seat, at)
    yield replace(seat, change="collect", held=NO_MONEY)


@lru_cache(maxsize=1_024)
def _phase_keys(drop: DropId) -> tuple[Key, ...]:
    """Every phase that a drop can have; a drop's refunds come by the hundred."""
    return tuple((PhaseState, (drop, PhaseIndex(phase))) for phase in range(MAX_PHASES))


def _held_by(holder: str, named: SeatId, at: Occurrence, known: Known) -> SeatState:
    seat = living(named, at, known)
    if seat.owner != holder:
        raise at.contradicted(f"{seat.owner} holds seat {named}, not {holder}")
    return seat


def _ever(named: SeatId, at: Occurrence, known: Known) -> SeatState:
    found = known.find(SeatState, named)
    if found is None:
        raise at.contradicted(f"seat {named} was never minted")
    return found


def _require_all(amount: int, seat: SeatState, at: Occurrence) -> None:
    if amount != seat.held:
        raise at.contradicted(f"{seat.held} waits with seat {seat.seat}, not {amount}")
