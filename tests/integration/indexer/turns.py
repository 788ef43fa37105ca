"""One life of a real chain and of an indexer's process over it, from one seed.

Owns the schedule: what people do, how deep the chain changes its mind and what the other branch
holds, when wire and node fail, and when the process is killed. Whatever it does, it lets the mirror
come level with the chain afterwards. Refuses to judge what the mirror then holds.
"""

from __future__ import annotations

import signal
from random import Random
from time import monotonic
from typing import TYPE_CHECKING, Final

from hexbytes import HexBytes

from indexer.queries import MirrorMissing, mirror_status, outbox_bell
from indexer.rpc.values import Mark
from indexer.sync.steps import Step
from marketplace.devnet.accounts import account_named
from marketplace.storage.transactions import reading
from tests.integration.indexer.nodes import Anvil
from tests.integration.indexer.processes import Running, dying, environment, finished_as
from tests.integration.indexer.test_chains import MIRROR, NAMES, act, steering

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine
    from web3.types import BlockIdentifier

    from marketplace.bindings.transactions import PreparedTransaction
    from tests.integration.indexer.nodes import Node, Placed
    from tests.integration.indexer.relay import Mode
    from tests.integration.marketplace.world import Market

DEEPEST: Final = 36
"""Blocks that a reorganisation replaces at most."""

LEVEL_S: Final = 100.0
"""How long the mirror may take to come level: a process that was killed between a rollback and the
new branch is followed by one that calls nothing level for a minute."""

WIRE: Final[dict[Mode, str]] = {
    "overloaded": "node_overloaded",
    "broken": "node_overloaded",
    "forbidden": "node_refused_question",
    "cut": "node_silent",
    "truncated": "answer_malformed",
    "garbage": "answer_malformed",
}
"""What becomes of answers, and what the indexer calls it."""

_STEPS: Final = (Step.READ, Step.GATHERED, Step.MOVED, Step.LEDGERED, Step.TOLD, Step.COMMITTED)
_GAS: Final = 600_000


