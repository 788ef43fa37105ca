from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from sqlalchemy import insert

from indexer.queries import Promise, SoldBetween, carriers, newest_carriers, sold_between
from indexer.reads.carriers import MAX_PROMISES
from indexer.store.fold_tables import drop_states, mints
from indexer.store.history import MIRROR as HISTORY
from indexer.store.tables import blocks, checkpoints
from marketplace.domain.ids import DropId, SeatId, TierIndex
from marketplace.storage.engines import open_engine
from marketplace.storage.transactions import reading, writing
from tests.integration.indexer.test_drop_reads import MIRROR, row, steps
from tests.integration.indexer.test_mentor_reads import FIRST_SECOND, person

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection, Engine

    from marketplace.domain.addresses import ChecksumAddress

TWICE: Final = (DropId(3), DropId(4))
"""The drops of the third mentor's one text."""


def text(number: int) -> str:
    return f"0x{number:064x}"


def promise(number: int) -> Promise:
    return Promise(person(number), text(number))


def place(number: int) -> dict[str, int]:
    return {"block_number": number, "log_index": 0}


def seat(drop: int, tier: int, number: int) -> SeatId:
    return SeatId.of(DropId(drop), TierIndex(tier), number)


def filled(engine: Engine, people: int, *, alone: bool = False) -> Engine:
    """A drop of each mentor with a text of its own; of the third one text in two drops.

    Drop n is of block n. All sell three times, in tiers 0 and 1. `alone`: all are the first's.
    """
    mentors = [3 if number == TWICE[1] else number for number in range(1, people + 1)]
    drops = [
        row(
            drop_states,
            drop_id=number,
            mentor=person(1 if alone else one),
            terms_hash=text(one),
            **place(number),
        )
        for number, one in enumerate(mentors, start=1)
    ]
    sold = [
        row(mints, first_seat=seat(drop, tier, first), block_number=drop + after, log_index=drop)
        for drop in range(1, people + 1)
        for tier, first, after in ((0, 1, 2), (1, 1, 1), (1, 2, 3))
    ]
    with writing(engine) as connection:
        head = row(checkpoints, head_number=people + 3, next_seq=1)
        connection.execute(insert(checkpoints).values(head))
        connection.execute(
            insert(blocks),
            [
                row(blocks, number=one, hash=text(one), timestamp_s=FIRST_SECOND + one)
                for one in range(people + 4)
            ],
        )
        connection.execute(insert(drop_states), drops)
        connection.execute(insert(mints), sold)
    return engine


def mirror(path: Path, people: int, *, alone: bool = False) -> Engine:
    engine = open_engine(f"sqlite:///{path / f'{people} {alone}.sqlite'}")
    HISTORY.upgrade(engine)
    return filled(engine, people, alone=alone)


def test_a_page_takes_the_same_time_however_many_drops_there_are(tmp_path: Path) -> None:
    asked = [*(promise(number) for number in (2, 3, 7)), Promise(person(2), text(7))]

    def page(connection: Connection) -> None:
        assert len(newest_carriers(connection, MIRROR, asked)) == 3

    def one(connection: Connection) -> None:
        found = carriers(connection, MIRROR, person(3), [text(3)], limit=5)
        assert [drop.drop.drop_id for drop in found] == [*reversed(TWICE)]

    def sold(connection: Connection) -> None:
        assert len(sold_between(connection, MIRROR, TWICE)) == 2

    few, many = mirror(tmp_path, 20), mirror(tmp_path, 2_000)
    for read in (page, one, sold):
        assert steps(many, read) < 2 * steps(few, read), read.__name__


def test_it_takes_the_same_time_however_many_drops_a_mentor_has(tmp_path: Path) -> None:
    asked = [Promise(person(1), text(number)) for number in (2, 3, 7)]

    def page(connection: Connection) -> None:
        assert len(newest_carriers(connection, MIRROR, asked)) == 3

    def one(connection: Connection) -> None:
        found = carriers(connection, MIRROR, person(1), [text(3), text(7)], limit=5)
        assert [drop.drop.drop_id for drop in found] == [7, *reversed(TWICE)]

    few, many = (mirror(tmp_path, people, alone=True) for people in (20, 2_000))
    for read in (page, one):
        assert steps(many, read) < 2 * steps(few, read), read.__name__


def newest(connection: Connection, asked: list[Promise], block: int) -> dict[Promise, int]:
    return dict(newest_carriers(connection, MIRROR, asked, block))


def test_of_a_promise_the_newest_drop_that_carried_it_then_is_found(database: Engine) -> None:
    filled(database, 20)
    asked = [promise(2), promise(3)]
    with reading(database) as connection:
        assert newest(connection, asked, 1) == {}
        assert newest(connection, asked, 2) == {promise(2): 2}
        assert newest(connection, asked, 3) == {promise(2): 2, promise(3): 3}
        assert newest(connection, asked, 4) == {promise(2): 2, promise(3): 4}
        assert newest(connection, [], 4) == {}


def test_what_nobody_promised_is_missing(database: Engine) -> None:
    filled(database, 20)
    with reading(database) as connection:
        for nobodys in (
            Promise(person(2), text(3)),
            Promise(person(3), text(2)),
            Promise(person(0), text(1)),
            Promise(person(99), text(99)),
        ):
            assert newest(connection, [nobodys, promise(7)], 20) == {promise(7): 7}


def numbers(
    connection: Connection, mentor: ChecksumAddress, hashes: list[str], block: int, *, first: bool
) -> list[int]:
    found = carriers(connection, MIRROR, mentor, hashes, block, limit=1, first=first)
    return [one.drop.drop_id for one in found]


def test_a_mentors_drops_of_some_texts_are_counted_from_either_end(database: Engine) -> None:
    filled(database, 20)
    hashes = [text(3), text(2)]
    with reading(database) as connection:
        assert numbers(connection, person(3), hashes, 20, first=True) == [3]
        assert numbers(connection, person(3), hashes, 20, first=False) == [4]
        assert numbers(connection, person(3), hashes, 3, first=False) == [3]
        assert numbers(connection, person(3), hashes, 2, first=False) == []
        assert numbers(connection, person(3), [], 20, first=False) == []
        assert numbers(connection, person(2), [text(3)], 20, first=False) == []


def test_a_drop_has_sold_between_its_first_and_last_mint_of_any_tier(database: Engine) -> None:
    filled(database, 20)
    at = FIRST_SECOND
    with reading(database) as connection:
        assert sold_between(connection, MIRROR, [DropId(5), DropId(99)]) == {
            5: SoldBetween(at + 6, at + 8)
        }
        assert sold_between(connection, MIRROR, [DropId(5)], 7) == {5: SoldBetween(at + 6, at + 7)}
        assert sold_between(connection, MIRROR, [DropId(5)], 5) == {}
        assert sold_between(connection, MIRROR, []) == {}


def test_more_promises_than_a_statement_holds_are_refused(database: Engine) -> None:
    filled(database, 20)
    asked = [promise(number) for number in range(MAX_PROMISES)]
    with reading(database) as connection:
        assert len(newest_carriers(connection, MIRROR, asked)) == 19
        with pytest.raises(ValueError, match="more than 500"):
            newest_carriers(connection, MIRROR, [*asked, promise(MAX_PROMISES)])
