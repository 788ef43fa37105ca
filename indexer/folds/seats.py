"""What happens to seats: minted, granted, sold, given, burned, held for, cancelled, locked.

Owns the steps of `SeatsMinted`, `SeatsGranted`, `SeatSold`, `Transfer`, `Held`,
`ListingsCancelled`, `Locked` and `ListingStored`. The contract announces a mint, a sale or a burn
and then transfers, in one transaction: the transfer makes the state, the announcement says why. A
transfer that nothing announced is a gift, or an approved account's move of a seat of an OPEN drop.
Refuses to say whether a seat may move: it has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

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
from marketplace.domain.words import SeatFlag

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from indexer.folds.folding import Key, Known, Occurrence
    from marketplace.bindings import events


def seat_key(seat: SeatId) -> Key:
    """The thing that a seat's id names."""
    return SeatState, (seat,)


def tier_key(seat: SeatId) -> Key:
    """The tier that a seat's id names."""
    return TierState, (seat.drop, seat.tier)


def minting_needs(event: events.SeatsMinted) -> Iterable[Key]:
    """The tier and the phase whose sales are counted."""
    return tier_key(event.first), (PhaseState, (event.first.drop, event.phase))


def minted(event: events.SeatsMinted, at: Occurrence, known: Known) -> Iterator[State | Announced]:
    """Count the seats and announce a transfer for each."""
    first, quantity = event.first, event.quantity
    tier = known.find(TierState, first.drop, first.tier)
    phase = known.find(PhaseState, first.drop, event.phase)
    if tier is None or phase is None or phase.tier != first.tier:
        raise at.contradicted(f"drop {first.drop} has no such tier and phase")
    yield _issued(tier, first, quantity, phase.price, at)
    yield replace(phase, sold=phase.sold + quantity)
    yield Mint(
        first_seat=first,
        quantity=quantity,
        phase=event.phase,
        account=event.account,
        referrer=event.referrer,
        price=phase.price,
    )
    yield from _births(first, quantity, event.phase, phase.price, 0)


def granting_needs(event: events.SeatsGranted) -> Iterable[Key]:
    """The tier that the seats are taken from."""
    return (tier_key(event.first),)


def granted(
    event: events.SeatsGranted, at: Occurrence, known: Known
) -> Iterator[State | Announced]:
    """Count the seats, which have no face and no phase of their own, and announce each.

    No mint is recorded: nobody paid, and no phase counts it.
    """
    tier = known.find(TierState, event.first.drop, event.first.tier)
    if tier is None:
        raise at.contradicted(f"drop {event.first.drop} has no such tier")
    yield _issued(tier, event.first, event.quantity, NO_MONEY, at)
    yield from _births(event.first, event.quantity, PhaseIndex(0), NO_MONEY, int(SeatFlag.GRANTED))


def sale_needs(event: events.SeatSold) -> Iterable[Key]:
    """The seat that is sold."""
    return (seat_key(event.seat),)


def sold(event: events.SeatSold, at: Occurrence, known: Known) -> Iterable[State | Announced]:
    """Record the sale and announce its transfer."""
    seat = living(event.seat, at, known)
    sale = Sale(
        seat=event.seat,
        seller=event.seller,
        buyer=event.buyer,
        price=event.price,
        royalty=event.royalty,
    )
    announced = Announced(
        seat=event.seat,
        change="sale",
        owner=event.buyer,
        phase=seat.phase,
        face=seat.face,
        flags=seat.flags,
        adds=event.royalty,
        beneficiary=seat.beneficiary,
    )
    return sale, announced


def transfer_needs(event: events.Transfer) -> Iterable[Key]:
    """The seat."""
    return (seat_key(event.id),)


