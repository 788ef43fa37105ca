"""Fixtures of the API's tests; what they are made of is in `world`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from marketplace.storage.engines import open_engine
from tests.integration.api.live import Live, LiveChain, live_api, live_chain
from tests.integration.api.world import Clock, ToldMirror, Wallet, browser, parts_for
from tests.seats_command import seats

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx
    from sqlalchemy import Engine

    from api.parts import Parts
    from tests.databases import Databases


__all__ = ["seats"]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def mirror() -> ToldMirror:
    return ToldMirror()


@pytest.fixture
def wallet() -> Wallet:
    return Wallet()


@pytest.fixture
def parts(database: Engine, clock: Clock, mirror: ToldMirror) -> Parts:
    return parts_for(database, clock, mirror)


@pytest.fixture
def on_postgres(postgres_databases: Databases) -> Iterator[Engine]:
    """An empty database of PostgreSQL, for what SQLite's one writer cannot run into."""
    engine = open_engine(postgres_databases.create(migrated=True))
    try:
        yield engine
    finally:
        engine.dispose()
        postgres_databases.drop(engine.url)


@pytest.fixture
def client(parts: Parts) -> httpx.Client:
    return browser(parts)


@pytest.fixture(scope="session")
def launched_chain() -> Iterator[LiveChain]:
    with live_chain() as chain:
        yield chain


@pytest.fixture
def live(launched_chain: LiveChain, database: Engine) -> Iterator[Live]:
    """An API over the launched examples; `live.mirror()` lets it know of them."""
    with live_api(launched_chain, database) as found:
        yield found
