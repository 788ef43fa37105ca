from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import Table, event, insert

from indexer.queries import MirrorId, currencies, drop_terms, drops_in_full
from indexer.store.fold_tables import (
    closing_states,
    currency_states,
    drop_states,
    phase_states,
    tier_states,
)
from indexer.store.history import MIRROR as HISTORY
from indexer.store.tables import checkpoints
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.ids import DropId
from marketplace.storage.columns import Address, Bytes32
from marketplace.storage.engines import open_engine
from marketplace.storage.transactions import reading, writing

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Connection, Engine

MIRROR: Final = MirrorId(31337)
DROPS: Final = 3


def row(table: Table, **given: object) -> dict[str, object]:
    """A row of the mirror; what is not given is nobody, or zero."""
    empty = {Address: ZERO_ADDRESS, Bytes32: "0x" + "00" * 32}
    return {one.name: empty.get(type(one.type), 0) for one in table.columns} | (
        MIRROR.columns | given
    )


def sold(path: Path, blocks: int) -> Engine:
    """A mirror of three drops of two tiers, one of which sold and paid in so many blocks."""
    engine = open_engine(f"sqlite:///{path / f'{blocks}.sqlite'}")
    HISTORY.upgrade(engine)
    with writing(engine) as connection:
        connection.execute(
            insert(checkpoints).values(row(checkpoints, head_number=blocks, next_seq=1))
        )
        for table, names in ((tier_states, "tier"), (phase_states, "phase")):
            rows = [
                row(table, drop_id=drop, block_number=block, **_sales(names, part, block))
                for drop in range(1, DROPS + 1)
                for part in (0, 1)
                for block in (range(1, blocks) if drop == 2 and part == 0 else (drop,))
            ]
            connection.execute(insert(table), rows)
        paid = [row(closing_states, drop_id=2, block_number=n, owed=n) for n in range(5, blocks)]
        connection.execute(insert(closing_states), paid)
        created = [row(drop_states, drop_id=n, block_number=n) for n in range(1, DROPS + 1)]
        connection.execute(insert(drop_states), created)
    return engine


def _sales(name: str, part: int, block: int) -> dict[str, object]:
    counts = {"issued": block, "live": 1} if name == "tier" else {"sold": block}
    return {name: part, **counts}


def steps(engine: Engine, read: Callable[[Connection], object]) -> int:
    """How many hundred instructions SQLite carries out for a read."""
    counted = 0

    def tick() -> int:
        nonlocal counted
        counted += 1
        return 0

    @event.listens_for(engine, "checkout")
    def watch(connection: sqlite3.Connection, *_: object) -> None:
        connection.set_progress_handler(tick, 100)

    with reading(engine) as connection:
        read(connection)
    event.remove(engine, "checkout", watch)
    return counted


def test_a_drop_is_read_in_the_same_time_however_often_it_sold(tmp_path: Path) -> None:
    def alone(connection: Connection) -> None:
        assert drop_terms(connection, MIRROR, DropId(2)) is not None

    def page(connection: Connection) -> None:
        assert len(drops_in_full(connection, MIRROR)) == DROPS

    few, many = sold(tmp_path, 20), sold(tmp_path, 2_000)
    for read in (alone, page):
        assert steps(many, read) < 2 * steps(few, read)


def test_each_part_is_as_it_was_at_the_block(tmp_path: Path) -> None:
    engine = sold(tmp_path, 50)
    with reading(engine) as connection:
        for block in (2, 3, 20, 49, 50):
            page = drops_in_full(connection, MIRROR, block)
            assert [one.drop.drop_id for one in page] == list(range(1, min(block, DROPS) + 1))
            last = min(block, 49)
            assert [(tier.drop_id, tier.tier, tier.issued) for tier in page[1].tiers] == [
                (2, 0, last),
                (2, 1, 2),
            ]
            assert [phase.sold for phase in page[1].phases] == [last, 2]
            assert list(page) == [
                drop_terms(connection, MIRROR, one.drop.drop_id, block) for one in page
            ]
        assert drops_in_full(connection, MIRROR, 0) == ()


def test_what_a_drop_owes_is_as_it_was_at_the_block(tmp_path: Path) -> None:
    engine = sold(tmp_path, 50)
    with writing(engine) as connection:
        cancelled = row(drop_states, drop_id=2, block_number=5, state=8)
        connection.execute(insert(drop_states).values(cancelled))
    with reading(engine) as connection:
        for block, owed in ((4, None), (5, 5), (20, 20), (50, 49)):
            found = drop_terms(connection, MIRROR, DropId(2), block)
            assert found is not None
            assert (found.closing and found.closing.owed) == owed
            assert found.escrowed == (owed or 0)


def test_a_drop_names_the_currency_that_its_index_had_then(tmp_path: Path) -> None:
    engine, coin = sold(tmp_path, 20), "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045"
    with writing(engine) as connection:
        for table, given in (
            (currency_states, {"currency_index": 1, "currency": coin, "allowed": 1}),
            (drop_states, {"drop_id": 4, "currency_index": 1}),
            (currency_states, {"currency_index": 1, "currency": coin, "block_number": 9}),
        ):
            connection.execute(insert(table).values(row(table, **{"block_number": 8, **given})))
    with reading(engine) as connection:
        page = drops_in_full(connection, MIRROR)
        assert [one.currency for one in page] == [*(ZERO_ADDRESS,) * 3, coin]
        (then,) = currencies(connection, MIRROR, 8)
        (now,) = currencies(connection, MIRROR)
        assert (then.allowed, now.allowed, now.currency) == (1, 0, coin)
