"""Fixtures of the API's tests; what they are made of is in `world`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.api.world import Clock, ToldMirror, Wallet, browser, parts_for

if TYPE_CHECKING:
    import httpx
    from sqlalchemy import Engine

    from api.parts import Parts


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
def client(parts: Parts) -> httpx.Client:
    return browser(parts)
