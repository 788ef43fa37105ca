"""Word of new heads: from sockets that misbehave in every way, and from a real chain's."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from time import monotonic, time
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

from indexer import process
from indexer.identity import Contracts, MirrorId
from indexer.journal import Journal
from indexer.rpc.heads import MISSED, Heads
from indexer.settings import IndexerSettings
from indexer.waking import Stopper
from marketplace.chain.connection import open_node
from tests.conformance.chains import ANVIL, CHAIN_ID
from tests.conformance.chains import running as running_chain
from tests.integration.indexer.afresh import require_as_afresh
from tests.integration.indexer.hostile_socket import hostile_socket, stalling
from tests.integration.marketplace.steering import NodeSteering
from tests.integration.marketplace.world import deploy_market

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from tests.conformance.chains import RunningChain
    from tests.integration.indexer.conftest import NewDatabase
    from tests.integration.indexer.hostile_socket import Mode, Socket
    from tests.integration.marketplace.world import Market

SOON_S = 30.0
NEVER_S = 10.0
"""Between looks, where a test waits for word."""


class Told:
    """A stream for a journal; its lines can be waited for."""

    def __init__(self) -> None:
        self._lines: SimpleQueue[str] = SimpleQueue()
        self.said: list[str] = []

    def write(self, line: str) -> int:
        self._lines.put(line)
        return len(line)

    def flush(self) -> None:
        """Nothing is held back."""

    def line(self, event: str, within_s: float = SOON_S) -> dict[str, Any]:
        deadline = monotonic() + within_s
        while True:
            try:
                said = self._lines.get(timeout=max(0.0, deadline - monotonic()))
            except Empty:
                raise AssertionError(f"no {event} within {within_s} s: {self.said}") from None
            self.said.append(said)
            told: dict[str, Any] = json.loads(said)
            if told["event"] == event:
                return told


@contextmanager
def hearing(
    url: str, ping_s: float = 5.0, timeout_s: float = 5.0
) -> Iterator[tuple[Told, Stopper]]:
    """Listen to one socket."""
    told, ear = Told(), Stopper()
    journal = Journal(told, time)  # type: ignore[arg-type] # all that it asks of a stream
    heads = Heads(url, ear, journal, lambda _failures: 0.01, timeout_s=timeout_s, ping_s=ping_s)
    with heads.heard():
        yield told, ear


@contextmanager
def indexing(settings: IndexerSettings) -> Iterator[Told]:
    """Run a whole indexer in a thread."""
    told, stopper = Told(), Stopper()
    journal = Journal(told, time)  # type: ignore[arg-type] # all that it asks of a stream
    failed: list[BaseException] = []

    def run() -> None:
        try:
            process.run(settings, journal, stopper, time)
        except BaseException as error:  # noqa: BLE001 - shown by the test
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield told
    finally:
        stopper.stop()
        thread.join()
    assert failed == []


@pytest.fixture(scope="module")
def anvil(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RunningChain, Market]]:
    with running_chain(ANVIL, tmp_path_factory.mktemp("anvil")) as chain:
        web3 = open_node(chain.url, CHAIN_ID)
        yield chain, deploy_market("anvil", web3, CHAIN_ID, NodeSteering(web3))


@pytest.fixture
def socket() -> Iterator[Socket]:
    with hostile_socket() as served:
        yield served


def settings_of(
    engine: Engine, chain: RunningChain, market: Market, node_ws: str, poll_s: float = NEVER_S
) -> IndexerSettings:
    return IndexerSettings(
        database=SecretStr(engine.url.render_as_string(hide_password=False)),
        node=SecretStr(chain.url),
        node_ws=SecretStr(node_ws),
        chain_id=CHAIN_ID,
        contract=market.contract.address,
        poll_interval_s=poll_s,
        heartbeat_s=10,
        most_backoff_s=0.1,
    )


def act(market: Market) -> None:
    market.send("bo", market.contract.bump_counter())


def test_word_of_a_head_ends_a_rest(socket: Socket) -> None:
    with hearing(socket.url) as (told, ear):
        told.line("listening")
        # The subscription itself is a reason to look.
        assert ear.rest(SOON_S)
        assert socket.subscribed.acquire(timeout=SOON_S)

        socket.tell({"number": "0x1"})

        assert ear.rest(SOON_S)
        assert not ear.rest(0)


@pytest.mark.parametrize(
    ("mode", "why"),
    [
        ("forbidden", "HTTP status 403"),
        ("refuses", "it refuses to tell of new heads"),
        ("silent", "no answer in time"),
        ("closes", "ConnectionClosedOK"),
        ("garbage", "it sent something that is no JSON"),
        ("bytes", "it sent something that is no JSON"),
        ("nested", "it sent something that is no JSON"),
        ("strange", "it sent a notice that nobody asked for"),
    ],
)
def test_a_socket_that_misbehaves_is_left_for_another(socket: Socket, mode: Mode, why: str) -> None:
    socket.mode = mode
    timeout_s = 0.3 if mode == "silent" else 5.0
    with hearing(socket.url, timeout_s=timeout_s) as (told, ear):
        line = told.line("unheard")
        assert line["code"] == "heads_unheard"
        assert why in line["said"]
        assert told.line("unheard")["failures"] == 2

        socket.mode = "honest"
        while not socket.subscribed.acquire(timeout=SOON_S) or not socket.open:
            pass
        told.line("listening")
        socket.tell()
        assert ear.rest(SOON_S)


def test_a_socket_that_is_closed_or_not_there_is_opened_again(socket: Socket) -> None:
    with hearing(socket.url) as (told, _ear):
        told.line("listening")
        socket.hang_up()
        assert told.line("unheard")["failures"] == 1
        told.line("listening")
    with hearing("ws://127.0.0.1:1") as (told, _ear):
        assert "Connection refused" in told.line("unheard")["said"]


def test_a_socket_that_stalls_without_closing_is_noticed_by_its_silence_to_pings(
    socket: Socket,
) -> None:
    with (
        stalling(socket.url) as (url, stalled),
        # What is opened while nothing is carried is waited for in vain, once.
        hearing(url, ping_s=0.2, timeout_s=1.0) as (told, _ear),
    ):
        told.line("listening")
        stalled.set()

        told.line("unheard")
        stalled.clear()
        told.line("listening")


def test_a_socket_that_tells_of_nothing_while_heads_are_found_is_left(socket: Socket) -> None:
    with hearing(socket.url) as (told, ear):
        told.line("listening")
        assert ear.rest(SOON_S)
        for _ in range(MISSED):
            ear.found_unheard()

        assert "did not tell of" in told.line("unheard")["said"]
        told.line("listening")
        assert ear.unheralded == 0


def test_whatever_the_socket_does_the_mirror_is_the_chain(
    anvil: tuple[RunningChain, Market],
    socket: Socket,
    database: Engine,
    new_database: NewDatabase,
) -> None:
    chain, market = anvil
    settings = settings_of(database, chain, market, socket.url, poll_s=0.1)
    modes: tuple[Mode, ...] = ("closes", "garbage", "refuses", "strange", "silent", "honest")
    with indexing(settings) as told:
        told.line("caught_up")
        for mode in modes:
            socket.mode = mode
            socket.hang_up()
            # Of a head that is not there yet, very often.
            socket.tell({"number": "0xffff"}, times=300)
            act(market)
            assert told.line("added")["events"] == 1
        told.line("caught_up")
    contracts = Contracts((market.contract.address,), 0)
    require_as_afresh(database, MirrorId(CHAIN_ID), chain.url, contracts, new_database)


def test_a_node_that_keeps_its_heads_to_itself_is_asked_and_gets_another_socket(
    anvil: tuple[RunningChain, Market], socket: Socket, database: Engine
) -> None:
    chain, market = anvil
    with indexing(settings_of(database, chain, market, socket.url, poll_s=0.05)) as told:
        told.line("listening")
        told.line("caught_up")
        for _ in range(MISSED + 1):
            act(market)
            told.line("added")
            # Else the next one could be found in the same look, without a rest before it.
            told.line("caught_up")

        if not any("did not tell of" in said for said in told.said):
            assert "did not tell of" in told.line("unheard")["said"]


def test_anvils_own_word_of_a_head_is_followed_long_before_the_next_look(
    anvil: tuple[RunningChain, Market], database: Engine
) -> None:
    chain, market = anvil
    with indexing(settings_of(database, chain, market, chain.websocket_url)) as told:
        told.line("listening")
        told.line("caught_up")
        for _ in range(5):
            act(market)
            assert told.line("added", within_s=NEVER_S * 0.8)["events"] == 1
