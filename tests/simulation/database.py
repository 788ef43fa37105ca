"""What happens to a database in the middle of a pass.

Owns the hooks into one engine: a statement that fails, for want of room or whatever, or whose
session the server ends; a commit that fails, or came through though the answer was lost; another
session that holds what a commit must have; and one that reads for long. The errors are the
drivers' own, so that the code under test meets what it would meet.
"""

from __future__ import annotations

import sqlite3
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, Final

import psycopg
from sqlalchemy import event, func, select

from indexer.store.tables import checkpoints
from marketplace.storage.engines import READ_ONLY, open_engine
from marketplace.storage.transactions import reading
from tests.integration.indexer.oracle import dump

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import URL, Connection, Engine

    from tests.simulation.faults import Faults

_STATEMENTS: Final = 12
"""About as many statements has a pass; one of them fails."""

LOCK_TIMEOUT_MS: Final = 20
"""How long a connection waits for what another one holds."""


def opened(url: URL) -> Engine:
    """Open a database as the simulation does: a lock that another holds is not waited for."""
    if url.get_backend_name() == "postgresql":
        return open_engine(url.update_query_dict({"options": f"-c lock_timeout={LOCK_TIMEOUT_MS}"}))
    return open_engine(url, busy_timeout_ms=LOCK_TIMEOUT_MS)


class Trouble:
    """Troubles of one engine; armed for one pass at a time.

    `committed` is called after each commit of a transaction that may have written, whoever opened
    it, and before its answer is lost.
    """

    def __init__(
        self, engine: Engine, faults: Faults, committed: Callable[[], None] = lambda: None
    ) -> None:
        self._engine, self._faults = engine, faults
        self._committed = committed
        self._writes = False
        self._countdown = -1
        kinds = ["statement_failed", "disk_full"]
        self._of_statements = [*kinds, "disconnected"] if self._is_served else kinds
        self._at_statement = ""
        self._at_commit: str | None = None
        self._commit: Callable[[Any], None] = engine.dialect.do_commit
        engine.dialect.do_commit = self._committing  # type: ignore[method-assign, assignment] # the hook
        event.listen(engine, "commit", self._about_to_commit)
        event.listen(engine, "do_execute", self._executing)
        event.listen(engine, "do_executemany", self._executing)

    def arm(self) -> None:
        """Decide what happens in the coming pass."""
        self._countdown = -1
        self._at_commit = None
        for kind in self._of_statements:
            if self._faults.is_due(kind):
                self._countdown = self._faults.dice.randint(1, _STATEMENTS)
                self._at_statement = kind
                return
        for kind in ("commit_failed", "commit_unknown"):
            if self._faults.is_due(kind):
                self._at_commit = kind
                return

    def disarm(self) -> None:
        """Let the database be."""
        self._countdown, self._at_commit = -1, None

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Let another session hold SQLite's write lock, or the checkpoint's row, for the block."""
        if self._is_served:
            with self._row_locked():
                yield
            return
        other = sqlite3.connect(str(self._engine.url.database), isolation_level=None)
        try:
            other.execute("PRAGMA busy_timeout = 5000")
            other.execute("BEGIN IMMEDIATE")
            yield
        finally:
            other.close()

    @contextmanager
    def _row_locked(self) -> Iterator[None]:
        other = open_engine(self._engine.url)
        try:
            with other.begin() as connection:
                connection.execute(select(checkpoints).with_for_update()).all()
                yield
        finally:
            other.dispose()

    @property
    def _is_served(self) -> bool:
        return self._engine.dialect.name == "postgresql"

    def _executing(self, cursor: Any, *_ignored: object) -> None:  # noqa: ANN401 - the driver's own
        self._countdown -= 1
        if self._countdown:
            return
        self._faults.came(self._at_statement)
        if self._at_statement == "disconnected":
            # The statement goes out, and finds nobody.
            self._cut(cursor.connection.info.backend_pid)
            return
        raise self._full() if self._at_statement == "disk_full" else self._lost()

    def _cut(self, pid: int) -> None:
        other = open_engine(self._engine.url)
        try:
            with other.connect() as connection:
                connection.execute(select(func.pg_terminate_backend(pid, 5_000)))
        finally:
            other.dispose()

    def _about_to_commit(self, connection: Connection) -> None:
        options = connection.get_execution_options()
        self._writes = not (options.get(READ_ONLY) or options.get("postgresql_readonly"))

    def _committing(self, connection: Any) -> None:  # noqa: ANN401 - the driver's own
        if not self._writes:
            self._commit(connection)
            return
        doing, self._at_commit = self._at_commit, None
        if doing is not None:
            self._faults.came(doing)
        if doing == "commit_failed":
            connection.rollback()
            raise self._lost()
        self._commit(connection)
        self._committed()
        if doing == "commit_unknown":
            raise self._lost()

    def _full(self) -> Exception:
        if self._is_served:
            return psycopg.errors.DiskFull("could not extend file: No space left on device")
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        return error

    def _lost(self) -> Exception:
        if not self._is_served:
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode = sqlite3.SQLITE_IOERR
            return error
        return psycopg.OperationalError("server closed the connection unexpectedly")


class LongReader:
    """Somebody who reads in one transaction over many passes, and must see one moment."""

    def __init__(self, engine: Engine, passes: int) -> None:
        self._passes = passes
        with ExitStack() as opening:
            self._connection = opening.enter_context(reading(engine))
            self._seen = dump(self._connection)
            self._open = opening.pop_all()

    def is_over(self) -> bool:
        """Read on for another pass; whether this was the last one."""
        self._passes -= 1
        return self._passes <= 0

    def end(self) -> None:
        """Read all once more, and go."""
        with self._open:
            assert dump(self._connection) == self._seen, "a reader saw two moments"

    def leave(self) -> None:
        """Go without a word."""
        self._open.close()
