"""Fixtures that run a test on SQLite and on PostgreSQL, each time in a database of its own.

`database` holds both stores at their newest version; `empty_database` holds nothing. Each store's
tables are created once per run and copied for each test. Nothing here reads or writes rows.
"""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, Final, Protocol

import pytest
from sqlalchemy import URL, Engine, text

from api.store import history as api_history
from indexer.store import history as mirror_history
from marketplace.storage.engines import open_engine
from tests.folders import passing_folder
from tests.postgres import running_postgres

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KINDS: Final = ("sqlite", "postgresql")


class Databases(Protocol):
    """Makes databases of one kind and takes them away again."""

    def create(self, *, migrated: bool) -> URL:
        """Create a database, with both stores in it or with nothing; return its address."""

    def drop(self, url: URL) -> None:
        """Remove it, whoever is still connected."""


class SqliteDatabases:
    """Databases as files in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count()
        self._template = folder / "template.sqlite"
        _migrate(URL.create("sqlite", database=str(self._template)))

    def create(self, *, migrated: bool) -> URL:
        path = self._folder / f"test-{next(self._numbers)}.sqlite"
        if migrated:
            shutil.copyfile(self._template, path)
        return URL.create("sqlite", database=str(path))

    def drop(self, url: URL) -> None:
        for path in self._folder.glob(f"{(url.database or '').rpartition('/')[2]}*"):
            path.unlink()


class PostgresDatabases:
    """Databases of one server, copied from a template inside it."""

    def __init__(self, server: URL) -> None:
        self._server = server
        self._numbers = count()
        # Kept open: connecting takes as long as copying does, and every test would do so twice.
        self._engine = open_engine(server)
        self._run("CREATE DATABASE stores_template")
        _migrate(server.set(database="stores_template"))

    def create(self, *, migrated: bool) -> URL:
        name = f"test_{next(self._numbers)}"
        template = "stores_template" if migrated else "template0"
        # By files, without a journal: nothing here survives a crash anyway.
        self._run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return self._server.set(database=name)

    def drop(self, url: URL) -> None:
        self._run(f"DROP DATABASE {url.database} WITH (FORCE)")

    def close(self) -> None:
        """Close the connection by which they are made; they stay."""
        self._engine.dispose()

    def _run(self, statement: str) -> None:
        # None of these may run inside a transaction.
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(statement))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """Address of a PostgreSQL server that runs as long as the tests do."""
    with running_postgres() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_databases(postgres_server: URL) -> Iterator[Databases]:
    """Databases of a server, for tests of what SQLite does not have."""
    databases = PostgresDatabases(postgres_server)
    yield databases
    databases.close()


@pytest.fixture(scope="session", params=KINDS)
def databases(request: pytest.FixtureRequest) -> Iterator[Databases]:
    """Each kind of database in turn."""
    if request.param == "sqlite":
        with passing_folder("sqlite") as folder:
            yield SqliteDatabases(folder)
        return
    # Asked for only now, so that tests of SQLite alone start no server.
    yield request.getfixturevalue("postgres_databases")


@pytest.fixture
def database(databases: Databases) -> Iterator[Engine]:
    """Give a fresh database with both stores at their newest version."""
    with _opened(databases, migrated=True) as engine:
        yield engine


@pytest.fixture
def empty_database(databases: Databases) -> Iterator[Engine]:
    """Give a fresh database with nothing in it."""
    with _opened(databases, migrated=False) as engine:
        yield engine


@contextmanager
def _opened(databases: Databases, *, migrated: bool) -> Iterator[Engine]:
    url = databases.create(migrated=migrated)
    engine = open_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()
        databases.drop(url)


def _migrate(url: URL) -> None:
    engine = open_engine(url)
    mirror_history.upgrade(engine)
    api_history.upgrade(engine)
    engine.dispose()
