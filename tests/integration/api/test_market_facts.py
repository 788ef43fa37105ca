"""What the mirror's rows mean for a sale, also in states that no function reaches yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from api.market.facts import NO_SEAT, mirrored_sales
from indexer.queries import MirrorId
from indexer.store import fold_tables as folded
from indexer.store import tables as mirror
from marketplace.bindings.addresses import parse_address
from marketplace.domain.drop import TransferPolicy
from marketplace.domain.ids import DropId, SeatId
from marketplace.domain.words import SeatFlag
from marketplace.storage.transactions import reading, writing
from tests.integration.rows import BUYER, fill

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from marketplace.orders.judging import SaleFacts

MIRROR = MirrorId(131277322940537, "seats")
DROP, SEAT = DropId(7), SeatId(7_200_013)
OWNER = parse_address(BUYER)


@pytest.fixture
def filled(database: Engine) -> Engine:
    with writing(database) as connection:
        fill(
            connection,
            mirror.checkpoints,
            folded.seat_states,
            folded.drop_states,
            folded.tier_states,
            folded.counter_states,
        )
    return database


def facts(database: Engine, seat: SeatId = SEAT) -> SaleFacts | None:
    with reading(database) as connection:
        sales = mirrored_sales(connection, MIRROR, DROP)
        assert sales is not None
        return sales.of(seat, OWNER)


def change(database: Engine, **values: int) -> None:
    with writing(database) as connection:
        connection.execute(update(folded.seat_states).values(**values))


def test_a_seat_and_its_sellers_counter_are_read_as_they_stand(filled: Engine) -> None:
    found = facts(filled)
    assert found is not None
    assert (found.seat.owner, found.seat.epoch, found.counter) == (OWNER, 1, 2**224 - 1)
    assert (found.seat.locked, found.seat.granted) == (False, False)


@pytest.mark.parametrize("flag", [SeatFlag.CHECKED_IN, SeatFlag.OBJECTED])
def test_a_flag_that_locks_a_seat_keeps_it_from_being_sold(filled: Engine, flag: SeatFlag) -> None:
    change(filled, flags=int(flag))
    found = facts(filled)
    assert found is not None
    assert found.seat.locked


def test_a_seat_that_was_told_to_be_locked_is_locked(filled: Engine) -> None:
    change(filled, locked=1)
    found = facts(filled)
    assert found is not None
    assert found.seat.locked


def test_a_bound_seat_is_bound_and_not_checked_in(filled: Engine) -> None:
    change(filled, locked=1)
    with writing(filled) as connection:
        connection.execute(update(folded.drop_states).values(policy=int(TransferPolicy.BOUND)))
    found = facts(filled)
    assert found is not None
    assert not found.seat.locked
    assert found.terms.policy is TransferPolicy.BOUND


def test_a_granted_seat_is_known_as_such(filled: Engine) -> None:
    change(filled, flags=int(SeatFlag.GRANTED))
    found = facts(filled)
    assert found is not None
    assert (found.seat.granted, found.seat.locked) == (True, False)


def test_a_seat_that_was_never_minted_belongs_to_nobody(filled: Engine) -> None:
    found = facts(filled, SeatId(7_200_014))
    assert found is not None
    assert found.seat == NO_SEAT
    assert facts(filled, SeatId(7_900_001)) is None


def test_a_drop_that_is_not_there_sells_nothing(filled: Engine) -> None:
    with reading(filled) as connection:
        for drop in (DropId(8), DropId(0), DropId(2**64 - 1)):
            assert mirrored_sales(connection, MIRROR, drop) is None