class Life:
    """A life of chain, wire and process; `turns` says what happens in it, and in which order."""

    def __init__(self, market: Market, node: Node, engine: Engine, seed: str) -> None:
        self.market, self.node, self.engine = market, node, engine
        self.dice = Random(seed)
        self.first = market.web3.eth.block_number
        self.final = 0
        self.highest = 0
        self.left = 0
        self.deepest = 0
        self.filled = 0
        self.indexer = self._started()
        here = {"lost": self.lost} if isinstance(node, Anvil) else {"returned": self.returned}
        self.kinds: dict[str, Callable[[], None]] = {
            "reorganised": self.reorganised,
            "deep": self.deep,
            "shortened": self.shortened,
            "wire": self.wire,
            "away": self.away,
            "killed": self.killed,
            "killed_at_a_step": self.killed_at_a_step,
            **here,
        }
        often = [*self.kinds, "reorganised", "killed"]
        self.dice.shuffle(often)
        self.turns = tuple(often)

    def live(self, turn: str) -> None:
        """Live one turn, from a mirror that is level with the chain to one that is."""
        self._grow()
        self.come_level()
        self.kinds[turn]()
        self.come_level()

    def finish(self) -> None:
        """Let the chain grow beyond all that it was, and the mirror come level with that."""
        head = self._head()
        self._mine(1 + self.highest - head.number)
        self.come_level()

    def end(self) -> None:
        """Kill the process, if it still runs."""
        self.indexer.end(signal.SIGKILL)

    def come_level(self) -> None:
        """Wait until the mirror says that it stands where the chain does."""
        head = self._head()
        deadline = monotonic() + LEVEL_S
        with outbox_bell(self.engine, MIRROR) as bell:
            while not self._is_level(head):
                if monotonic() > deadline:
                    self.end()
                    raise AssertionError(f"not level with {head}: {self.indexer.said[-8:]}")
                bell.wait(0.5)
        self._see_final()

    def reorganised(self, wished: int | None = None) -> None:
        """Another branch, with some of what was there, elsewhere, and with other things."""
        deepest = self._most()
        depth = wished or self.dice.choice([1, self.dice.randint(1, deepest), deepest])
        length = depth
        if not isinstance(self.node, Anvil):
            length = max(1, depth + self.dice.choice([-2, -1, 0, 0, 1, 3]))
        placed = self._again(depth, length)
        if wished is not None:
            placed.insert(0, (self._other(), 0))
        before = self._marks(depth)
        self.node.reorganise(depth, placed, length)
        head = self._head().number
        held = [one for number in range(length) for one in self._sent_in(head - number)]
        assert len(held) == len(placed), "the branch holds something else than it was told to"
        self.filled += bool(held)
        self._left(before)

    def deep(self) -> None:
        """Another branch that begins as far back as it may."""
        self._mine(DEEPEST)
        self.come_level()
        self.reorganised(DEEPEST)

    def shortened(self) -> None:
        """The newest blocks are no more, and others come in their place after a while."""
        depth = self.dice.randint(2, self._most())
        before = self._marks(depth)
        self.node.shorten(depth)
        if isinstance(self.node, Anvil):
            self.indexer.line("node_behind")
        self._something()
        self._mine(depth)
        self._left(before)

    def returned(self) -> None:
        """Another branch, until the first one is back."""
        first, left = steering(self.market).snapshot(), self.left
        self.reorganised()
        if self.dice.random() < 0.7:
            self.come_level()
            branch, left = self._marks(min(DEEPEST, self._head().number)), self.left
        else:
            # It may never have seen that there was another.
            branch = []
        steering(self.market).restore(first)
        self.left = left
        self._left(branch)

    def wire(self) -> None:
        """The wire fails from some question on, until the indexer has said so."""
        mode = self.dice.choice(sorted(WIRE))
        questions = self.dice.randint(0, 6)

        def fail(_body: bytes) -> None:
            nonlocal questions
            questions -= 1
            if questions < 0:
                self.node.relay.mode = mode

        self.node.relay.instead = fail
        self._something()
        self._hear_of(WIRE[mode])
        self.node.relay.instead = lambda _body: None
        self.node.relay.mode = "forward"

    def away(self) -> None:
        """The node goes, and comes back with what it had."""
        self.node.go()
        self._hear_of("node_silent")
        self.node.come()
        self._something()

    def lost(self) -> None:
        """The node crashes, and comes back without its newest blocks; others take their place."""
        assert isinstance(self.node, Anvil)
        self.node.keep()
        lost = self.dice.randint(1, 6)
        for _ in range(lost):
            self._something()
        self.come_level()
        before = self._marks(lost)
        self.node.crash()
        self.node.come()
        self._something()
        self._mine(lost)
        self._left(before)

    def killed(self) -> None:
        """The process is killed while it follows, and the chain does not wait for the next one."""
        with outbox_bell(self.engine, MIRROR) as bell:
            self.reorganised()
            bell.wait(self.dice.choice([0.0, 0.02, 0.5]))
        assert self.indexer.end(signal.SIGKILL) == -signal.SIGKILL
        self._grow()
        if self.dice.random() < 0.5:
            # It may have rolled back already, to an ancestor that goes now.
            self.reorganised()
            self.left -= 1
        self.indexer = self._started()

    def killed_at_a_step(self) -> None:
        """The process stops, and the next one dies at a step of its first pass."""
        assert self.indexer.end(signal.SIGTERM) == 0
        self._something()
        step = self.dice.choice(_STEPS)
        killed = finished_as(dying(step, signal.SIGKILL), self._environment())
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        if self.dice.random() < 0.5:
            # Of blocks that were perhaps never mirrored.
            self.reorganised()
            self.left -= 1
        self.indexer = self._started()

    def _hear_of(self, code: str) -> None:
        deadline = monotonic() + LEVEL_S
        while (told := self.indexer.line("retrying"))["code"] != code:
            assert monotonic() < deadline, f"nothing of {code}, but {told}"

    def _environment(self) -> dict[str, str]:
        return environment(
            self.engine.url,
            self.node.relay.url,
            self.market.contract.address,
            # Whoever was killed has let go of nothing.
            STAND_BY="false",
            RANGE_BLOCKS=str(self.dice.randint(1, 40)),
            HEAD_BLOCKS=str(self.dice.randint(1, 12)),
        )

    def _started(self) -> Running:
        return Running(self._environment(), ["indexer", "run"])

    def _head(self) -> Mark:
        head = self._mark("latest")
        self.highest = max(self.highest, head.number)
        return head

    def _see_final(self) -> None:
        # The mirror never gives up what was final, whatever the node calls final afterwards.
        self.final = max(self.final, self.market.web3.eth.get_block("finalized")["number"])

    def _is_level(self, head: Mark) -> bool:
        with reading(self.engine) as connection:
            try:
                status = mirror_status(connection, MIRROR)
            except MirrorMissing:
                return False
        # Below a block that was there before, it calls nothing level for a minute.
        said = status.level_at is not None or head.number < self.highest
        return status.head.mark == head and said

    def _most(self) -> int:
        """How many blocks can be replaced; some are added where they are too few."""
        lowest = max(self.first, self.final, self.node.floor)
        while (most := self._head().number - lowest) < 2:
            self._something()
        return min(DEEPEST, most)

    def _left(self, before: list[Mark]) -> None:
        # A node may make the same block again, to the byte: that one is not left.
        head = self._head().number
        depth = sum(one.number > head or self._mark(one.number) != one for one in before)
        self.left += depth > 0
        self.deepest = max(self.deepest, depth)

    def _marks(self, blocks: int) -> list[Mark]:
        head = self._head().number
        return [self._mark(head - back) for back in range(blocks)]

    def _mark(self, block: BlockIdentifier) -> Mark:
        found = self.market.web3.eth.get_block(block)
        return Mark(found["number"], HexBytes(found["hash"]).to_0x_hex())

    def _grow(self) -> None:
        for _ in range(self.dice.randint(1, 3)):
            self._something()
        self._mine(self.dice.choice([1, 4, 12]))
        self._see_final()

    def _mine(self, blocks: int) -> None:
        steering(self.market).ask("anvil_mine", hex(blocks))

    def _something(self) -> None:
        """One block more at least."""
        before = self.market.web3.eth.block_number
        act(self.market, self.dice)
        if self.market.web3.eth.block_number == before:
            self.market.send(self.dice.choice(NAMES), self.market.contract.bump_counter())

    def _again(self, depth: int, length: int) -> list[Placed]:
        """What a branch holds: some of what the blocks had that it replaces, and other things."""
        head, placed = self._head().number, list[tuple[dict[str, str], int]]()
        for number in range(head - depth + 1, head + 1):
            for sent in self._sent_in(number):
                place = min(number - (head - depth) - 1, length - 1)
                match self.dice.choice(["same", "elsewhere", "other", "gone"]):
                    case "same":
                        placed.append((sent, place))
                    case "elsewhere":
                        placed.append((sent, self.dice.randrange(length)))
                    case "other":
                        placed.append((self._other(), place))
                    case _:
                        pass
        placed += [
            (self._other(), self.dice.randrange(length)) for _ in range(self.dice.randint(0, 3))
        ]
        return sorted(placed, key=lambda one: one[1])

    def _sent_in(self, block: BlockIdentifier) -> list[dict[str, str]]:
        found = self.market.web3.eth.get_block(block, full_transactions=True)["transactions"]
        sent = []
        for one in found:
            assert not isinstance(one, bytes)
            data, value = HexBytes(one["input"]), one["value"]
            sent.append(_placeable(one["from"], one.get("to"), data, value))
        return sent

    def _other(self) -> dict[str, str]:
        name, market = self.dice.choice(NAMES), self.market
        call: PreparedTransaction = (
            market.mint_call(market.drop, name, self.dice.randint(1, 2))
            if self.dice.random() < 0.5
            else market.contract.bump_counter()
        )
        return _placeable(account_named(name).address, call.to, call.data, call.value)


def _placeable(sender: str, to: str | None, data: bytes, value: int) -> dict[str, str]:
    # A nonce would not fit the other branch, and an estimate of gas would be of this one.
    named = {} if to is None else {"to": to}
    return {
        "from": sender,
        **named,
        "data": HexBytes(data).to_0x_hex(),
        "value": hex(value),
        "gas": hex(_GAS),
    }
