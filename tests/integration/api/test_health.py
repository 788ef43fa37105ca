from __future__ import annotations

import socket
import threading
from contextlib import closing
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING

import pytest

from api.probing import PATIENCE_S
from api.store import history
from marketplace.storage.engines import open_engine
from marketplace.storage.errors import StoreOutdatedError
from tests.integration.api.world import BLOCK, Clock, ToldMirror, browser, code_of, parts_for

if TYPE_CHECKING:
    import httpx
    from sqlalchemy import Engine


def checks(answer: httpx.Response) -> list[tuple[str, str]]:
    """Name and fault of each check that fails."""
    assert (answer.status_code, code_of(answer)) == (503, "not_ready")
    assert answer.headers["retry-after"] == "1"
    return [(one["name"], one["fault"]) for one in answer.json()["checks"]]


def test_a_process_that_answers_is_live(client: httpx.Client) -> None:
    assert client.get("/health/live").json() == {"status": "live"}


def test_it_is_ready_when_both_stores_are_and_says_on_which_block_it_stands(
    client: httpx.Client,
) -> None:
    assert client.get("/health/ready").json() == {
        "status": "ready",
        "block": 100,
        "block_hash": BLOCK.block_hash,
        "lag_s": 1,
    }


def test_two_applications_of_a_process_keep_their_parts_apart(database: Engine) -> None:
    seventh = ToldMirror(at=replace(BLOCK, number=7))
    first = browser(parts_for(database, Clock()))
    second = browser(parts_for(database, Clock(), seventh))

    told = [one.get("/health/ready").json()["block"] for one in (first, second, first)]

    assert told == [100, 7, 100]


def test_it_is_not_ready_without_its_tables(empty_database: Engine) -> None:
    client = browser(parts_for(empty_database, Clock()))
    assert checks(client.get("/health/ready")) == [("store", "storage_version_missing")]


def test_it_is_not_ready_on_tables_of_another_version(database: Engine) -> None:
    history.downgrade(database, "api_0001")
    client = browser(parts_for(database, Clock()))
    assert checks(client.get("/health/ready")) == [("store", "storage_version_outdated")]


def test_it_is_not_ready_on_a_mirror_of_another_version(
    client: httpx.Client, mirror: ToldMirror
) -> None:
    mirror.fault = StoreOutdatedError("mirror", "db", "mirror_0001", "upgrade")
    assert checks(client.get("/health/ready")) == [("mirror", "storage_version_outdated")]


def test_it_is_not_ready_before_anything_is_mirrored(
    client: httpx.Client, mirror: ToldMirror
) -> None:
    mirror.at = None
    assert checks(client.get("/health/ready")) == [("mirror", "it is not level with the chain yet")]


@pytest.mark.parametrize("lag", [16, -1])
def test_it_is_not_ready_while_the_mirror_lags(
    client: httpx.Client, mirror: ToldMirror, lag: int
) -> None:
    mirror.at = replace(BLOCK, lag_s=lag)
    assert checks(client.get("/health/ready")) == [("mirror", f"it lags by {lag} s")]


def test_a_database_that_hangs_is_named_in_time_and_asked_once(
    database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The look is not to end before everybody has asked, however slowly they do.
    monkeypatch.setattr("marketplace.storage.engines._CONNECT_TIMEOUT_S", 60)
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        # It takes connections and never says a word.
        silent.setblocking(False)  # noqa: FBT003 - the name is the whole sense
        hung = open_engine(f"postgresql://seats@127.0.0.1:{silent.getsockname()[1]}/seats")
        client = browser(replace(parts_for(database, Clock()), store=hung))
        assert checks(client.get("/health/ready")) == [("store", "no answer within 2 s")]
        began = monotonic()
        again = [checks(client.get("/health/ready")) for _ in range(5)]
        took = monotonic() - began
        (looking,) = [one for one in threading.enumerate() if one.name == "readiness"]
        connection, _ = silent.accept()
        with closing(connection), pytest.raises(BlockingIOError):
            silent.accept()
    looking.join()
    hung.dispose()
    assert again == [[("store", "no answer within 2 s")]] * 5
    # Fewer than if each had waited anew.
    assert took < 4 * PATIENCE_S
