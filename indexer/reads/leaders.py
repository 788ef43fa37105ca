"""Who leads a mirror and who waits to, as far as the database knows.

Owns that read, for people: nothing is decided by it. Refuses to say whether a leader lives. On
PostgreSQL it holds its lock, and a process that is gone holds none; on SQLite it has noted that it
leads and not that it has ended. SQLite knows nobody who only waits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.store import leases, locks

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from indexer.identity import MirrorId


@dataclass(frozen=True, slots=True)
class Leadership:
    """Who leads.

    Attributes:
        leader: Host and process id of whoever leads; None: nobody.
        since: The Unix second, by its clock, at which it took the lead; None: not noted.
        standing_by: Those who wait; None: the database does not know them.
    """

    leader: str | None
    since: int | None
    standing_by: tuple[str, ...] | None


def leadership(connection: Connection, mirror: MirrorId) -> Leadership:
    """Say who leads and who waits."""
    noted = leases.noted(connection, mirror)
    if connection.dialect.name != "postgresql":
        if noted is None:
            return Leadership(None, None, None)
        return Leadership(_place(noted.holder), noted.since, None)
    holder = locks.holder_of(connection, mirror)
    waiting = [one for one in locks.lives_of(connection, mirror) if one != holder]
    since = noted.since if noted is not None and noted.holder == holder else None
    leader = None if holder is None else _place(holder)
    return Leadership(leader, since, tuple(map(_place, waiting)))


def _place(life: str) -> str:
    return life.partition(" ")[0]
