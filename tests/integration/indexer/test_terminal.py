"""The indexer where somebody looks: its lines on a terminal, and bars of what takes long."""

from __future__ import annotations

import json
import os
import re
import signal
import threading
from typing import TYPE_CHECKING

import pytest

from tests.integration.indexer.processes import FORKS, served_market
from tests.integration.indexer.relay import relaying
from tests.integration.indexer.test_process import environment
from tests.integration.indexer.test_process_audit import finalize

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.integration.marketplace.world import Market

_HIDDEN, _SHOWN = "\x1b[?25l", "\x1b[?25h"


@pytest.fixture(scope="module")
def market() -> Iterator[tuple[str, Market]]:
    """A market whose history is final but for its end."""
    with served_market() as (url, deployed):
        finalize(deployed)
        yield url, deployed


class Screen:
    """A terminal, and everything that was written to it."""

    def __init__(self) -> None:
        self._here, self.descriptor = os.openpty()
        self.text = ""
        self._grown = threading.Condition()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def holds(self, wanted: str, within_s: float = 30.0) -> bool:
        """Whether this was written by then; waits for it."""
        with self._grown:
            return self._grown.wait_for(lambda: wanted in self.text, within_s)

    def close(self) -> None:
        """Wait for the end of what was written; whoever writes has closed it."""
        self._reader.join(30)
        os.close(self._here)

    def lines(self) -> list[str]:
        """Its lines without what steers it, the last state of each."""
        plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self.text)
        return [line.rpartition("\r")[2] for line in plain.replace("\r\n", "\n").split("\n")]

    def _read(self) -> None:
        while True:
            try:
                some = os.read(self._here, 65_536)
            except OSError:
                # Its last writer is gone.
                return
            with self._grown:
                self.text += some.decode()
                self._grown.notify_all()


def looked_at(given: dict[str, str], until: str) -> tuple[Screen, int]:
    """What an indexer shows on a terminal until something is seen there and Ctrl-C is pressed."""
    screen = Screen()
    given |= {"TERM": "xterm", "COLUMNS": "100"}
    try:
        process = FORKS.start(["indexer", "run"], given, 1, screen.descriptor)
    finally:
        os.close(screen.descriptor)
    try:
        assert screen.holds(until), screen.text
        process.send_signal(signal.SIGINT)
        return screen, process.wait(30)
    finally:
        process.send_signal(signal.SIGKILL)
        screen.close()


def test_history_is_a_bar_below_whole_lines(market: tuple[str, Market], tmp_path: Path) -> None:
    url, deployed = market
    given = environment(tmp_path, url, deployed.contract.address, RANGE_BLOCKS="1")

    screen, code = looked_at(given, '"caught_up"')

    said = [json.loads(line) for line in screen.lines() if line.startswith("{")]
    told = [line["event"] for line in said]
    assert (code, told[0], told[-1]) == (0, "started", "stopped")
    assert "added" in told
    # What is not over is drawn.
    assert [line["done"] == line["of"] for line in said if line["event"] == "progress"] == [True]
    (last, *_) = [line for line in screen.lines() if line.startswith("history")][::-1]
    assert re.search(r"history .*100% (\d+)/\1 ", last), screen.text


def test_ctrl_c_in_the_midst_of_history_leaves_the_terminal_as_it_was(
    market: tuple[str, Market], tmp_path: Path
) -> None:
    url, deployed = market
    with relaying(url) as relay:
        given = environment(tmp_path, relay.url, deployed.contract.address, RANGE_BLOCKS="1")
        relay.instead = without_logs_from(3)
        screen, code = looked_at(given, '"retrying"')

    assert code == 0
    (bar, *_) = [line for line in screen.lines() if line.startswith("history")]
    assert re.search(r"history .* \d+% [12]/6 ", bar), screen.text
    (*_, last) = [line for line in screen.lines() if line.startswith("{")]
    assert json.loads(last)["event"] == "stopped"
    assert screen.lines()[-1] == ""
    # It hides the cursor while it draws, and whoever typed has it again.
    assert screen.text.count(_HIDDEN) == screen.text.count(_SHOWN) == 1
    assert screen.text.index(_HIDDEN) < screen.text.index(_SHOWN)


def without_logs_from(block: int) -> Callable[[bytes], bytes | None]:
    """A node that gives nonsense for logs of this block and later ones."""

    def answer(body: bytes) -> bytes | None:
        asked = re.search(rb'"toBlock": ?"(0x[0-9a-f]+)"', body)
        return b"<html>" if asked and int(asked[1], 16) >= block else None

    return answer
