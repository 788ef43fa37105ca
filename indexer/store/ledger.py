"""Blocks, events and the outbox: what is appended, cut off and pruned.

Owns the statements on those tables. Refuses to decide what belongs there, and to move the
checkpoint that dates it.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Final, Literal, TypeVar

from sqlalchemy import bindparam, delete, func, insert, select

from indexer.rpc.values import BlockHeader, Mark, RawLog
from indexer.store import bulk
from indexer.store.conversions import POSTGRES
from indexer.store.fold_tables import outbox_origins
from indexer.store.tables import blocks, events, outbox

if TYPE_CHECKING:
    from collections.abc import Collection, Generator, Iterable, Sequence

    from sqlalchemy import Column, ColumnElement, Connection, Delete, RowMapping, Table

    from indexer.decoding import Entry
    from indexer.identity import MirrorId

_WORD = 32
_LOG: Final = attrgetter(
    *("block_number", "log_index", "block_hash", "tx_hash", "tx_index", "address"),
    *("topics", "data"),
)
_TOLD: Final = attrgetter("name", "arguments")
_NAMED_AT_ONCE = 1_000
"""Numbers in one statement."""
_V = TypeVar("_V")


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """An event as the ledger keeps it: the raw log, its block's time, name and arguments."""

    log: RawLog
    timestamp_s: int
    event: str
    arguments: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """A message before it has a number."""

    kind: Literal["apply", "retract"]
    block: Mark
    payload: str


def insert_blocks(connection: Connection, mirror: MirrorId, headers: Iterable[BlockHeader]) -> None:
    """Append blocks."""
    rows = [(one.number, one.hash, one.parent_hash, one.timestamp_s) for one in headers]
    if rows:
        bulk.append(connection, blocks, mirror, list(zip(*rows, strict=True)))


def insert_missing_blocks(
    connection: Connection, mirror: MirrorId, headers: Iterable[BlockHeader]
) -> None:
    """Append those blocks that are not there; another hash for one that is collides."""
    wanted = {header.number: header for header in headers}
    held = _by_number(connection, mirror, blocks.c.hash, wanted)
    insert_blocks(
        connection,
        mirror,
        # One that is held with this very hash is left out; any other collides with its number.
        [one for number, one in wanted.items() if held.get(number) != one.hash],
    )


def times(connection: Connection, mirror: MirrorId, numbers: Collection[int]) -> dict[int, int]:
    """The Unix seconds of those of these blocks that are held."""
    return _by_number(connection, mirror, blocks.c.timestamp_s, numbers)


def insert_events(connection: Connection, mirror: MirrorId, entries: Iterable[Entry]) -> None:
    """Append events."""
    given = tuple(entries)
    if not given:
        return
    *place, topics, data = zip(*[_LOG(entry.log) for entry in given], strict=True)
    told = zip(*map(_TOLD, given), strict=True)
    bulk.append(connection, events, mirror, [*place, *told, list(map(b"".join, topics)), data])


def insert_outbox(
    connection: Connection, mirror: MirrorId, first_seq: int, messages: Sequence[OutboxRow]
) -> None:
    """Append messages, numbered upwards from `first_seq`."""
    rows = [
        (first_seq + place, one.kind, one.block.number, one.block.hash, one.payload)
        for place, one in enumerate(messages)
    ]
    if rows:
        bulk.append(connection, outbox, mirror, list(zip(*rows, strict=True)))


def outbox_origin(connection: Connection, mirror: MirrorId) -> Mark | None:
    """The block above which the outbox holds every event; None while history is backfilled."""
    row = connection.execute(_ORIGIN, _set(mirror)).mappings().one_or_none()
    return None if row is None else Mark(row["block_number"], row["block_hash"])


def set_outbox_origin(connection: Connection, mirror: MirrorId, origin: Mark) -> None:
    """Note where the outbox begins; once for a mirror."""
    connection.execute(
        insert(outbox_origins).values(
            **mirror.columns, block_number=origin.number, block_hash=origin.hash
        )
    )


def window(connection: Connection, mirror: MirrorId, lowest: int) -> dict[int, str]:
    """The hashes of the blocks from a number on."""
    rows = connection.execute(_WINDOW, {**_set(mirror), "lowest": lowest})
    return {row.number: row.hash for row in rows}


