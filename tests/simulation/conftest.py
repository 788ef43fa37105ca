"""A fresh database of each kind, whose locks are not waited for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from marketplace.storage.engines import open_engine
from tests.databases import (
    database,
    databases,
    postgres_databases,
    postgres_server,
)
from tests.simulation.running import BUSY_TIMEOUT_MS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

__all__ = ["database", "databases", "postgres_databases", "postgres_server"]


@pytest.fixture
def mirror_engine(database: Engine) -> Iterator[Engine]:
    """The same database, through an engine as the simulation opens it."""
    engine = open_engine(database.url, busy_timeout_ms=BUSY_TIMEOUT_MS)
    try:
        yield engine
    finally:
        engine.dispose()
