"""How drops end: asserted, settled, disputed, decided, cancelled, failed.

Owns the steps of `DeliveryAsserted`, `DropSettled`, `DropDisputed`, `DropResolved`,
`DropCancelled` and `DropFailed`: the state of a drop, and E from its end on. Until then E is what
the tiers say. Refuses to judge times and majorities: the contract has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from indexer.folds.drops import drop_key, existing
from indexer.folds.states import ClosingState, State, TierState
from marketplace.domain.drop import DropState as Life
from marketplace.domain.ids import MAX_TIER, TierIndex
from marketplace.domain.money import NO_MONEY, Bps, Wei

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from indexer.folds.folding import Key, Known, Occurrence
    from indexer.folds.states import DropState
    from marketplace.bindings import events
    from marketplace.domain.ids import DropId


def closing_key(drop: DropId) -> Key:
    """How a drop ends."""
    return ClosingState, (drop,)


def closing_of(drop: DropId, known: Known) -> ClosingState:
    """How a drop is ending; all zeros where it is not."""
    return known.find(ClosingState, drop) or ClosingState(
        drop_id=drop,
        asserted_at=0,
        evidence=f"0x{bytes(32).hex()}",
        objected=NO_MONEY,
        disputed_at=0,
        split_bps=Bps(0),
        owed=NO_MONEY,
    )


def assertion_needs(event: events.DeliveryAsserted | events.DropResolved) -> Iterable[Key]:
    """The drop and how it is ending."""
    return drop_key(event.drop), closing_key(event.drop)


def asserted(event: events.DeliveryAsserted, at: Occurrence, known: Known) -> Iterator[State]:
    """Let objections begin."""
    drop = _in(event.drop, (Life.LIVE,), at, known)
    yield replace(drop, state=int(Life.ASSERTED))
    yield replace(
        closing_of(event.drop, known),
        asserted_at=at.timestamp_s,
        evidence=f"0x{event.evidence.hex()}",
    )


def ending_needs(
    event: events.DropSettled | events.DropDisputed | events.DropCancelled | events.DropFailed,
) -> Iterable[Key]:
    """The drop, how it is ending, and every tier that it can have: together they are E."""
    yield drop_key(event.drop)
    yield closing_key(event.drop)
    for tier in range(MAX_TIER + 1):
        yield TierState, (event.drop, TierIndex(tier))


def settled(event: events.DropSettled, at: Occurrence, known: Known) -> Iterator[State]:
    """Let the drop owe nothing: all of E went to the mentor."""
    drop = _in(event.drop, (Life.ASSERTED,), at, known)
    _require_owed(event.released, event.drop, at, known)
    # Nobody objected, so the closing says already that nothing is owed.
    yield replace(drop, state=int(Life.SETTLED))


def disputed(event: events.DropDisputed, at: Occurrence, known: Known) -> Iterator[State]:
    """Let the drop owe what is in dispute; the rest went to the mentor."""
    drop = _in(event.drop, (Life.ASSERTED,), at, known)
    _require_owed(event.owed + event.released, event.drop, at, known)
    yield replace(drop, state=int(Life.DISPUTED_WIDE if event.wide else Life.DISPUTED_NARROW))
    yield replace(closing_of(event.drop, known), disputed_at=at.timestamp_s, owed=event.owed)


def resolved(event: events.DropResolved, at: Occurrence, known: Known) -> Iterator[State]:
    """Let the drop owe the holders' share, and what rounding left of the mentor's."""
    drop = _in(event.drop, (Life.DISPUTED_NARROW, Life.DISPUTED_WIDE), at, known)
    closing = closing_of(event.drop, known)
    if event.released > closing.owed:
        raise at.contradicted(f"drop {event.drop} owes {closing.owed}, not {event.released}")
    wide = drop.state == Life.DISPUTED_WIDE
    yield replace(drop, state=int(Life.SPLIT_WIDE if wide else Life.SPLIT_NARROW))
    yield replace(closing, split_bps=event.split, owed=Wei(closing.owed - event.released))


def cancelled(event: events.DropCancelled, at: Occurrence, known: Known) -> Iterator[State]:
    """Let everybody have everything back."""
    return _over(event.drop, Life.CANCELLED, at, known)


def failed(event: events.DropFailed, at: Occurrence, known: Known) -> Iterator[State]:
    """Let everybody have everything back."""
    return _over(event.drop, Life.FAILED, at, known)


def _over(named: DropId, state: Life, at: Occurrence, known: Known) -> Iterator[State]:
    drop = _in(named, (Life.LIVE,), at, known)
    yield replace(drop, state=int(state))
    yield replace(closing_of(named, known), owed=_faces(named, known))


def _in(named: DropId, states: tuple[Life, ...], at: Occurrence, known: Known) -> DropState:
    drop = existing(named, at, known)
    if drop.state not in states:
        raise at.contradicted(f"drop {named} is {Life(drop.state).name}")
    return drop


def _faces(drop: DropId, known: Known) -> Wei:
    tiers = (known.find(TierState, drop, TierIndex(tier)) for tier in range(MAX_TIER + 1))
    return Wei(sum(tier.escrowed for tier in tiers if tier is not None))


def _require_owed(amount: int, drop: DropId, at: Occurrence, known: Known) -> None:
    faces = _faces(drop, known)
    if amount != faces:
        raise at.contradicted(f"drop {drop} owes its seats {faces}, not {amount}")
