"""Room for rows on PostgreSQL: the partitions of the ledger and the outbox, made ahead.

Owns their bounds. Each mirror has partitions of its own, by rising block number (ledger) or message
number (outbox), so that what is cut off above a block, and what is asked of the newest blocks,
touches the last one or two, and no mirror's rows lie among another's. Refuses SQLite, which has no
partitions; there nothing is done.

How wide a partition is follows from how full the one before became, since chains differ by a
thousand times in blocks and in events: about `_FULL_BYTES` each. It is made as a table of its own
and attached, which waits for no reader and no other mirror's commit. The foreign key of the outbox
needs its parent for a moment; so it is given up after `_LOCK_MS` and tried again with the next
commit, for which there still is room. There is no partition for the rest: a row without room is an
error, and what is asked from a block on looks into no more than the last ones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Final
from zlib import crc32

from sqlalchemy import text

from marketplace.storage.errors import DatabaseLockedError
from marketplace.storage.transactions import reading, writing

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from indexer.identity import MirrorId

_FULL_BYTES: Final = 8 * 2**30
"""Of rows without indexes; about ten million events."""
_LOCK_MS: Final = 250
_STEEPEST: Final = 8
"""How many times as wide, or as narrow, as the one before a partition is at most."""
_PAST: Final = re.compile(r"'?(\d+)'?\)$")


@dataclass(frozen=True, slots=True)
class Partitioned:
    """A partitioned table: its name, and how wide its first partition is."""

    table: str
    first_width: int
    narrowest: int


EVENTS: Final = Partitioned("events", first_width=100_000, narrowest=1_000)
OUTBOX: Final = Partitioned("outbox", first_width=10_000_000, narrowest=100_000)


@dataclass(frozen=True, slots=True)
class _Part:
    first: int
    past: int
    size: int

    @property
    def width(self) -> int:
        return self.past - self.first


class Room:
    """Makes room for one mirror; remembers how much there is."""

    def __init__(self, engine: Engine, mirror: MirrorId) -> None:
        self._engine = engine
        self._mirror = mirror
        self._partitioned = engine.dialect.name == "postgresql"
        self._last: dict[str, _Part] = {}

    def make(self, kind: Partitioned, number: int) -> None:
        """Let a table have room up to a block or message number, and some beyond it.

        Raises:
            DatabaseLockedError: there is no room, and others kept a lock for too long.
            StorageError: the database is unreachable.
        """
        if not self._partitioned:
            return
        last = self._last.get(kind.table) or self._read(kind)
        # A tenth of a partition before its end there is time to try again.
        while last is None or number + last.width // 10 >= last.past:
            try:
                self._attach(kind, last, number)
            except DatabaseLockedError:
                if last is None or number >= last.past:
                    raise
                return
            last = self._read(kind)

    def _read(self, kind: Partitioned) -> _Part | None:
        with reading(self._engine) as connection:
            parts = _parts(connection, kind, self._mirror)
        last = max(parts, key=lambda part: part.past, default=None)
        if last is not None:
            self._last[kind.table] = last
        return last

    def _attach(self, kind: Partitioned, last: _Part | None, number: int) -> None:
        first = 0 if last is None else last.past
        past = number + kind.first_width if last is None else first + next_width(kind, last)
        with writing(self._engine) as connection:
            connection.execute(text(f"SET LOCAL lock_timeout = {_LOCK_MS}"))
            # Who was paused and has been taken over may be here too.
            key = crc32(f"{_prefix(kind, self._mirror)}{first}".encode())
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
            if not any(part.first == first for part in _parts(connection, kind, self._mirror)):
                attach(connection, kind, self._mirror, first, past)


def attach(
    connection: Connection, kind: Partitioned, mirror: MirrorId, first: int, past: int
) -> None:
    """Make the partition of a mirror from a number up to and without another."""
    name = _free_name(connection, kind, mirror, first)
    values = f"{mirror.chain_id}, {_literal(mirror.contract_set)}"
    connection.exec_driver_sql(
        f'CREATE TABLE "{name}" (LIKE {kind.table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS'
        " INCLUDING INDEXES)"
    )
    connection.exec_driver_sql(
        f'ALTER TABLE {kind.table} ATTACH PARTITION "{name}" '
        f"FOR VALUES FROM ({values}, {first}) TO ({values}, {past})"
    )


def next_width(kind: Partitioned, last: _Part) -> int:
    """How wide the partition after one is, by how full that became."""
    fitting = last.width * _FULL_BYTES // max(1, last.size)
    bounded = min(max(fitting, last.width // _STEEPEST), last.width * _STEEPEST)
    return max(kind.narrowest, bounded)


def _parts(connection: Connection, kind: Partitioned, mirror: MirrorId) -> list[_Part]:
    rows = connection.execute(
        text(
            "SELECT relname, pg_get_expr(relpartbound, oid), pg_relation_size(oid)"
            " FROM pg_class WHERE relispartition AND oid IN (SELECT inhrelid FROM pg_inherits"
            " WHERE inhparent = to_regclass(:parent))"
            # By whose rows it takes: the name may be another mirror's.
            " AND starts_with(pg_get_expr(relpartbound, oid), :bound)"
        ),
        {"parent": kind.table, "bound": _bound(mirror)},
    )
    found: list[_Part] = []
    for name, bounds, size in rows:
        past = _PAST.search(bounds)
        if past is not None:
            found.append(_Part(int(name.rpartition("_")[2]), int(past[1]), size))
    return found


def _free_name(connection: Connection, kind: Partitioned, mirror: MirrorId, first: int) -> str:
    """A name for a partition; a longer one where another mirror's has the shorter."""
    short = f"{_prefix(kind, mirror)}{first}"
    if connection.scalar(text("SELECT to_regclass(:name)"), {"name": short}) is None:
        return short
    longer = blake2b(mirror.contract_set.encode(), digest_size=8).hexdigest()
    return f"{kind.table}_{mirror.chain_id}_{longer}_{first}"


def _prefix(kind: Partitioned, mirror: MirrorId) -> str:
    # A set's name may hold anything; a table's name must not be longer than 63 bytes.
    return f"{kind.table}_{mirror.chain_id}_{crc32(mirror.contract_set.encode()):08x}_"


def _bound(mirror: MirrorId) -> str:
    # As the catalogue writes it: a backslash is one character, and nothing stands before a quote.
    its_set = mirror.contract_set.replace("'", "''")
    return f"FOR VALUES FROM ('{mirror.chain_id}', '{its_set}', "


def _literal(value: str) -> str:
    quoted = value.replace("'", "''").replace("%", "%%")
    return f"'{quoted}'"