def events_above(
    connection: Connection, mirror: MirrorId, number: int
) -> Generator[LedgerRow, None, None]:
    """The events above a block, in the order of the chain; to be closed by who breaks off."""
    rows = connection.execute(
        select(events, blocks.c.timestamp_s)
        .join(
            blocks,
            (blocks.c.chain_id == events.c.chain_id)
            & (blocks.c.contract_set == events.c.contract_set)
            & (blocks.c.number == events.c.block_number),
        )
        .where(
            events.c.chain_id == mirror.chain_id,
            events.c.contract_set == mirror.contract_set,
            events.c.block_number > number,
        )
        .order_by(events.c.block_number, events.c.log_index),
        execution_options={"yield_per": 1_000},
    )
    try:
        for row in rows.mappings():
            yield _ledger_row(row)
    finally:
        rows.close()


def count_above(connection: Connection, mirror: MirrorId, number: int) -> int:
    """How many events there are above a block."""
    counted = (
        select(func.count())
        .select_from(events)
        .filter_by(**mirror.columns)
        .where(events.c.block_number > number)
    )
    return connection.scalar(counted) or 0


def delete_above(connection: Connection, mirror: MirrorId, number: int) -> None:
    """Forget every event and block above a block."""
    for table, column in ((events, events.c.block_number), (blocks, blocks.c.number)):
        connection.execute(delete(table).filter_by(**mirror.columns).where(column > number))


def prune_blocks(connection: Connection, mirror: MirrorId, first: int, end: int) -> None:
    """Forget blocks from `first` up to and without `end` that hold no event."""
    if first < end:
        statement = _PRUNING[connection.dialect.name]
        connection.execute(statement, {**_set(mirror), "first": first, "end": end})


def log_of(row: RowMapping) -> RawLog:
    """Read the raw log of a row of `events`."""
    topics = bytes(row["topics"])
    return RawLog(
        address=row["address"],
        topics=tuple(topics[start : start + _WORD] for start in range(0, len(topics), _WORD)),
        data=bytes(row["data"]),
        block_number=row["block_number"],
        block_hash=row["block_hash"],
        tx_hash=row["tx_hash"],
        tx_index=row["tx_index"],
        log_index=row["log_index"],
    )


def _ledger_row(row: RowMapping) -> LedgerRow:
    return LedgerRow(log_of(row), row["timestamp_s"], row["event"], row["arguments"])


def _by_number(
    connection: Connection, mirror: MirrorId, column: Column[_V], numbers: Collection[int]
) -> dict[int, _V]:
    found: dict[int, _V] = {}
    wanted = sorted(numbers)
    for start in range(0, len(wanted), _NAMED_AT_ONCE):
        some = wanted[start : start + _NAMED_AT_ONCE]
        rows = connection.execute(
            select(blocks.c.number, column)
            .filter_by(**mirror.columns)
            .where(blocks.c.number.in_(some))
        )
        found.update((row[0], row[1]) for row in rows)
    return found


def _set(mirror: MirrorId) -> dict[str, int | str]:
    return {"of_chain": mirror.chain_id, "of_set": mirror.contract_set}


def _of(table: Table) -> tuple[ColumnElement[bool], ...]:
    return table.c.chain_id == bindparam("of_chain"), table.c.contract_set == bindparam("of_set")


# Written once: every block at the head asks these, and to write one takes longer than its answer.
_WINDOW: Final = select(blocks.c.number, blocks.c.hash).where(
    *_of(blocks), blocks.c.number >= bindparam("lowest")
)
_ORIGIN: Final = select(outbox_origins).where(*_of(outbox_origins))


def _pruning(dialect: str) -> Delete:
    """Forget blocks of a range that hold no event: one look into the ledger for each block."""
    bounds = (
        # Named, so that no other partition is looked into. SQLite has none, and would look through
        # the whole range for each block where it has a range to look through.
        (events.c.block_number >= bindparam("first"), events.c.block_number < bindparam("end"))
        if dialect == POSTGRES
        else ()
    )
    # As EXISTS, PostgreSQL would make it a join and read the whole ledger for it.
    held = (
        select(events.c.log_index)
        .where(*_of(events), events.c.block_number == blocks.c.number, *bounds)
        .limit(1)
        .scalar_subquery()
    )
    return delete(blocks).where(
        *_of(blocks),
        blocks.c.number >= bindparam("first"),
        blocks.c.number < bindparam("end"),
        held.is_(None),
    )


_PRUNING: Final = {dialect: _pruning(dialect) for dialect in ("sqlite", POSTGRES)}
