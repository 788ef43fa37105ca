from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from indexer.folds.folding import FoldContradicted
from indexer.folds.states import ClosingState, PhaseState, SeatState, TierState
from marketplace.bindings import events
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.ids import SeatId
from marketplace.domain.money import Wei
from marketplace.domain.words import SeatFlag
from tests.unit.indexer.folds.events_of import (
    ADA,
    BO,
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
    from marketplace.bindings.events import Event

SECOND: Final = SeatId(SEAT + 1)
ASSERTED: Final = events.DeliveryAsserted(DROP, b"\xee" * 32)
CANCELLED: Final = events.DropCancelled(DROP)
HELD: Final = events.Held(SEAT, Wei(7))


def claimed(seat: int = SEAT, face: int = PRICE, held: int = 0, released: int = 0) -> Event:
    return events.Claimed(SeatId(seat), ADA, Wei(face), Wei(held), Wei(released))


def test_a_seat_that_is_given_back_is_burned_and_its_supply_is_there_again() -> None:
    rows = folded([CREATED], minted(2), [HELD], refunded())

    burned, tier = of(SeatState, rows)[-1], of(TierState, rows)[-1]
    assert (burned.owner, burned.change, burned.epoch) == (ZERO_ADDRESS, "burn", 0)
    assert (burned.held, burned.beneficiary, burned.face) == (37, ADA, PRICE)
    assert (tier.issued, tier.live, tier.escrowed) == (2, 1, PRICE)
    assert of(PhaseState, rows)[-1].sold == 1


def test_a_refund_without_penalty_leaves_what_waited() -> None:
    burned = of(SeatState, folded([CREATED], minted(), [HELD], refunded(penalty=0)))[-1]

    assert (burned.held, burned.beneficiary) == (7, ADA)


def test_whoever_was_checked_in_stays() -> None:
    told: list[Event] = [events.CheckedIn(SEAT, ADA, BO), events.Locked(SEAT)]

    flagged, locked = of(SeatState, folded([CREATED], minted(), told))[-2:]

    assert (flagged.change, flagged.flags, flagged.locked) == ("check_in", SeatFlag.CHECKED_IN, 0)
    assert (locked.change, locked.flags, locked.locked) == ("lock", SeatFlag.CHECKED_IN, 1)
    assert locked.moved_at == 2


def test_objections_add_up_beside_what_happened_before() -> None:
    there = events.CheckedIn(SEAT, ADA, BO)
    objections: list[Event] = [
        events.Objected(SEAT, ADA, PRICE),
        events.Objected(SECOND, ADA, PRICE),
    ]

    rows = folded([CREATED], minted(2), [there], [ASSERTED], objections)

    assert [seat.flags for seat in of(SeatState, rows)[-2:]] == [
        SeatFlag.CHECKED_IN | SeatFlag.OBJECTED,
        SeatFlag.OBJECTED,
    ]
    assert of(ClosingState, rows)[-1].objected == 2 * PRICE


def test_a_claim_pays_face_and_all_that_waits() -> None:
    rows = folded([CREATED], minted(2), [HELD], [CANCELLED], [claimed(held=7)])

    seat, closing = of(SeatState, rows)[-1], of(ClosingState, rows)[-1]
    assert (seat.change, seat.flags, seat.held, seat.owner) == ("claim", SeatFlag.CLAIMED, 0, ADA)
    assert closing.owed == PRICE


def test_what_a_split_leaves_of_the_royalties_is_gone_too() -> None:
    rows = folded([CREATED], minted(), [HELD], [CANCELLED], [claimed(face=400, held=3, released=4)])

    assert of(SeatState, rows)[-1].held == 0
    assert of(ClosingState, rows)[-1].owed == PRICE - 400


def test_who_burned_a_seat_is_paid_what_waits_with_it() -> None:
    rows = folded([CREATED], minted(), refunded(), [CANCELLED], [claimed(face=0, held=30)])

    seat = of(SeatState, rows)[-1]
    assert (seat.owner, seat.beneficiary, seat.held) == (ZERO_ADDRESS, ADA, 0)
    assert seat.flags == SeatFlag.CLAIMED


def test_what_waits_with_a_seat_is_collected_whoever_owns_it() -> None:
    collected: list[Event] = [
        events.Collected(SEAT, Wei(37)),
        events.Collected(SECOND, Wei(5)),
    ]
    held: list[Event] = [HELD, events.Held(SECOND, Wei(5))]

    seats = of(SeatState, folded([CREATED], minted(2), held, refunded(), collected))[-2:]

    assert [(seat.change, seat.held, seat.owner) for seat in seats] == [
        ("collect", 0, ZERO_ADDRESS),
        ("collect", 0, ADA),
    ]


CONTRADICTIONS: dict[str, list[list[Event]]] = {
    f"{ADA} owns": [minted(), [events.SeatRefunded(SEAT, BO, PRICE, Wei(0))]],
    "are not the face": [minted(), [events.SeatRefunded(SEAT, ADA, PRICE, Wei(1))]],
    "no transfer followed": [minted(), refunded()[:1]],
    "not where the burn said": [minted(), [refunded()[0], events.Transfer(ADA, BO, SEAT)]],
    "is not alive": [minted(), refunded(), refunded()],
    "holds seat": [minted(), [events.CheckedIn(SEAT, BO, ADA)]],
    "is not the face": [minted(), [ASSERTED], [events.Objected(SEAT, ADA, Wei(PRICE + 1))]],
    "the drop owes 0": [minted(), [claimed()]],
    "0 waits with": [minted(), [CANCELLED], [claimed(held=1)]],
    "paid out before": [minted(2), [CANCELLED], [claimed()], [claimed()]],
    f"pays {ADA}": [minted(), [CANCELLED], [events.Claimed(SEAT, BO, PRICE, Wei(0), Wei(0))]],
    f"pays {ADA}, not": [
        minted(),
        refunded(),
        [CANCELLED],
        [events.Claimed(SEAT, BO, Wei(0), Wei(30), Wei(0))],
    ],
    "never minted": [[CANCELLED], [claimed(face=0)]],
    "7 waits with": [minted(), [HELD], [events.Collected(SEAT, Wei(6))]],
}


@pytest.mark.parametrize(("why", "history"), CONTRADICTIONS.items(), ids=list(CONTRADICTIONS))
def test_what_cannot_follow_stops_the_fold(why: str, history: list[list[Event]]) -> None:
    with pytest.raises(FoldContradicted, match=why):
        folded([CREATED], *history)
