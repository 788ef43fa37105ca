from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import insert

from indexer.queries import mentor, mentors
from indexer.store.fold_tables import drop_states
from indexer.store.history import MIRROR as HISTORY
from indexer.store.tables import blocks, checkpoints
from marketplace.bindings.addresses import parse_address
from marketplace.domain.drop import DropState
from marketplace.storage.engines import open_engine
from marketplace.storage.transactions import reading, writing
from tests.integration.indexer.test_drop_reads import MIRROR, row, steps

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection, Engine

    from marketplace.domain.addresses import ChecksumAddress

FIRST_SECOND: Final = 1_800_000_000


def person(number: int) -> ChecksumAddress:
    return parse_address(f"0x{number:040x}")


def mirror(path: Path, people: int, *, falling: bool = False) -> Engine:
    """Three drops of each mentor; of everybody's, the second is settled in the last block.

    Each comes a block after the one before by address, or `falling` before.
    """
    engine = open_engine(f"sqlite:///{path / f'{people} {falling}.sqlite'}")
    HISTORY.upgrade(engine)
    created = [
        row(
            drop_states,
            drop_id=3 * one + nth,
            mentor=person(one),
            block_number=people + 1 - one if falling else one,
            log_index=nth,
            state=int(DropState.LIVE),
        )
        for one in range(1, people + 1)
        for nth in range(3)
    ]
    settled = [
        {
            **one,
            "block_number": people + 1,
            "log_index": one["drop_id"],
            "state": int(DropState.SETTLED),
        }
        for one in created[1::3]
    ]
    with writing(engine) as connection:
        head = row(checkpoints, head_number=people + 1, next_seq=1)
        connection.execute(insert(checkpoints).values(head))
        connection.execute(
            insert(blocks),
            [
                row(
                    blocks,
                    number=number,
                    hash=f"0x{number:064x}",
                    timestamp_s=FIRST_SECOND + number,
                )
                for number in range(people + 2)
            ],
        )
        connection.execute(insert(drop_states), [*created, *settled])
    return engine


def test_a_page_takes_the_same_time_however_many_mentors_there_are(tmp_path: Path) -> None:
    def page(connection: Connection) -> None:
        assert len(mentors(connection, MIRROR, after=person(5), limit=4)) == 4

    def one(connection: Connection) -> None:
        assert mentor(connection, MIRROR, person(7)) is not None

    few, many = mirror(tmp_path, 20), mirror(tmp_path, 2_000)
    for read in (page, one):
        assert steps(many, read) < 2 * steps(few, read)


def test_mentors_are_as_they_were_at_the_block(tmp_path: Path) -> None:
    engine = mirror(tmp_path, 20)
    with reading(engine) as connection:
        for block in (0, 1, 7, 20):
            page = mentors(connection, MIRROR, block)
            assert [one.account for one in page] == [person(n) for n in range(1, block + 1)]
            assert [one.since for one in page] == [FIRST_SECOND + n for n in range(1, block + 1)]
            assert all(dict(one.drops) == {DropState.LIVE: 3} for one in page)
            assert mentor(connection, MIRROR, person(block + 1), block) is None
        (third, *_) = mentors(connection, MIRROR, after=person(2), limit=1)
        assert third == mentor(connection, MIRROR, person(3))
        assert dict(third.drops) == {DropState.LIVE: 2, DropState.SETTLED: 1}


def test_who_is_no_mentor_yet_takes_no_place_of_a_page(tmp_path: Path) -> None:
    with reading(mirror(tmp_path, 20, falling=True)) as connection:
        page = mentors(connection, MIRROR, 4, limit=3)
        assert [one.account for one in page] == [person(n) for n in (17, 18, 19)]
