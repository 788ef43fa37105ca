"""Stored listings as an order book reads them: by price, each once, of the present owners."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, insert

from indexer.identity import MirrorId
from indexer.queries import (
    MirrorMissing,
    PlacedListing,
    StoredAt,
    StoredListing,
    listings_of,
    listings_of_drop,
    stored_among,
)
from indexer.store import fold_tables as folded
from indexer.store import tables as mirror
from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.ids import DropId, SeatId, TierIndex
from marketplace.domain.listing import Listing
from marketplace.domain.money import Wei
from marketplace.storage.transactions import reading, writing
from tests.integration.plans import ends_to_end
from tests.integration.rows import BUYER, NOBODY, ROWS, word

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Engine

MIRROR = MirrorId(131277322940537, "seats")
DROP = DropId(7)
FIRST, SECOND, OTHER_TIER = SeatId(7_200_013), SeatId(7_200_014), SeatId(7_300_001)
END = 1_800_000_000


def begin(connection: Connection) -> None:
    """A mirror with three seats that one account owns."""
    connection.execute(insert(mirror.checkpoints).values(**ROWS[mirror.checkpoints]))
    for seat in (FIRST, SECOND, OTHER_TIER):
        own(connection, seat, BUYER, block=1)


def own(connection: Connection, seat: SeatId, owner: str, block: int, **changes: object) -> None:
    changed = {"seat": int(seat), "owner": owner, "moved_block": block, "block_number": block}
    row = {**ROWS[folded.seat_states], **changed, **changes}
    connection.execute(insert(folded.seat_states).values(**row))


def store(connection: Connection, seat: SeatId, price: int, block: int, **changes: object) -> None:
    given = {"seat": int(seat), "price": price, "block_number": block, "expiry": END, **changes}
    row = {**ROWS[folded.stored_listings], "block_hash": word(block), **given}
    connection.execute(insert(folded.stored_listings).values(**row))


def places(found: tuple[PlacedListing, ...]) -> list[tuple[int, ...]]:
    return [(*one.at,) for one in found]


@pytest.fixture
def filled(database: Engine) -> Engine:
    with writing(database) as connection:
        begin(connection)
        store(connection, SECOND, 2**255, 2)
        store(connection, FIRST, 5, 3)
        store(connection, SECOND, 5, 4)
        store(connection, FIRST, 300, 5)
        store(connection, OTHER_TIER, 40, 6)
        store(connection, SeatId(8_200_013), 1, 6, log_index=1)
    return database


def test_a_drops_listings_come_by_price_then_seat_whatever_their_size(filled: Engine) -> None:
    with reading(filled) as connection:
        found = listings_of_drop(connection, MIRROR, DROP, END)
        assert places(found) == [
            (5, FIRST, 3, 0),
            (5, SECOND, 4, 0),
            (40, OTHER_TIER, 6, 0),
            (300, FIRST, 5, 0),
            (2**255, SECOND, 2, 0),
        ]
        assert found[0].listing.seller == BUYER
        assert found[0].listing.counter == 2**224 - 1


def test_a_page_begins_after_a_place_and_a_tier_is_read_alone(filled: Engine) -> None:
    with reading(filled) as connection:
        whole = listings_of_drop(connection, MIRROR, DROP, END)
        for number, one in enumerate(whole):
            rest = listings_of_drop(connection, MIRROR, DROP, END, after=one.at, limit=2)
            assert rest == whole[number + 1 : number + 3]
        between = StoredAt(5, FIRST, 3, 1)
        assert listings_of_drop(connection, MIRROR, DROP, END, after=between) == whole[1:]
        tier = listings_of_drop(connection, MIRROR, DROP, END, tier=TierIndex(3))
        assert places(tier) == [(40, OTHER_TIER, 6, 0)]


def test_what_is_certainly_dead_is_left_out(filled: Engine) -> None:
    with writing(filled) as connection:
        own(connection, FIRST, NOBODY, block=6)
        store(connection, SECOND, 1, 7, expiry=END - 1)
    with reading(filled) as connection:
        found = listings_of_drop(connection, MIRROR, DROP, END)
        assert {one.listing.seat for one in found} == {SECOND, OTHER_TIER}
        assert 1 not in {one.listing.price for one in found}


def test_a_seat_that_will_not_move_again_has_no_listings(filled: Engine) -> None:
    with writing(filled) as connection:
        own(connection, FIRST, BUYER, block=6, change="lock", locked=1)
    with reading(filled) as connection:
        found = listings_of_drop(connection, MIRROR, DROP, END)
        assert {one.listing.seat for one in found} == {SECOND, OTHER_TIER}


def test_what_was_stored_again_is_told_at_its_first_place(filled: Engine) -> None:
    with writing(filled) as connection:
        store(connection, FIRST, 5, 6, log_index=7)
        store(connection, FIRST, 5, 6, log_index=8, expiry=END + 1)
    with reading(filled) as connection:
        found = listings_of_drop(connection, MIRROR, DROP, END, limit=2)
        assert places(found) == [(5, FIRST, 3, 0), (5, FIRST, 6, 8)]
        rest = listings_of_drop(connection, MIRROR, DROP, END, after=found[0].at)
        assert places(rest)[:2] == [(5, FIRST, 6, 8), (5, SECOND, 4, 0)]


def test_another_mirror_is_another_book(filled: Engine) -> None:
    with reading(filled) as connection, pytest.raises(MirrorMissing):
        listings_of_drop(connection, replace(MIRROR, contract_set="others"), DROP, END)


def test_of_some_listings_those_are_told_that_were_stored_to_the_value(filled: Engine) -> None:
    with writing(filled) as connection:
        store(connection, FIRST, 5, 6, log_index=7)
        own(connection, FIRST, NOBODY, block=6)
    with reading(filled) as connection:
        told = listings_of_drop(connection, MIRROR, DROP, END)
        second = as_signed(next(one.listing for one in told if one.listing.price == 5))
        dead = replace(second, seat=FIRST)
        others = [
            replace(second, price=Wei(6)),
            replace(second, seller=ChecksumAddress(NOBODY)),
            replace(second, taker=ChecksumAddress(BUYER)),
            replace(second, epoch=second.epoch + 1),
            replace(second, counter=second.counter - 1),
            replace(second, terms_version=second.terms_version + 1),
            replace(second, expiry=END + 1),
            replace(second, seat=OTHER_TIER),
        ]
        assert stored_among(connection, MIRROR, {second, dead, *others}) == {second, dead}
        assert stored_among(connection, MIRROR, others) == frozenset()
        assert stored_among(connection, MIRROR, ()) == frozenset()
        assert stored_among(connection, MIRROR, {second}, 3) == frozenset()
        assert stored_among(connection, MIRROR, {second}, 4) == {second}


def test_however_often_a_seat_was_stored_no_more_is_read_than_was_asked_for(filled: Engine) -> None:
    with writing(filled) as connection:
        for number in range(30):
            store(connection, FIRST, 5, 6, log_index=10 + number)
            store(connection, FIRST, 1_000 + number, 7, log_index=number)
    with reading(filled) as connection:
        newest = listings_of(connection, MIRROR, FIRST, limit=2)
        assert [one.price for one in newest] == [1_029, 1_028]
        wanted = replace(as_signed(newest[0]), price=Wei(5))
        asked = last_asked(connection, lambda: stored_among(connection, MIRROR, {wanted}))
        assert len(connection.exec_driver_sql(*asked).all()) == 1


def test_a_mirror_that_is_not_there_keeps_nothing(filled: Engine) -> None:
    nowhere = replace(MIRROR, contract_set="others")
    with reading(filled) as connection, pytest.raises(MirrorMissing):
        stored_among(connection, nowhere, ())


def as_signed(told: StoredListing) -> Listing:
    return Listing(**{one.name: getattr(told, one.name) for one in fields(Listing)})


def test_no_table_is_read_from_end_to_end(filled: Engine) -> None:
    place = StoredAt(5, FIRST, 3, 0)
    with reading(filled) as connection:
        told = listings_of_drop(connection, MIRROR, DROP, END)
        some = [as_signed(one.listing) for one in told]
        for ask in (
            lambda: listings_of_drop(connection, MIRROR, DROP, END, after=place),
            lambda: listings_of(connection, MIRROR, FIRST),
            lambda: stored_among(connection, MIRROR, some),
        ):
            plan = plan_of(connection, *last_asked(connection, ask))
            assert any("stored_listings_seat_idx" in line for line in plan)
            # What was found through the index is walked through, and no table.
            assert not ends_to_end(plan, r"found|\(subquery|\d+-ROW VALUES")


def last_asked(connection: Connection, ask: Callable[[], object]) -> tuple[str, Any]:
    """The last statement of a read and what was bound to it."""
    asked: list[tuple[str, Any]] = []

    def note(*call: Any) -> None:  # noqa: ANN401 - as SQLAlchemy calls it
        asked.append((call[2], call[3]))

    event.listen(connection, "before_cursor_execute", note)
    ask()
    event.remove(connection, "before_cursor_execute", note)
    return asked[-1]


def plan_of(connection: Connection, statement: str, parameters: Any) -> list[str]:  # noqa: ANN401 - as SQLAlchemy bound them
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        plan = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)
    else:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
    return [str(row[-1]) for row in plan]
