from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest
from msgspec.structs import replace as changed

from indexer.folds.states import SeatState
from indexer.queries import ClosingState, DropState, Seat, SeatValue, value_of
from marketplace.domain import drop as domain
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.ids import PhaseIndex
from marketplace.domain.money import Bps, Wei
from marketplace.domain.words import SeatFlag
from tests.unit.indexer.folds.events_of import ADA, CREATED, DROP, PRICE, SEAT, folded, minted, of

Life = domain.DropState
NOW: Final = 50
WINDOW: Final = 96
"""The last second of the refund window."""

(TERMS,) = of(DropState, folded([CREATED]))
(MINTED,) = of(SeatState, folded([CREATED], minted()))
OWNED: Final = Seat(
    id=SEAT,
    owner=ADA,
    epoch=0,
    moved_at=MINTED.moved_at,
    moved_block=2,
    phase=PhaseIndex(1),
    flags=0,
    locked=False,
    face=PRICE,
    held=Wei(77),
    beneficiary=ZERO_ADDRESS,
    as_of_block=2,
    as_of_hash="0x" + "00" * 32,
)
BURNED: Final = replace(OWNED, owner=ZERO_ADDRESS, beneficiary=ADA)
SPLIT: Final = ClosingState(
    drop_id=DROP,
    asserted_at=1,
    evidence="0x" + "00" * 32,
    objected=PRICE,
    disputed_at=2,
    split_bps=Bps(3_333),
    owed=PRICE,
)


def value(seat: Seat = OWNED, state: Life = Life.LIVE, now: int = NOW) -> SeatValue:
    return value_of(seat, changed(TERMS, state=int(state)), SPLIT, now)


def test_inside_the_window_the_face_comes_back_less_the_penalty() -> None:
    assert value(now=WINDOW) == SeatValue(
        refund=Wei(970),
        penalty=Wei(30),
        refund_until=WINDOW,
        claimable=Wei(0),
        on_failure=Wei(1_077),
    )


@pytest.mark.parametrize(
    "refused",
    [
        value(now=WINDOW + 1),
        value(now=OWNED.moved_at),
        value(replace(OWNED, flags=int(SeatFlag.CHECKED_IN))),
        value(state=Life.ASSERTED),
        value(BURNED),
    ],
)
def test_where_a_refund_would_be_refused_it_is_worth_nothing(refused: SeatValue) -> None:
    assert (refused.refund, refused.penalty, refused.claimable) == (0, 0, 0)
    assert refused.on_failure >= 77


@pytest.mark.parametrize(
    ("seat", "state"),
    [
        (OWNED, Life.SETTLED),
        (OWNED, Life.SPLIT_WIDE),
        (OWNED, Life.DISPUTED_NARROW),
        (BURNED, Life.ASSERTED),
        (BURNED, Life.DISPUTED_WIDE),
    ],
)
def test_once_delivery_is_beyond_dispute_nothing_comes_back(seat: Seat, state: Life) -> None:
    assert value(seat, state).on_failure == 0


def test_an_objector_can_still_get_everything_back() -> None:
    objector = replace(OWNED, flags=int(SeatFlag.OBJECTED))

    assert value(objector, Life.DISPUTED_NARROW).on_failure == PRICE + 77
    assert value(state=Life.DISPUTED_WIDE).on_failure == PRICE + 77


@pytest.mark.parametrize("state", [Life.CANCELLED, Life.FAILED])
def test_when_a_drop_is_over_everything_is_claimed(state: Life) -> None:
    assert value(state=state).claimable == PRICE + 77
    assert value(BURNED, state).claimable == 77


def test_a_wide_split_is_for_all_living_seats_and_a_narrow_one_for_objectors() -> None:
    objector = replace(OWNED, flags=int(SeatFlag.OBJECTED))

    # Each part is rounded down by itself: a third of 1,000 and of 77.
    assert value(state=Life.SPLIT_WIDE).claimable == 333 + 25
    assert value(objector, Life.SPLIT_NARROW).claimable == 333 + 25
    assert value(state=Life.SPLIT_NARROW).claimable == 0
    assert value(BURNED, Life.SPLIT_WIDE).claimable == 0


@pytest.mark.parametrize("state", [Life.CANCELLED, Life.SPLIT_WIDE])
def test_what_was_paid_out_is_worth_nothing_more(state: Life) -> None:
    claimed = value(replace(OWNED, flags=int(SeatFlag.CLAIMED)), state)

    assert (claimed.claimable, claimed.on_failure) == (0, 0)


def test_whoever_burned_a_seat_is_its_payee() -> None:
    assert (OWNED.payee, BURNED.payee) == (ADA, ADA)
    assert BURNED.burned
    assert not OWNED.has(SeatFlag.CLAIMED)
