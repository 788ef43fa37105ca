"""What happens to a database in the middle of a pass.

Owns the hooks into one engine: a statement that fails, a commit that fails, a commit that came
through though the answer was lost, and another session that holds what a commit must have. The
errors are the drivers' own, so that the code under test meets what it would meet.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import psycopg
from sqlalchemy import event, select

from indexer.store.tables import checkpoints
from marketplace.storage.engines import READ_ONLY, open_engine

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
        if self._faults.is_due("statement_failed"):
            self._countdown = self._faults.dice.randint(1, _STATEMENTS)
        elif self._faults.is_due("commit_failed"):
            self._at_commit = "commit_failed"
        elif self._faults.is_due("commit_unknown"):
            self._at_commit = "commit_unknown"

    def disarm(self) -> None:
        """Let the database be."""
        self._countdown, self._at_commit = -1, None

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Let another session hold SQLite's write lock, or the checkpoint's row, for the block."""
        if self._engine.dialect.name == "postgresql":
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

    def _executing(self, *_ignored: object) -> None:
        self._countdown -= 1
        if self._countdown == 0:
            self._faults.came("statement_failed")
            raise self._lost()

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

    def _lost(self) -> Exception:
        if self._engine.dialect.name == "sqlite":
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode = sqlite3.SQLITE_IOERR
            return error
        return psycopg.OperationalError("server closed the connection unexpectedly")
