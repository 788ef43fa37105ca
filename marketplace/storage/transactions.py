"""The two ways into a database: one transaction that writes, or one that only reads.

It owns where a transaction begins and ends, and the translation of the drivers' errors into ours.
It refuses nesting, savepoints and retries: the edge that opened the transaction knows whether its
work can be repeated.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFreeError

from marketplace.storage.engines import READ_ONLY, describe, takes_no_writes
from marketplace.storage.errors import (
    DatabaseDamagedError,
    DatabaseFullError,
    DatabaseLockedError,
    DatabaseUnreachableError,
    StatementCancelledError,
    StorageError,
    TableMissingError,
)
from marketplace.storage.waiting import may_wait

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

# Extended result codes carry the primary one in their low byte.
_SQLITE_PRIMARY: Final = 0xFF
_SQLITE_LOCKED: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
# It calls a file system full that has no room. A quota, or a limit of a file's size, is to it an
# error of writing, as a disk that fails is; the transaction is undone all the same.
_SQLITE_FULL: Final = frozenset(
    {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE}
)
# Any other error of input or output is a disk that went away.
_SQLITE_UNREACHABLE: Final = frozenset({sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR})
# No other try reads anything else there.
_SQLITE_DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
# Class 08: the connection failed; 57P: the server is going away or still starting.
_POSTGRES_UNREACHABLE: Final = ("08", "57P")
# Whoever is told so has no session any more, and nobody knows what became of a commit.
_POSTGRES_OVER: Final = frozenset({"FATAL", "PANIC"})
# Where a table grows. Of a quota or a limit it says there in words alone that there is no room.
_POSTGRES_GROWING: Final = frozenset({"mdextend", "mdzeroextend"})
# Each means that others were in the way and that nothing was done.
_POSTGRES_LOCKED: Final = (
    psycopg.errors.LockNotAvailable,
    psycopg.errors.DeadlockDetected,
    psycopg.errors.SerializationFailure,
)
_POSTGRES_FAULTS: Final = (
    (psycopg.errors.UndefinedTable, TableMissingError),
    (psycopg.errors.DiskFull, DatabaseFullError),
    # Memory, places for locks, and what a setting bounds, such as temporary files.
    (psycopg.errors.OutOfMemory, DatabaseFullError),
    (psycopg.errors.ConfigurationLimitExceeded, DatabaseFullError),
    (psycopg.errors.TooManyConnections, DatabaseUnreachableError),
    (psycopg.errors.QueryCanceled, StatementCancelledError),
)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Open one transaction that commits when the block ends and rolls back when it raises.

    On SQLite it holds the write lock from its first moment (BEGIN IMMEDIATE).

    Raises:
        DatabaseLockedError: another writer kept the lock too long, or came first; nothing was done.
            DatabaseFullError: there is no room. StatementCancelledError: it took too long.
        DatabaseUnreachableError: no connection, none free in time, or it was lost. When it is lost
            during the commit nobody knows whether the work was done. Or what answers takes no
            writes, as a standby that a fail-over led to: the next connection is another one.
        DatabaseDamagedError: what is stored cannot be read.
    """
    may_wait()
    with translated(engine), engine.begin() as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Open one transaction that sees one moment of the database and cannot write to it.

    Two SELECTs in it agree: a row and the checkpoint that dates it belong together.

    Raises:
        DatabaseUnreachableError: no connection, none free in time, or it was lost.
        DatabaseLockedError: SQLite only, while another process recovers the file; PostgreSQL has
            StatementCancelledError for what takes too long.
        DatabaseDamagedError: what is stored cannot be read.
        TableMissingError: nobody has created the tables yet.
    """
    may_wait()
    with translated(engine, reads=True), engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        else:
            connection.execution_options(**{READ_ONLY: True})
        with connection.begin():
            yield connection


@contextmanager
def translated(engine: Engine, *, reads: bool = False) -> Iterator[None]:
    """Turn the drivers' errors about the connection into ours; let all others pass.

    Args:
        engine: Of the database.
        reads: Whether a write is a bug of ours, so that its refusal passes too.
    """
    try:
        yield
    except NoConnectionFreeError as error:
        raise DatabaseUnreachableError(
            describe(engine), "all connections that may be open are in use"
        ) from error
    except DBAPIError as error:
        ours = fault_of(engine, error.orig, invalidated=error.connection_invalidated, reads=reads)
        if ours is None:
            raise
        raise ours from error


def fault_of(
    engine: Engine,
    cause: BaseException | None,
    *,
    invalidated: bool = False,
    reads: bool = False,
) -> StorageError | None:
    """What a driver's error is to us; None for one that is no word about the connection.

    Args:
        engine: Of the database.
        cause: The driver's.
        invalidated: Whether SQLAlchemy has given the connection up.
        reads: As `translated` has it.
    """
    database = describe(engine)
    fault = str(cause).strip().splitlines()[0] if str(cause).strip() else type(cause).__name__
    if takes_no_writes(cause):
        return None if reads else DatabaseUnreachableError(database, fault)
    if isinstance(cause, sqlite3.Error):
        return _of_sqlite(cause, database, fault)
    if isinstance(cause, psycopg.Error):
        return _of_postgres(cause, database, fault, invalidated=invalidated)
    return None


def is_lost(cause: psycopg.OperationalError) -> bool:
    """Whether PostgreSQL's error says that the connection is over, or never was."""
    # libpq reports a refused connection without a state.
    return cause.sqlstate is None or cause.sqlstate.startswith(_POSTGRES_UNREACHABLE)


def _of_postgres(
    cause: psycopg.Error, database: str, fault: str, *, invalidated: bool
) -> StorageError | None:
    if cause.diag.severity_nonlocalized in _POSTGRES_OVER:
        return DatabaseUnreachableError(database, fault)
    if isinstance(cause, _POSTGRES_LOCKED):
        return DatabaseLockedError(database)
    for kind, ours in _POSTGRES_FAULTS:
        if isinstance(cause, kind):
            return ours(database, fault)
    unnamed = isinstance(cause, psycopg.errors.InternalError_)
    if unnamed and cause.diag.source_function in _POSTGRES_GROWING:
        return DatabaseFullError(database, fault)
    if isinstance(cause, psycopg.OperationalError) and (invalidated or is_lost(cause)):
        return DatabaseUnreachableError(database, fault)
    return None


def _of_sqlite(cause: sqlite3.Error, database: str, fault: str) -> StorageError | None:
    # A driver's own errors carry no code of the database's.
    extended = getattr(cause, "sqlite_errorcode", 0)
    if extended in _SQLITE_FULL:
        return DatabaseFullError(database, fault)
    code = extended & _SQLITE_PRIMARY
    if code in _SQLITE_LOCKED:
        return DatabaseLockedError(database)
    if code in _SQLITE_DAMAGED:
        return DatabaseDamagedError(database, fault)
    # SQLite has one code for all that is wrong with a statement.
    if code == sqlite3.SQLITE_ERROR and fault.startswith("no such table"):
        return TableMissingError(database, fault)
    return DatabaseUnreachableError(database, fault) if code in _SQLITE_UNREACHABLE else None
