"""Opening a database: SQLite in a file, or PostgreSQL through psycopg 3.

It owns the settings of a connection and refuses every other database, driver and form of address.
How transactions are used is in `marketplace.storage.transactions`.
"""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from marketplace.storage.direct import DIRECT, Direct
from marketplace.storage.errors import UnsupportedDatabaseError

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
    from sqlalchemy.pool import ConnectionPoolEntry

READ_ONLY: Final = "storage_read_only"
"""Execution option of a connection that will only read."""

LABEL: Final = "seatmarket"
"""What a server's list of connections calls ours."""

_SQLITE_PRIMARY: Final = 0xFF
_CONNECT_TIMEOUT_S: Final = 5
# A server that is gone without a word, with its machine or the way to it, is noticed in half a
# minute. By the system's own settings that takes two hours, in which whoever asked only waits.
_ALIVE: Final = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 4,
    "tcp_user_timeout": 30_000,
}
_KEPT_OPEN: Final = 5
_WAL_RETRY_S: Final = 0.01
WAL_KEPT_BYTES: Final = 64 * 2**20
"""What SQLite's log is cut back to, once it may begin anew: after everybody has read on."""


@dataclass(frozen=True, slots=True)
class PoolBounds:
    """How many connections one engine opens, and how long somebody waits for a free one.

    Attributes:
        connections: At once, at most; five of them are kept open. Single questions have as many of
            their own, which stay open, and on a server one more for each event loop.
        wait_s: Seconds. Whoever waits holds a thread, so it is short.
    """

    connections: int = 15
    wait_s: float = 5.0


def open_engine(
    url: str | URL,
    *,
    busy_timeout_ms: int = 5_000,
    pool: PoolBounds | None = None,
    label: str = LABEL,
) -> Engine:
    """Return an engine for the database at an address; nothing is connected yet.

    Args:
        url: `sqlite:///PATH` or `postgresql://…` (or `postgresql+psycopg://…`).
        busy_timeout_ms: How long a SQLite connection waits for another writer.
        pool: Its connections.
        label: What PostgreSQL calls each connection (`application_name`), at most 63 bytes.

    Raises:
        UnsupportedDatabaseError: any other address.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # The text is not repeated: it may hold a password in a place we did not recognise, and what
        # stands there as a port may be a part of one.
        raise UnsupportedDatabaseError("it is not a URL") from None
    if parsed.drivername in {"sqlite", "sqlite+pysqlite"}:
        return _sqlite(parsed, busy_timeout_ms, pool or PoolBounds())
    if parsed.drivername in {"postgresql", "postgresql+psycopg"}:
        return _postgres(parsed, pool or PoolBounds(), label)
    raise UnsupportedDatabaseError(f"{parsed.drivername} is not a supported database and driver")


def describe(engine: Engine) -> str:
    """Name a database for people: never its user, password or options."""
    url = engine.url
    if engine.dialect.name == "sqlite":
        return str(url.database)
    host = url.host or url.query.get("host") or "the local socket"
    return f"{url.database or 'default'} on {host}"


def takes_no_writes(cause: BaseException | None) -> bool:
    """Whether a driver's error says that nothing may be written there, or not by this connection.

    A server that stands by says so, and SQLite of a file system that was mounted for reading alone.
    """
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", 0) & _SQLITE_PRIMARY == sqlite3.SQLITE_READONLY
    if isinstance(cause, psycopg.errors.FeatureNotSupported):
        # A session that has read asks for a transaction that writes, which such a server does not
        # have. It says so where it checks what is set, in words of its own language.
        return cause.diag.source_function == "call_bool_check_hook"
    return isinstance(cause, psycopg.errors.ReadOnlySqlTransaction)


def _give_up_where_nothing_is_written(context: ExceptionContext) -> None:
    """Take a server that stands by for one that is gone, with all that is open to it.

    After a fail-over the next connection may be the primary's; those that are open never are.
    """
    options = {} if context.connection is None else context.connection.get_execution_options()
    is_ours = options.get(READ_ONLY) or options.get("postgresql_readonly")
    if takes_no_writes(context.original_exception) and not is_ours:
        context.is_disconnect = True


def _created(url: URL, pool: PoolBounds, **more: Any) -> Engine:  # noqa: ANN401 - SQLAlchemy's own options
    kept = min(_KEPT_OPEN, pool.connections)
    direct = Direct(pool.connections, pool.wait_s)
    engine = create_engine(
        url,
        pool_size=kept,
        max_overflow=pool.connections - kept,
        pool_timeout=pool.wait_s,
        # What is written holds hashes of secrets, and errors are logged.
        hide_parameters=True,
        execution_options={DIRECT: direct},
        **more,
    )
    event.listen(engine, "engine_disposed", lambda _: direct.put_away())
    event.listen(engine, "handle_error", _give_up_where_nothing_is_written)
    return engine


def _postgres(url: URL, pool: PoolBounds, label: str) -> Engine:
    return _created(
        url.set(drivername="postgresql+psycopg"),
        pool,
        # A pooled connection may have outlived its server.
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": _CONNECT_TIMEOUT_S,
            "application_name": label,
            **_ALIVE,
        },
    )


def _sqlite(url: URL, busy_timeout_ms: int, pool: PoolBounds) -> Engine:
    if url.database in {None, "", ":memory:"}:
        # Each pooled connection would see an empty database of its own.
        raise UnsupportedDatabaseError("SQLite needs a file")
    if url.query:
        raise UnsupportedDatabaseError("SQLite's options are set by the program")
    engine = _created(url.set(drivername="sqlite+pysqlite"), pool)

    def configure(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        _configure_sqlite(connection, busy_timeout_ms)

    event.listen(engine, "connect", configure)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _configure_sqlite(connection: Any, busy_timeout_ms: int) -> None:  # noqa: ANN401 - sqlite3's own object, which SQLAlchemy types as any DBAPI's
    # The driver would otherwise begin transactions by itself, late, and never around a SELECT.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {busy_timeout_ms:d}")
    _switch_to_wal(connection, busy_timeout_ms)
    # NORMAL may forget the last commits when power fails: a consumed nonce would work again, and
    # an outbox number that was already delivered would be given to another row.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    # Whoever reads for long makes the log grow, and without a bound it would keep that size.
    connection.execute(f"PRAGMA journal_size_limit = {WAL_KEPT_BYTES:d}")


def _switch_to_wal(connection: sqlite3.Connection, busy_timeout_ms: int) -> None:
    # SQLite does not wait here: of several processes that open a new database, all but one would
    # be refused at once, whatever their busy timeout.
    deadline = time.monotonic() + busy_timeout_ms / 1_000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(_WAL_RETRY_S)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    reading = bool(connection.get_execution_options().get(READ_ONLY, False))
    connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if reading else 'OFF'}")
    # A writer that first reads and then asks for the lock is refused at once, without waiting:
    # whoever has not said that it only reads takes the lock at the start.
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
