"""The two chains as nodes that go away, come back, and change their minds about what happened.

Owns how each of them is stopped, started and turned to another branch. Refuses to choose when.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Protocol

from marketplace.chain.connection import open_node
from marketplace.devnet.server import running_devnet
from marketplace.devnet.settings import DevnetSettings
from tests.conformance.chains import (
    ANVIL,
    CHAIN_ID,
    ROOT,
    RunningChain,
    command_for,
    end,
    free_port,
    wait_until_it_answers,
)
from tests.integration.indexer.relay import relaying
from tests.integration.marketplace.steering import NodeSteering

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tests.integration.indexer.relay import Relay

DEVNET_FINAL: Final = 48
"""Blocks by which what is final trails the head of the development chain; on anvil it is 64."""

Placed = tuple[dict[str, str], int]
"""A transaction of a named account, and the place of its block in the branch."""


class Node(Protocol):
    """A chain with a wire before it, over which it is asked by the indexer."""

    name: str
    url: str
    relay: Relay
    floor: int
    """The lowest block that it can go back to."""

    def go(self) -> None:
        """Answer nobody any more."""

    def come(self) -> None:
        """Answer again, as before."""

    def reorganise(self, depth: int, placed: Sequence[Placed], length: int) -> None:
        """Replace the newest blocks by so many others, which hold these transactions."""

    def shorten(self, depth: int) -> None:
        """Forget the newest blocks; what is there afterwards may be one other block."""


class Devnet:
    """The development chain, which keeps nothing: it goes by its wire alone."""

    name = "devnet"
    floor = 0

    def __init__(self, url: str, relay: Relay) -> None:
        self.url, self.relay = url, relay
        self._steering = NodeSteering(open_node(url, CHAIN_ID))

    def go(self) -> None:
        self.relay.mode = "cut"

    def come(self) -> None:
        self.relay.mode = "forward"

    def reorganise(self, depth: int, placed: Sequence[Placed], length: int) -> None:
        self._steering.ask("devnet_reorg", depth, placed, {"newLength": length})

    def shorten(self, depth: int) -> None:
        self._steering.ask("devnet_reorg", depth, [], {"newLength": 1})


class Anvil:
    """anvil, which writes its chain down when it is stopped and reads it when it starts."""

    name = "anvil"

    def __init__(self, folder: Path) -> None:
        self._state = folder / "anvil.json"
        self._kept = folder / "anvil-kept.json"
        self._chain = RunningChain(ANVIL, free_port(), folder / "anvil.out")
        self.url = self._chain.url
        self.relay: Relay
        # It makes its first block anew at each start: without a time of its own, another one.
        self._genesis_s = int(time.time())
        self.come()
        self._steering = NodeSteering(open_node(self.url, CHAIN_ID))

    def go(self) -> None:
        end(self._process)

    def come(self) -> None:
        keeping = ["--state", str(self._state), "--timestamp", str(self._genesis_s)]
        with self._chain.output.open("ab") as output:
            self._process = subprocess.Popen(  # noqa: S603 - our own command, no shell
                [*command_for(ANVIL, self._chain.port), *keeping],
                cwd=ROOT,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        wait_until_it_answers(self._process, self._chain)
        # Of blocks that it has read it knows no code: nothing could be built on one of them.
        self.floor = open_node(self.url, CHAIN_ID).eth.block_number + 1

    def keep(self) -> None:
        """Write the chain down as it is now, and go on."""
        self.go()
        shutil.copyfile(self._state, self._kept)
        self.come()

    def crash(self) -> None:
        """End without a word: what it has when it comes is what it kept."""
        self._process.kill()
        self._process.wait(timeout=5)
        shutil.copyfile(self._kept, self._state)

    def reorganise(self, depth: int, placed: Sequence[Placed], length: int) -> None:
        assert length == depth, "anvil's branches are as long as what they replace"
        self._steering.ask("anvil_reorg", depth, placed)

    def shorten(self, depth: int) -> None:
        self._steering.ask("anvil_rollback", depth)


@contextmanager
def serving(name: str, folder: Path) -> Iterator[Node]:
    """Serve one of the two chains behind a wire for the length of the block."""
    if name == "devnet":
        chosen = DevnetSettings(port=0, safe_depth=8, finalized_depth=DEVNET_FINAL)
        with running_devnet(chosen) as devnet, relaying(devnet.url) as relay:
            yield Devnet(devnet.url, relay)
        return
    anvil = Anvil(folder)
    try:
        with relaying(anvil.url) as relay:
            anvil.relay = relay
            yield anvil
    finally:
        anvil.go()
