"""Waiting for messages of the outbox without asking for them all the time.

Owns the two ways of being told: LISTEN on PostgreSQL, `data_version` on SQLite, each on a
connection of its own. Refuses to promise anything: a notice may be lost, and may come for nothing.
A consumer looks, waits, looks again, and never waits for longer than it can bear to be late.

    with outbox_bell(engine, mirror) as bell:
        while True:
            for message in outbox_since(…): …
            bell.wait(1.0)
"""

from __future__ import annotations

from contextlib import contextmanager
from time import monotonic, sleep
from typing import TYPE_CHECKING, Final, Protocol

import psycopg

from indexer.store.notices import CHANNEL, name_of
from marketplace.storage.engines import describe
from marketplace.storage.errors import DatabaseUnreachableError
from marketplace.storage.transactions import translated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

    from indexer.identity import MirrorId

_LOOK_S: Final = 0.002


class Bell(Protocol):
    """Tells that there may be something new."""

    def wait(self, seconds: float) -> bool:
        """Wait at most so long; gives whether there may be something that was not there before.

        Whatever was added since the bell was made, or since the last wait ended, counts.

        Raises:
            DatabaseUnreachableError: the connection is lost. Make another bell, then look.
        """


@contextmanager
def outbox_bell(engine: Engine, mirror: MirrorId) -> Iterator[Bell]:
    """Give a bell of a mirror's outbox for the length of the block.

    It takes a connection out of the engine's bounds and keeps it. On PostgreSQL it must lead to the
    primary itself: a replica, or a pooler that shares sessions, tells nobody.

    Raises:
        DatabaseUnreachableError: no connection.
    """
    with translated(engine), engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            yield _Listening(connection, mirror)
        else:
            yield _Watching(connection)


class _Listening:
    """PostgreSQL."""

    def __init__(self, connection: Connection, mirror: MirrorId) -> None:
        self._database = describe(connection.engine)
        self._name = name_of(mirror)
        connection.execution_options(isolation_level="AUTOCOMMIT")
        # Out of the pool: given back to it, it would go on being told.
        connection.detach()
        connection.exec_driver_sql(f"LISTEN {CHANNEL}")
        driver: object = connection.connection.dbapi_connection
        if not isinstance(driver, psycopg.Connection):
            raise TypeError("PostgreSQL is reached through psycopg")
        self._driver: psycopg.Connection = driver

    def wait(self, seconds: float) -> bool:
        """Wait for a notice of this mirror; those of others are passed over."""
        deadline = monotonic() + seconds
        try:
            while True:
                left = max(0.0, deadline - monotonic())
                notices = list(self._driver.notifies(timeout=left, stop_after=1))
                if any(one.payload == self._name for one in notices):
                    return True
                if not notices:
                    return False
        except psycopg.OperationalError as error:
            raise DatabaseUnreachableError(self._database, "the connection was lost") from error


class _Watching:
    """SQLite: a number that differs whenever another connection has committed anything."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._seen = self._version()

    def wait(self, seconds: float) -> bool:
        """Look at the number again and again; it costs microseconds and takes no lock."""
        deadline = monotonic() + seconds
        while (version := self._version()) == self._seen:
            left = deadline - monotonic()
            if left <= 0:
                return False
            sleep(min(_LOOK_S, left))
        self._seen = version
        return True

    def _version(self) -> int:
        # Past SQLAlchemy, which would open a transaction and with it freeze the number.
        driver = self._connection.connection.driver_connection
        if driver is None:
            raise TypeError("the connection is closed")
        return int(driver.execute("PRAGMA data_version").fetchone()[0])
