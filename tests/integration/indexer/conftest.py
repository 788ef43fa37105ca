"""Databases by the dozen, for tests that compare many lives of one mirror."""

from __future__ import annotations

from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Protocol

import pytest

from marketplace.storage.engines import open_engine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from tests.databases import Databases


class NewDatabase(Protocol):
    """Makes a fresh database with both stores, for the time of a `with` block."""

    def __call__(self) -> AbstractContextManager[Engine]: ...


@pytest.fixture
def new_database(databases: Databases) -> NewDatabase:
    """Give a maker of fresh databases."""
    return maker(databases)


def maker(databases: Databases) -> NewDatabase:
    """A maker of fresh databases of one kind."""

    @contextmanager
    def make() -> Iterator[Engine]:
        engine = open_engine(databases.create(migrated=True))
        try:
            yield engine
        finally:
            engine.dispose()
            databases.drop(engine.url)

    return make
