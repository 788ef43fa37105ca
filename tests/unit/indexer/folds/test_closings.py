from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from indexer.folds.folding import FoldContradicted
from indexer.folds.states import ClosingState, DropState, TierState
from marketplace.bindings import events
from marketplace.domain import drop as domain
from marketplace.domain.ids import DropId
from marketplace.domain.money import Bps, Wei
from tests.unit.indexer.folds.events_of import (
    ADA,
    CREATED,
    DROP,
    PRICE,
    SEAT,
    folded,
    minted,
    of,
    refunded,
)

if TYPE_CHECKING:
    from indexer.folds.folding import Row
    from marketplace.bindings.events import Event

Life = domain.DropState
ASSERTED: Final = events.DeliveryAsserted(DROP, b"\xee" * 32)
OBJECTED: Final = events.Objected(SEAT, ADA, PRICE)


def ended(*transactions: list[Event]) -> tuple[Row, ...]:
    """Two seats of 1,000, then these."""
    return folded([CREATED], minted(2), *transactions)


def last(rows: tuple[Row, ...]) -> tuple[Life, ClosingState]:
    return Life(of(DropState, rows)[-1].state), of(ClosingState, rows)[-1]


def disputed(owed: int, released: int = 0, *, wide: bool = True) -> Event:
    return events.DropDisputed(DROP, wide, Wei(owed), Wei(released))


def resolved(split: int, released: int) -> Event:
    return events.DropResolved(DROP, Bps(split), Wei(released), by_default=False)


def test_an_assertion_is_dated_by_its_block_and_keeps_its_evidence() -> None:
    state, closing = last(ended([ASSERTED]))

    assert state is Life.ASSERTED
    assert (closing.asserted_at, closing.evidence) == (3, "0x" + "ee" * 32)
    assert (closing.owed, closing.objected, closing.disputed_at) == (0, 0, 0)


def test_a_drop_that_is_settled_owes_nothing() -> None:
    state, closing = last(ended([ASSERTED], [events.DropSettled(DROP, Wei(2 * PRICE))]))

    assert (state, closing.owed, closing.asserted_at) == (Life.SETTLED, 0, 3)


@pytest.mark.parametrize(
    ("wide", "states"),
    [
        (False, (Life.DISPUTED_NARROW, Life.SPLIT_NARROW)),
        (True, (Life.DISPUTED_WIDE, Life.SPLIT_WIDE)),
    ],
)
def test_a_dispute_leaves_what_is_contested_and_a_decision_the_holders_share(
    wide: bool,  # noqa: FBT001 - a case of the test
    states: tuple[Life, Life],
) -> None:
    owed = 2 * PRICE if wide else PRICE
    dispute = disputed(owed, 2 * PRICE - owed, wide=wide)

    contested = last(ended([ASSERTED], [OBJECTED], [dispute]))
    decided = last(ended([ASSERTED], [OBJECTED], [dispute], [resolved(2_500, owed * 3 // 4)]))

    assert [contested[0], decided[0]] == list(states)
    assert (contested[1].owed, contested[1].disputed_at, contested[1].objected) == (owed, 5, PRICE)
    assert (decided[1].owed, decided[1].split_bps) == (owed // 4, 2_500)
    assert (decided[1].asserted_at, decided[1].disputed_at) == (3, 5)


@pytest.mark.parametrize(
    ("event", "wanted"),
    [(events.DropCancelled(DROP), Life.CANCELLED), (events.DropFailed(DROP), Life.FAILED)],
)
def test_a_drop_that_is_over_owes_the_faces_of_all_living_seats(event: Event, wanted: Life) -> None:
    rows = ended(refunded(), [event])

    state, closing = last(rows)
    assert (state, closing.owed) == (wanted, PRICE)
    # What the tiers say stays: the closing counts down from here.
    assert of(TierState, rows)[-1].escrowed == PRICE


CONTRADICTIONS: dict[str, list[list[Event]]] = {
    "never created": [[events.DeliveryAsserted(DropId(9), bytes(32))]],
    "is ASSERTED": [[ASSERTED], [ASSERTED]],
    "drop 7 is ASSERTED": [[ASSERTED], [events.DropCancelled(DROP)]],
    "is CANCELLED": [[events.DropCancelled(DROP)], [events.DropFailed(DROP)]],
    "is LIVE": [[events.DropSettled(DROP, Wei(2 * PRICE))]],
    "owes its seats 2000, not 1000": [[ASSERTED], [events.DropSettled(DROP, Wei(PRICE))]],
    "owes its seats 2000, not 2001": [[ASSERTED], [disputed(2 * PRICE, 1)]],
    "drop 7 is LIVE": [[resolved(0, 0)]],
    "owes 2000, not 2001": [[ASSERTED], [disputed(2 * PRICE)], [resolved(0, 2 * PRICE + 1)]],
    "is SPLIT_WIDE": [[ASSERTED], [disputed(2 * PRICE)], [resolved(0, 0)], [resolved(0, 0)]],
}


@pytest.mark.parametrize(("why", "history"), CONTRADICTIONS.items(), ids=list(CONTRADICTIONS))
def test_what_cannot_follow_stops_the_fold(why: str, history: list[list[Event]]) -> None:
    with pytest.raises(FoldContradicted, match=why):
        ended(*history)
