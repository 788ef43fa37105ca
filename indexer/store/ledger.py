"""Blocks, events and the outbox: what is appended, cut off and pruned.

Owns the statements on those tables. Refuses to decide what belongs there, and to move the
checkpoint that dates it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sqlalchemy import delete, insert, select

from indexer.rpc.values import BlockHeader, Mark, RawLog
from indexer.store.fold_tables import outbox_origins
from indexer.store.tables import blocks, events, outbox

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Connection, RowMapping

    from indexer.decoding import Entry
    from indexer.identity import MirrorId

_WORD = 32


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
    rows = [
        {
            **mirror.columns,
            "number": header.number,
            "hash": header.hash,
            "parent_hash": header.parent_hash,
            "timestamp_s": header.timestamp_s,
        }
        for header in headers
    ]
    if rows:
        connection.execute(insert(blocks), rows)


def insert_events(connection: Connection, mirror: MirrorId, entries: Iterable[Entry]) -> None:
    """Append events."""
    rows = [
        {
            **mirror.columns,
            "block_number": entry.log.block_number,
            "log_index": entry.log.log_index,
            "block_hash": entry.log.block_hash,
            "tx_hash": entry.log.tx_hash,
            "tx_index": entry.log.tx_index,
            "address": entry.log.address,
            "event": entry.name,
            "arguments": entry.arguments,
            "topics": b"".join(entry.log.topics),
            "data": entry.log.data,
        }
        for entry in entries
    ]
    if rows:
        connection.execute(insert(events), rows)


def insert_outbox(
    connection: Connection, mirror: MirrorId, first_seq: int, messages: Sequence[OutboxRow]
) -> None:
    """Append messages, numbered upwards from `first_seq`."""
    rows = [
        {
            **mirror.columns,
            "seq": first_seq + place,
            "kind": message.kind,
            "block_number": message.block.number,
            "block_hash": message.block.hash,
            "payload": message.payload,
        }
        for place, message in enumerate(messages)
    ]
    if rows:
        connection.execute(insert(outbox), rows)


def outbox_origin(connection: Connection, mirror: MirrorId) -> Mark | None:
    """The block above which the outbox holds every event; None while history is backfilled."""
    found = connection.execute(select(outbox_origins).filter_by(**mirror.columns))
    row = found.mappings().one_or_none()
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
    rows = connection.execute(
        select(blocks.c.number, blocks.c.hash)
        .filter_by(**mirror.columns)
        .where(blocks.c.number >= lowest)
    )
    return {row.number: row.hash for row in rows}


def events_above(connection: Connection, mirror: MirrorId, number: int) -> Iterator[LedgerRow]:
    """The events above a block, in the order of the chain."""
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
    for row in rows.mappings():
        yield _ledger_row(row)


def delete_above(connection: Connection, mirror: MirrorId, number: int) -> None:
    """Forget every event and block above a block."""
    for table, column in ((events, events.c.block_number), (blocks, blocks.c.number)):
        connection.execute(delete(table).filter_by(**mirror.columns).where(column > number))


def prune_blocks(connection: Connection, mirror: MirrorId, first: int, end: int) -> None:
    """Forget blocks from `first` up to and without `end` that hold no event."""
    holds = (
        select(events.c.block_number)
        .where(
            events.c.chain_id == blocks.c.chain_id,
            events.c.contract_set == blocks.c.contract_set,
            events.c.block_number == blocks.c.number,
        )
        .exists()
    )
    connection.execute(
        delete(blocks)
        .filter_by(**mirror.columns)
        .where(blocks.c.number >= first, blocks.c.number < end, ~holds)
    )


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
