"""Folding a run of events: states before, rows after.

Owns the order, the place that each row gets and the rule that one event's effect is seen by the
next. Refuses to fetch a state: the caller gives every state that `needs_of` names. What an event
contradicts stops the fold, because a mirror that guessed would open doors on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from msgspec import Struct

from indexer.folds.states import Announced, Fact, State
from marketplace.domain.errors import MirrorInconsistent, typed_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from marketplace.bindings.events import Event
    from marketplace.bindings.events.delegations import DelegationEvent

S = TypeVar("S", bound=State)

AnyEvent: TypeAlias = "Event | DelegationEvent"
"""An event of any mirrored contract."""

Key: TypeAlias = tuple[type[State], tuple[object, ...]]
"""Which thing: the class of its state and the values of its key."""


@typed_error
class FoldContradicted(MirrorInconsistent):
    """An event cannot follow what the ledger holds before it."""

    code = "fold_contradicted"

    event: str
    block_number: int
    log_index: int
    why: str

    def _sentence(self) -> str:
        return (
            f"{self.event} at block {self.block_number}, log {self.log_index} cannot be folded: "
            f"{self.why}. Rebuild the mirror; if that ends here again, the contract is of another "
            "version than this program."
        )


class Occurrence(Struct, frozen=True, gc=False):
    """A typed event with all that the ledger says about where and when.

    Hashes are 0x and 64 lower-case hex digits; `timestamp_s` is the block's. Only decoding makes it
    by the order of its fields.
    """

    event: AnyEvent
    block_number: int
    block_hash: str
    timestamp_s: int
    tx_hash: str
    log_index: int

    def contradicted(self, why: str) -> FoldContradicted:
        """Make the error that stops the fold at this event."""
        name = type(self.event).__name__
        return FoldContradicted(name, self.block_number, self.log_index, why)


class Row(Struct, frozen=True, gc=False):
    """A state or fact with its place on the chain."""

    state: State
    block_number: int
    log_index: int
    block_hash: str


class Known:
    """The states as they are before an event; answers only what was announced as needed.

    What it is made of stays its maker's, who puts in what each event changes.
    """

    def __init__(self, states: Mapping[Key, State | None], announced: dict[int, Announced]) -> None:
        self._states = states
        self._announced = announced

    def find(self, kind: type[S], *key: object) -> S | None:
        """The state of a thing, or None when nothing has happened to it.

        Raises KeyError for a thing that `needs_of` did not name: a fold with a wrong `needs`.
        """
        found = self._states[(kind, key)]
        if found is not None and not isinstance(found, kind):
            raise TypeError(f"{key} is not the key of a {kind.__name__}")
        return found

    def announced(self, seat: int) -> Announced | None:
        """Take what was announced for a seat; it can be taken once."""
        return self._announced.pop(seat, None)


@dataclass(frozen=True, slots=True)
class Fold:
    """What an event needs to know and what it does; both pure, and both of one class of events."""

    needs: Callable[[Any], Iterable[Key]]
    step: Callable[[Any, Occurrence, Known], Iterable[State | Announced]]


def key_of(state: State) -> Key:
    """Say which thing a state is of."""
    return _key_reader(type(state))(state)


def needs_of(occurrences: Iterable[Occurrence], folds: Mapping[type, Fold]) -> set[Key]:
    """Name every state that folding these events will ask for."""
    needed: set[Key] = set()
    for occurrence in occurrences:
        event = occurrence.event
        needed.update(folds[type(event)].needs(event))
    return needed


def fold(
    occurrences: Iterable[Occurrence],
    known: Mapping[Key, State | None],
    folds: Mapping[type, Fold],
) -> tuple[Row, ...]:
    """Fold events, which stand in the order of the chain; gives rows in that order.

    Of a thing that is kept once a block, the last state of each block stays.

    Raises:
        FoldContradicted: an event does not fit what was before it.
    """
    held, announced = dict(known), dict[int, Announced]()
    states = Known(held, announced)
    rows: list[Row] = []
    places: dict[tuple[Key, int], int] = {}
    last: Occurrence | None = None
    for occurrence in occurrences:
        if announced and last is not None and last.tx_hash != occurrence.tx_hash:
            _require_kept(announced, last)
        event, number = occurrence.event, occurrence.block_number
        for state in folds[type(event)].step(event, occurrence, states):
            if isinstance(state, Announced):
                announced[state.seat] = state
                continue
            row = Row(state, number, occurrence.log_index, occurrence.block_hash)
            if isinstance(state, Fact):
                rows.append(row)
                continue
            key = key_of(state)
            held[key] = state
            place = places.setdefault((key, number), len(rows)) if state.ONCE_A_BLOCK else len(rows)
            if place == len(rows):
                rows.append(row)
            else:
                rows[place] = row
        last = occurrence
    if last is not None:
        _require_kept(announced, last)
    return tuple(rows)


def _require_kept(announced: Mapping[int, Announced], last: Occurrence) -> None:
    for left in announced.values():
        raise last.contradicted(
            f"a {left.change} of seat {left.seat} was announced and no transfer followed in the "
            "same transaction"
        )


@cache
def _key_reader(kind: type[State]) -> Callable[[State], Key]:
    if not kind.KEY:
        return lambda _state: (kind, ())
    read = attrgetter(*kind.KEY)
    if len(kind.KEY) > 1:
        return lambda state: (kind, read(state))
    # Of one name it gives the bare value.
    return lambda state: (kind, (read(state),))