def transferred(event: events.Transfer, at: Occurrence, known: Known) -> Iterable[State]:
    """Give the seat its new owner."""
    announced = known.announced(event.id)
    if event.from_ == ZERO_ADDRESS:
        return (_born(event, announced, at, known),)
    seat = living(event.id, at, known)
    if seat.owner != event.from_:
        raise at.contradicted(f"it moves from {event.from_}, but {seat.owner} owns the seat")
    if announced is None:
        if event.to == ZERO_ADDRESS:
            raise at.contradicted(f"no refund of seat {event.id} was announced")
        return (
            replace(
                seat,
                change="gift",
                owner=event.to,
                epoch=seat.epoch + 1,
                moved_at=at.timestamp_s,
                moved_block=at.block_number,
            ),
        )
    if announced.change == "mint" or announced.owner != event.to:
        raise at.contradicted(f"it goes to {event.to}, not where the {announced.change} said")
    return (
        replace(
            seat,
            change=announced.change,
            owner=event.to,
            # A burned seat keeps its word: no listing of it can come back to life.
            epoch=seat.epoch + (announced.change == "sale"),
            moved_at=at.timestamp_s,
            moved_block=at.block_number,
            held=Wei(seat.held + announced.adds),
            beneficiary=announced.beneficiary,
        ),
    )


def held_needs(event: events.Held) -> Iterable[Key]:
    """The seat that the money waits with."""
    return (seat_key(event.seat),)


def held(event: events.Held, at: Occurrence, known: Known) -> Iterable[State]:
    """Let more wait with the seat."""
    seat = living(event.seat, at, known)
    return (replace(seat, change="hold", held=Wei(seat.held + event.amount)),)


def cancelling_needs(event: events.ListingsCancelled) -> Iterable[Key]:
    """The seat whose listings die."""
    return (seat_key(event.seat),)


def cancelled(event: events.ListingsCancelled, at: Occurrence, known: Known) -> Iterable[State]:
    """Raise the epoch."""
    seat = living(event.seat, at, known)
    if event.epoch != seat.epoch + 1:
        raise at.contradicted(f"epoch {event.epoch} does not follow {seat.epoch}")
    return (replace(seat, change="cancel", epoch=event.epoch),)


def locking_needs(event: events.Locked) -> Iterable[Key]:
    """The seat that stays."""
    return (seat_key(event.token_id),)


def locked(event: events.Locked, at: Occurrence, known: Known) -> Iterable[State]:
    """Note that it will not move again."""
    return (replace(living(event.token_id, at, known), change="lock", locked=1),)


def listed(event: events.ListingStored, _at: Occurrence, _known: Known) -> Iterable[State]:
    """Record the listing; a listing that was dead from the start is recorded too."""
    return (
        StoredListing(
            seat=event.seat,
            seller=event.seller,
            taker=event.taker,
            price=event.price,
            epoch=event.epoch,
            counter=event.counter,
            terms_version=event.terms_version,
            expiry=event.expiry,
        ),
    )


def _issued(tier: TierState, first: SeatId, quantity: int, face: Wei, at: Occurrence) -> TierState:
    if first.number != tier.issued + 1:
        raise at.contradicted(f"seat {tier.issued + 1} of the tier should be the next")
    return replace(
        tier,
        issued=tier.issued + quantity,
        live=tier.live + quantity,
        escrowed=Wei(tier.escrowed + face * quantity),
    )


def _births(
    first: SeatId, quantity: int, phase: PhaseIndex, face: Wei, flags: int
) -> Iterator[Announced]:
    for number in range(quantity):
        yield Announced(
            seat=SeatId(first + number),
            change="mint",
            owner=None,
            phase=phase,
            face=face,
            flags=flags,
            adds=NO_MONEY,
            beneficiary=ZERO_ADDRESS,
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
        phase=announced.phase,
        flags=announced.flags,
        locked=0,
        face=announced.face,
        held=announced.adds,
        beneficiary=announced.beneficiary,
    )


def living(seat: SeatId, at: Occurrence, known: Known) -> SeatState:
    """A seat that somebody owns; anything else contradicts the event."""
    found = known.find(SeatState, seat)
    if found is None or found.owner == ZERO_ADDRESS:
        raise at.contradicted(f"seat {seat} is not alive")
    return found
