"""Running one history of migrations: up, down, and whether a database is at its end.

A `History` is a chain of Alembic revisions with a version table of its own, so that two can live
in one database and know nothing of each other. It owns the transaction and the lock around a
migration, and refuses to touch a database that is newer than the program or not its own. What the
revisions do is theirs.

Revisions are named after their history and numbered, `mirror_0001`: a number past the last one is
a newer program's, any other name is a stranger's.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Final
from zlib import crc32

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, func, inspect, select

from marketplace.storage.engines import describe
from marketplace.storage.environment import Settings, Unwatched, Walk
from marketplace.storage.errors import (
    RowsOrphanedError,
    StorageError,
    StoreForeignError,
    StoreMissingError,
    StoreOutdatedError,
    StoreTooNewError,
)
from marketplace.storage.transactions import reading, translated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from alembic.script import Script

    from marketplace.storage.environment import StepWatcher

# Alembic hands its context to `env.py` through a global: one migration at a time in a process.
_ALEMBIC: Final = Lock()


@dataclass(frozen=True, slots=True)
class History:
    """One chain of revisions and the tables that it ends in.

    `store` is the word that names it to people and prefixes its revisions and version table;
    `folder` holds Alembic's `env.py` and `versions`; `upgrade_with` is what a person is told to
    run or call.
    """

    store: str
    metadata: MetaData
    folder: Path
    upgrade_with: str

    @property
    def version_table(self) -> str:
        """The table that remembers which revision the database is at."""
        return f"{self.store}_version"

    @property
    def newest(self) -> str:
        """The revision that the program was written for."""
        return self._revisions()[-1]

    def current(self, engine: Engine) -> str | None:
        """Return the revision that the database is at, or None when it has none of our tables.

        Raises:
            StoreForeignError: the tables are not ours, or not one revision's.
            StorageError: the database is locked or unreachable.
        """
        with reading(engine) as connection:
            return self._found(connection)

    def require_current(self, engine: Engine) -> None:
        """Return when the database is exactly at the revision this program was written for.

        Raises:
            StoreVersionError: it is not; the class says why and the message what to do.
            StorageError: the database is locked or unreachable.
        """
        with reading(engine) as connection:
            found = self._known(connection)
            if found is None:
                raise StoreMissingError(self.store, describe(engine), self.upgrade_with)
            if found != self.newest:
                raise StoreOutdatedError(self.store, describe(engine), found, self.upgrade_with)
            lost = sorted(set(self.metadata.tables) - set(inspect(connection).get_table_names()))
            if lost:
                raise self._foreign(connection, found, f"it lacks {', '.join(lost)}")

    def upgrade(
        self, engine: Engine, revision: str = "head", watcher: StepWatcher | None = None
    ) -> None:
        """Bring the database up to a revision, all of it or nothing; at the end it does nothing.

        `watcher` is told of each step before and after it.

        Raises:
            StoreVersionError: the database is newer than this program, or not ours.
            StorageError: the database is locked or unreachable.
        """
        with self._migrating(engine) as connection:
            walk = Walk(self._ahead(connection, revision), watcher or Unwatched())
            command.upgrade(self._config(connection, walk), revision)

    def downgrade(self, engine: Engine, revision: str) -> None:
        """Take the database down to a revision, or to `base`, where none of its tables is left.

        What the later revisions' tables held is lost. Raises as `upgrade` does.
        """
        with self._migrating(engine) as connection:
            command.downgrade(self._config(connection), revision)

    @contextmanager
    def _migrating(self, engine: Engine) -> Iterator[Connection]:
        with _ALEMBIC, translated(engine), engine.connect() as connection:
            sqlite = engine.dialect.name == "sqlite"
            raw = connection.connection.driver_connection
            if sqlite and raw is not None:
                # Rebuilding a table drops it, which would delete the rows that refer to it.
                # Inside a transaction this switch does nothing.
                raw.execute("PRAGMA foreign_keys = OFF")
            try:
                with connection.begin():
                    self._lock(connection)
                    self._known(connection)
                    yield connection
                    if sqlite:
                        self._check_references(connection)
            finally:
                if sqlite and raw is not None:
                    raw.execute("PRAGMA foreign_keys = ON")

    def _lock(self, connection: Connection) -> None:
        # SQLite's writers hold the database's one lock already.
        if connection.dialect.name == "postgresql":
            key = crc32(self.version_table.encode())
            connection.execute(select(func.pg_advisory_xact_lock(key)))

    def _check_references(self, connection: Connection) -> None:
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchone()
        if broken is not None:
            raise RowsOrphanedError(describe(connection.engine), str(broken[0]), str(broken[2]))

    def _known(self, connection: Connection) -> str | None:
        found = self._found(connection)
        if found is None or found in self._revisions():
            return found
        prefix, _, number = found.rpartition("_")
        if prefix == self.store and number.isdecimal():
            raise StoreTooNewError(self.store, describe(connection.engine), found, self.newest)
        raise self._foreign(connection, found, f"its version {found} is none of ours")

    def _found(self, connection: Connection) -> str | None:
        heads = MigrationContext.configure(
            connection, opts={"version_table": self.version_table}
        ).get_current_heads()
        if len(heads) > 1:
            raise self._foreign(connection, heads[0], "it has more than one version at once")
        if heads:
            return heads[0]
        strangers = sorted(set(self.metadata.tables) & set(inspect(connection).get_table_names()))
        if strangers:
            raise self._foreign(
                connection, None, f"it has tables named {', '.join(strangers)} without a version"
            )
        return None

    def _foreign(self, connection: Connection, found: str | None, fault: str) -> StorageError:
        return StoreForeignError(self.store, describe(connection.engine), found, fault)

    def _ahead(self, connection: Connection, revision: str) -> list[tuple[str, str]]:
        """The steps from where the database is up to a revision, and what each of them is."""
        scripts = self._scripts()
        names = [script.revision for script in scripts]
        found = self._found(connection)
        first = 0 if found is None else names.index(found) + 1
        # One that does not exist is refused by Alembic.
        end = names.index(revision) + 1 if revision in names else len(names)
        return [(script.revision, script.doc) for script in scripts[first:end]]

    def _config(self, connection: Connection | None = None, walk: Walk | None = None) -> Config:
        config = Config()
        # ConfigParser reads a percent sign in a path as the start of a variable.
        config.set_main_option("script_location", str(self.folder).replace("%", "%%"))
        if connection is not None:
            walk = walk or Walk((), Unwatched())
            Settings(connection, self.version_table, self.metadata, walk).hand_to(config)
        return config

    def _revisions(self) -> list[str]:
        return [script.revision for script in self._scripts()]

    def _scripts(self) -> list[Script]:
        return [*ScriptDirectory.from_config(self._config()).walk_revisions()][::-1]
