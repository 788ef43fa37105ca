"""When all connections to a database are in use, requests are answered in time, and then served."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from marketplace.storage.engines import PoolBounds, open_engine
from marketplace.storage.transactions import reading
from tests.integration.api.world import Clock, Wallet, browser, code_of, parts_for, sign_in_client

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine


@pytest.fixture
def small(database: Engine) -> Iterator[Engine]:
    """An engine with a single connection, for which nobody waits long."""
    engine = open_engine(database.url, pool=PoolBounds(connections=1, wait_s=0.05))
    yield engine
    engine.dispose()


def test_a_request_without_a_connection_is_told_to_come_again(small: Engine) -> None:
    client = browser(parts_for(small, Clock()))
    token = sign_in_client(client, Wallet())
    asked = {"Authorization": f"Bearer {token}"}

    with reading(small):
        refused = client.get("/v1/auth/session", headers=asked)

    assert (refused.status_code, code_of(refused)) == (503, "storage_unreachable")
    assert int(refused.headers["retry-after"]) >= 1
    assert str(small.url.database) not in refused.text
    assert client.get("/v1/auth/session", headers=asked).status_code == 200


def test_one_connection_is_enough_for_one_request_at_a_time(small: Engine) -> None:
    client = browser(parts_for(small, Clock()))

    token = sign_in_client(client, Wallet())

    asked = {"Authorization": f"Bearer {token}"}
    assert client.get("/v1/auth/sessions", headers=asked).status_code == 200
    assert client.post("/v1/auth/sign-out", headers=asked).status_code == 204
