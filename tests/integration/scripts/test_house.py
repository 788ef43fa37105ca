from __future__ import annotations

import socket
from dataclasses import replace
from datetime import timedelta
from threading import enumerate as threads
from typing import TYPE_CHECKING

import httpx
import pytest

from marketplace.bindings.node import NodeUnreachable
from scripts.demo.folder import open_folder
from scripts.demo.house import PartSilent, house
from scripts.demo.stage import PortUnavailable, stage
from scripts.demo.watch import PartEnded
from tests.integration.scripts.performances import tear

if TYPE_CHECKING:
    from pathlib import Path

PATIENCE_S = 20.0


def ready(url: str) -> dict[str, object]:
    """What the API says once it is ready."""
    while True:
        answer = httpx.get(f"{url}/health/ready")
        if answer.is_success:
            told: dict[str, object] = answer.json()
            return told


def test_every_part_lives_by_the_chains_clock(tmp_path: Path) -> None:
    with house(open_folder(tmp_path)) as opened:
        later = opened.stage.now() + int(timedelta(days=21).total_seconds())
        opened.stage.travel(later)
        assert opened.stage.now() >= later
        # Neither the mirror nor the gate takes three weeks for a lag.
        assert ready(opened.url)["block"] == opened.stage.market.head().number
        opened.require_open()


def test_time_is_never_turned_back(tmp_path: Path) -> None:
    with house(open_folder(tmp_path)) as opened:
        before = opened.stage.market.head()
        opened.stage.travel(int(before.time.timestamp()) - 1)
        assert opened.stage.market.head() == before


def test_an_indexer_that_stops_is_told_in_its_own_words(tmp_path: Path) -> None:
    with house(open_folder(tmp_path)) as opened:
        tear(opened.folder.mirror)
        with pytest.raises(PartEnded, match=r"The indexer has ended: The tables lack blocks"):
            opened.watch.wait(PATIENCE_S)
        with pytest.raises(PartEnded):
            opened.require_open()


def test_nothing_is_left_running(tmp_path: Path) -> None:
    before = {thread.name for thread in threads()}
    with house(open_folder(tmp_path)) as opened:
        ports = [int(url.rpartition(":")[2]) for url in (opened.url, opened.stage.url)]
    assert {thread.name for thread in threads() if not thread.daemon} - before == set()
    for port in ports:
        with socket.create_server(("127.0.0.1", port)):
            pass


def test_the_environment_of_other_processes_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEATS_API_PUBLIC_URL", "https://seats.example")
    monkeypatch.setenv("SEATS_INDEXER_START_BLOCK", "1000")
    with house(open_folder(tmp_path)) as opened:
        asked = {"session": "bearer", "account": opened.stage.deployment.seats}
        answer = httpx.post(f"{opened.url}/v1/auth/nonce", json=asked)
        assert answer.json()["uri"] == opened.url


@pytest.mark.parametrize("option", ["--port", "--rpc-port"])
def test_a_taken_port_is_named_with_its_option(
    tmp_path: Path, taken_port: int, option: str
) -> None:
    api, chain = (taken_port, 0) if option == "--port" else (0, taken_port)
    with pytest.raises(PortUnavailable) as told, house(open_folder(tmp_path), api, chain):
        pass
    assert str(told.value) == (
        f"Port {taken_port} on 127.0.0.1 is taken: stop the program that listens there, or "
        f"choose another with {option} (0 takes a free one)."
    )


def test_a_chain_or_an_api_that_answers_no_more_is_noticed(tmp_path: Path) -> None:
    with stage() as gone:
        pass
    with house(open_folder(tmp_path)) as opened:
        with pytest.raises(NodeUnreachable):
            replace(opened, stage=gone).require_open()
        with pytest.raises(PartSilent, match="The API answers no more"):
            replace(opened, url=gone.url).require_open()
        opened.require_open()
