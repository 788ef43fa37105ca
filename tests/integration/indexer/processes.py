"""Indexers as processes, and the chain that they follow.

Owns starting one, waiting for its lines, signals, and a served market. Refuses assertions about the
mirror.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from tempfile import TemporaryFile
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from marketplace.chain.connection import open_node
from marketplace.devnet.server import running_devnet
from marketplace.devnet.settings import DevnetSettings
from tests.conformance.chains import CHAIN_ID
from tests.forks import Forks
from tests.integration.marketplace.steering import NodeSteering
from tests.integration.marketplace.world import Market, deploy_market

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import URL

    from indexer.sync.steps import Step

LINE_S = 30.0
"""How long a line may be waited for."""
_STDOUT: Final = 1
FORKS: Final = Forks("indexer.commands.app")
"""Indexers start from here: what they are made of is read once."""


@contextmanager
def served_market() -> Iterator[tuple[str, Market]]:
    """Run a development chain with a market on it."""
    with running_devnet(DevnetSettings(port=0)) as devnet:
        web3 = open_node(devnet.url, CHAIN_ID)
        yield devnet.url, deploy_market("devnet", web3, CHAIN_ID, NodeSteering(web3))


def environment(database: URL | str, url: str, contract: str, **more: str) -> dict[str, str]:
    """The environment of an indexer: these settings and no others."""
    shown = (
        database if isinstance(database, str) else database.render_as_string(hide_password=False)
    )
    given = {
        "DATABASE": shown,
        "NODE": url,
        "CHAIN_ID": str(CHAIN_ID),
        "CONTRACT": contract,
        "POLL_INTERVAL_S": "0.02",
        "MOST_BACKOFF_S": "0.2",
        **more,
    }
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SEATS_")}
    return clean | {f"SEATS_INDEXER_{name}": value for name, value in given.items()}


def dying(step: Step, blow: signal.Signals) -> list[str]:
    """How an indexer is called that sends itself a signal at a step of a pass."""
    return ["tests.integration.indexer.dying", step.value, blow.name]


def finished(given: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m indexer` to the end."""
    return finished_as(["indexer", *arguments], given)


def finished_as(called: list[str], given: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a module to the end."""
    with TemporaryFile("w+") as out, TemporaryFile("w+") as error:
        started = FORKS.start(called, given, out.fileno(), error.fileno())
        try:
            code = started.wait(60)
        finally:
            started.send_signal(signal.SIGKILL)
        out.seek(0)
        error.seek(0)
        return subprocess.CompletedProcess(called, code, out.read(), error.read())


class Running:
    """An indexer that runs; its lines can be waited for."""

    def __init__(self, given: dict[str, str], called: list[str]) -> None:
        heard, spoken = os.pipe()
        self._stderr = os.fdopen(heard)
        try:
            self._process = FORKS.start(called, given, _STDOUT, spoken)
        finally:
            os.close(spoken)
        self._lines: SimpleQueue[str | None] = SimpleQueue()
        self.said: list[str] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def line(self, event: str, within_s: float = LINE_S) -> dict[str, Any]:
        """The next line that tells of an event; those before it are passed over."""
        deadline = monotonic() + within_s
        while True:
            try:
                said = self._lines.get(timeout=max(0.0, deadline - monotonic()))
            except Empty:
                raise AssertionError(f"no {event} within {within_s} s: {self.said}") from None
            if said is None:
                # Whoever waits for the end hears of it too.
                self._lines.put(None)
                raise AssertionError(f"it ended before {event}: {self.said}")
            self.said.append(said)
            if not said.startswith("{"):
                continue
            told: dict[str, Any] = json.loads(said)
            if told["event"] == event:
                return told

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    def send(self, wish: signal.Signals) -> None:
        """Send a signal."""
        self._process.send_signal(wish)

    def end(self, wish: signal.Signals) -> int:
        """Send a signal and wait for the end; gives the exit code."""
        self._process.send_signal(wish)
        return self.ended()

    def ended(self) -> int:
        """Wait for the end; gives the exit code."""
        code = self._process.wait(timeout=30)
        self._reader.join()
        while (said := self._lines.get()) is not None:
            self.said.append(said)
        self._lines.put(None)
        return code

    def _read(self) -> None:
        with self._stderr as lines:
            for said in lines:
                self._lines.put(said)
        self._lines.put(None)


@contextmanager
def running(given: dict[str, str], called: list[str] | None = None) -> Iterator[Running]:
    """Run an indexer for the length of the block, and kill it then if it still runs."""
    started = Running(given, called or ["indexer", "run"])
    try:
        yield started
    finally:
        started.end(signal.SIGKILL)
