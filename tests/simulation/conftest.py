"""A fresh database of each kind, whose locks are not waited for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.databases import (
    database,
    databases,
    postgres_databases,
    postgres_server,
)
from tests.simulation.database import opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

__all__ = ["database", "databases", "postgres_databases", "postgres_server"]


@pytest.fixture
def mirror_engine(database: Engine) -> Iterator[Engine]:
    """The same database, through an engine as the simulation opens it."""
    engine = opened(database.url)
    try:
        yield engine
    finally:
        engine.dispose()
