"""The claim on SQLite: a row that whoever leads changes again and again.

Owns reading and writing it, and the note of who leads since when, which people are told on either
database. A process that is gone leaves its row behind, so its place is free only after a while; the
file's own lock cannot be used, since every commit needs it. Refuses to say how long a while is, and
to judge anybody by a clock: since when is told and not read again.

A leader whose long commit keeps its own sign of life waiting is not silent: its checkpoint moves,
and that is part of the sign.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from indexer.store.claims import Sign
from indexer.store.tables import checkpoints, leases
from marketplace.storage.transactions import reading, writing

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from indexer.identity import MirrorId


@dataclass(frozen=True, slots=True)
class Noted:
    """Who noted last that it leads, by the name of its life, and at which Unix second."""

    holder: str
    since: int


def note(connection: Connection, mirror: MirrorId, holder: str) -> None:
    """Note that a process leads from now on, by this machine's clock."""
    values = {"holder": holder, "beats": 1, "since": int(time.time())}
    noted = update(leases).filter_by(**mirror.columns).values(**values)
    if connection.execute(noted).rowcount == 0:
        connection.execute(insert(leases).values(**mirror.columns, **values))


def noted(connection: Connection, mirror: MirrorId) -> Noted | None:
    """What was noted last; None: nothing, or on SQLite that the lead was let go of."""
    row = connection.execute(
        select(leases.c.holder, leases.c.since).filter_by(**mirror.columns)
    ).one_or_none()
    return None if row is None else Noted(row.holder, row.since)


class Lease:
    """A `Claim`. `holder` names this life of this process and no other."""

    def __init__(self, engine: Engine, mirror: MirrorId, holder: str) -> None:
        self._engine = engine
        self._mirror = mirror
        self._holder = holder

    def take(self, expired: Sign | None = None) -> Sign | None:
        """Take the row if it is nobody's, or if it is still as in `expired`."""
        with reading(self._engine) as connection:
            found = self._others(connection)
        if found is not None and found != expired:
            return found
        with writing(self._engine) as connection:
            # Read again: who waited for the lock may have waited for a leader's commit.
            found = self._others(connection)
            if found is not None and found != expired:
                return found
            note(connection, self._mirror, self._holder)
        return None

    def keep(self) -> bool:
        """Change the row, if it is still ours."""
        with writing(self._engine) as connection:
            beaten = update(leases).filter_by(**self._mirror.columns, holder=self._holder)
            kept = connection.execute(beaten.values(beats=leases.c.beats + 1)).rowcount
        return kept == 1 or self.take() is None

    def release(self) -> None:
        """Delete the row, if it is ours."""
        ours = delete(leases).filter_by(**self._mirror.columns, holder=self._holder)
        with writing(self._engine) as connection:
            connection.execute(ours)

    def _others(self, connection: Connection) -> Sign | None:
        """The sign of another process that holds the row; None when there is none."""
        lease = connection.execute(
            select(leases.c.holder, leases.c.beats).filter_by(**self._mirror.columns)
        ).one_or_none()
        if lease is None or lease.holder == self._holder:
            return None
        moved = connection.execute(
            select(checkpoints.c.head_hash, checkpoints.c.generation).filter_by(
                **self._mirror.columns
            )
        ).one_or_none()
        head = "" if moved is None else f" {moved.generation} {moved.head_hash}"
        return Sign(lease.holder, f"{lease.beats}{head}")
