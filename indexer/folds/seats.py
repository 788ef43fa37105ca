"""What happens to seats: minted, sold, given, burned, held for, cancelled, locked.

Owns the steps of `SeatsMinted`, `SeatSold`, `Transfer`, `Held`, `ListingsCancelled`, `Locked` and
`ListingStored`. The contract announces a mint or a sale and then transfers, in one transaction: the
transfer makes the state, the announcement says why. A transfer that nothing announced is a gift.
Refuses to say whether a seat may move: it has.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from indexer.folds.states import (
    Announced,
    Mint,
    PhaseState,
    Sale,
    SeatState,
    State,
    StoredListing,
    TierState,
)
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.ids import PhaseIndex, SeatId
from marketplace.domain.money import NO_MONEY, Wei

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from indexer.folds.folding import Key, Known, Occurrence
    from marketplace.bindings import events


def seat_key(seat: SeatId) -> Key:
    """The thing that a seat's id names."""
    return SeatState, (seat,)


def _tier_key(seat: SeatId) -> Key:
    return TierState, (seat.drop, seat.tier)


def minting_needs(event: events.SeatsMinted) -> Iterable[Key]:
    """The tier and the phase whose sales are counted."""
    return _tier_key(event.first), (PhaseState, (event.first.drop, event.phase))


def minted(event: events.SeatsMinted, at: Occurrence, known: Known) -> Iterator[State | Announced]:
    """Count the seats and announce a transfer for each."""
    first, quantity = event.first, event.quantity
    tier = known.find(TierState, first.drop, first.tier)
    phase = known.find(PhaseState, first.drop, event.phase)
    if tier is None or phase is None or phase.tier != first.tier:
        raise at.contradicted(f"drop {first.drop} has no such tier and phase")
    if first.number != tier.issued + 1:
        raise at.contradicted(f"seat {tier.issued + 1} of the tier should be the next")
    yield replace(
        tier,
        issued=tier.issued + quantity,
        live=tier.live + quantity,
        escrowed=Wei(tier.escrowed + phase.price * quantity),
    )
    yield replace(phase, sold=phase.sold + quantity)
    yield Mint(
        first_seat=first,
        quantity=quantity,
        phase=event.phase,
        account=event.account,
        referrer=event.referrer,
        price=phase.price,
    )
    for number in range(quantity):
        yield Announced(
            seat=SeatId(first + number),
            change="mint",
            owner=None,
            phase=event.phase,
            face=phase.price,
            royalty=NO_MONEY,
        )


def sale_needs(event: events.SeatSold) -> Iterable[Key]:
    """The seat that is sold."""
    return (seat_key(event.seat),)


def sold(event: events.SeatSold, at: Occurrence, known: Known) -> Iterator[State | Announced]:
    """Record the sale and announce its transfer."""
    seat = _living(event.seat, at, known)
    yield Sale(
        seat=event.seat,
        seller=event.seller,
        buyer=event.buyer,
        price=event.price,
        royalty=event.royalty,
    )
    yield Announced(
        seat=event.seat,
        change="sale",
        owner=event.buyer,
        phase=seat.phase,
        face=seat.face,
        royalty=event.royalty,
    )


def transfer_needs(event: events.Transfer) -> Iterable[Key]:
    """The seat; its tier too when it is burned."""
    yield seat_key(event.id)
    if event.to == ZERO_ADDRESS:
        yield _tier_key(event.id)


def transferred(event: events.Transfer, at: Occurrence, known: Known) -> Iterator[State]:
    """Give the seat its new owner."""
    announced = known.announced(event.id)
    if event.from_ == ZERO_ADDRESS:
        yield _born(event, announced, at, known)
        return
    seat = _living(event.id, at, known)
    if seat.owner != event.from_:
        raise at.contradicted(f"it moves from {event.from_}, but {seat.owner} owns the seat")
    moved = replace(seat, owner=event.to, moved_at=at.timestamp_s, moved_block=at.block_number)
    if event.to == ZERO_ADDRESS:
        # What the drop owed for it is not touched: the event that burned it says where that went.
        yield replace(moved, change="burn")
        tier = known.find(TierState, event.id.drop, event.id.tier)
        if tier is None:
            raise at.contradicted("its tier was never created")
        yield replace(tier, live=tier.live - 1)
        return
    if announced is not None and (announced.change, announced.owner) != ("sale", event.to):
        raise at.contradicted(f"it goes to {event.to}, not where the {announced.change} said")
    yield replace(
        moved,
        change="gift" if announced is None else "sale",
        epoch=seat.epoch + 1,
        held=Wei(seat.held + (NO_MONEY if announced is None else announced.royalty)),
    )


def held_needs(event: events.Held) -> Iterable[Key]:
    """The seat that the money waits with."""
    return (seat_key(event.seat),)


def held(event: events.Held, at: Occurrence, known: Known) -> Iterator[State]:
    """Let more wait with the seat."""
    seat = _living(event.seat, at, known)
    yield replace(seat, change="hold", held=Wei(seat.held + event.amount))


def cancelling_needs(event: events.ListingsCancelled) -> Iterable[Key]:
    """The seat whose listings die."""
    return (seat_key(event.seat),)


def cancelled(event: events.ListingsCancelled, at: Occurrence, known: Known) -> Iterator[State]:
    """Raise the epoch."""
    seat = _living(event.seat, at, known)
    if event.epoch != seat.epoch + 1:
        raise at.contradicted(f"epoch {event.epoch} does not follow {seat.epoch}")
    yield replace(seat, change="cancel", epoch=event.epoch)


def locking_needs(event: events.Locked) -> Iterable[Key]:
    """The seat that stays."""
    return (seat_key(event.token_id),)


def locked(event: events.Locked, at: Occurrence, known: Known) -> Iterator[State]:
    """Note that it will not move again."""
    yield replace(_living(event.token_id, at, known), change="lock", locked=1)


def listed(event: events.ListingStored, _at: Occurrence, _known: Known) -> Iterator[State]:
    """Record the listing; a listing that was dead from the start is recorded too."""
    yield StoredListing(
        seat=event.seat,
        seller=event.seller,
        taker=event.taker,
        price=event.price,
        epoch=event.epoch,
        counter=event.counter,
        terms_version=event.terms_version,
        expiry=event.expiry,
    )


def _born(
    event: events.Transfer, announced: Announced | None, at: Occurrence, known: Known
) -> SeatState:
    if known.find(SeatState, event.id) is not None:
        raise at.contradicted(f"seat {event.id} exists already")
    if announced is None or announced.change != "mint":
        raise at.contradicted(f"no mint of seat {event.id} was announced")
    return SeatState(
        seat=event.id,
        change="mint",
        owner=event.to,
        epoch=0,
        moved_at=at.timestamp_s,
        moved_block=at.block_number,
        phase=PhaseIndex(announced.phase),
        flags=0,
        locked=0,
        face=announced.face,
        held=NO_MONEY,
    )


def _living(seat: SeatId, at: Occurrence, known: Known) -> SeatState:
    found = known.find(SeatState, seat)
    if found is None or found.owner == ZERO_ADDRESS:
        raise at.contradicted(f"seat {seat} is not alive")
    return found
