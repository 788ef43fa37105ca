"""Driving a mirror over a tree: one random life of both, from one seed.

It owns the schedule (grow, reorganise, return, crash, restart) and refuses to judge: the oracle
does, after every commit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

from indexer.identity import Contracts, MirrorId
from indexer.store import checkpoints
from indexer.sync.heartbeat import Heartbeat
from indexer.sync.shell import Hold, Limits, Outcome, Shell
from indexer.sync.steps import Step
from marketplace.domain.errors import ChainUnavailable
from marketplace.storage.transactions import writing
from tests.integration.indexer.market import KINDS, SEATS, Action
from tests.integration.indexer.oracle import require_exact
from tests.integration.indexer.tree import CHAIN_ID, Tree, TreeNode

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from indexer.rpc.values import BlockHeader, Mark, Node
    from indexer.store.checkpoints import Checkpoint
    from indexer.sync.steps import Watcher
    from tests.integration.indexer.tree import Block

MIRROR = MirrorId(CHAIN_ID)
DEPLOY = Action("deploy", 1)
CREATE = Action("create", 0)
"""A drop whose seats may move."""


NOON = 1_800_000_000
"""What a clock shows that nobody moves."""


class Crash(Exception):
    """The process dies here."""


@dataclass
class Mortal:
    """Dies when its countdown ends; counts what it lived through."""

    countdown: int = -1
    steps: list[Step] = field(default_factory=list)
    rollbacks: int = 0
    commits: int = 0

    def reached(self, step: Step) -> None:
        self.steps.append(step)
        self.commits += step is Step.COMMITTED
        self.countdown -= 1
        if self.countdown == 0:
            raise Crash(step)

    def added(self, last: BlockHeader, blocks: int, events: int) -> None:
        assert blocks >= 1
        assert events >= 0
        assert last.number >= blocks

    def rolled_back(self, left: Mark, ancestor: Mark, generation: int) -> None:
        assert left.number > ancestor.number
        assert generation >= 1
        self.rollbacks += 1


def started(
    engine: Engine,
    node: Node,
    watcher: Watcher | None = None,
    limits: Limits | None = None,
    start_block: int = 1,
    heartbeat: Heartbeat | None = None,
) -> Shell:
    """Begin a mirror or take it over, as a process that starts does."""
    contracts = Contracts((SEATS,), start_block)
    with writing(engine) as connection:
        found: Checkpoint = checkpoints.take_over(connection, MIRROR) or checkpoints.begin(
            connection, MIRROR, node.identity().genesis, contracts.config_hash
        )
    return Shell(
        Hold(engine, MIRROR, found.fence),
        node,
        contracts,
        heartbeat=heartbeat or Heartbeat(lambda: NOON),
        limits=limits,
        watcher=watcher,
    )


def caught_up(shell: Shell, passes: int = 200) -> None:
    """Do passes until there is nothing left to do."""
    for _ in range(passes):
        if shell.step() is Outcome.CAUGHT_UP:
            return
    raise AssertionError(f"not caught up after {passes} passes")


def actions(dice: Random, most: int = 4) -> list[Action]:
    """A block's worth of random actions."""
    return [Action(dice.choice(KINDS), dice.randrange(10**9)) for _ in range(dice.randint(0, most))]


class Life:
    """One random history of a chain, its node and a mirror that follows."""

    def __init__(self, engine: Engine, seed: int) -> None:
        self.dice = Random(seed)
        self.engine = engine
        self.tree = Tree(safe_depth=2, final_depth=self.dice.choice([4, 8]))
        self.node = TreeNode(self.tree, self.dice, fault_rate=0.04)
        self.watcher = Mortal()
        self.crashes = 0
        self.left: list[Block] = []
        self.tree.grow([DEPLOY, CREATE])
        for _ in range(self.dice.randint(0, 15)):
            self.tree.grow(actions(self.dice))
        self.shell = self._started()

    def run(self, turns: int) -> None:
        """Live, then let faults end and demand that the mirror reaches the tip."""
        for _ in range(turns):
            self._chain_moves()
            for _ in range(self.dice.randint(1, 4)):
                self._mirror_moves()
        self.node.dice = None
        self.watcher.countdown = -1
        caught_up(self.shell)
        require_exact(self.engine, MIRROR, self.tree)

    def _chain_moves(self) -> None:
        match self.dice.choice(["grow", "grow", "grow", "reorg", "reorg", "return", "still"]):
            case "grow":
                for _ in range(self.dice.choice([1, 1, 2, 12])):
                    self.tree.grow(actions(self.dice))
            case "reorg":
                self._reorganise()
            case "return" if self.left:
                tip = self.left.pop()
                final = self.tree.finalized
                if tip.number >= final.number and tip.path()[final.number] is final:
                    self.left.append(self.tree.tip)
                    self.tree.move(tip)

    def _reorganise(self) -> None:
        path = self.tree.tip.path()
        deepest = len(path) - 1 - self.tree.finalized.number
        if not deepest:
            return
        depth = self.dice.randint(1, deepest)
        parent, orphans = path[-1 - depth], path[-depth:]
        # The new branch mines again, elsewhere, some of what the old one held.
        waiting = [one for block in orphans for one in block.actions if self.dice.random() < 0.7]
        self.left.append(self.tree.tip)
        for _ in range(max(1, depth + self.dice.choice([-2, -1, 0, 1, 3]))):
            again = [waiting.pop(0) for _ in range(min(len(waiting), self.dice.randint(0, 3)))]
            parent = self.tree.grow([*actions(self.dice, 1), *again], parent)

    def _mirror_moves(self) -> None:
        if self.dice.random() < 0.15:
            self.watcher.countdown = self.dice.randint(1, 9)
        before = self.watcher.commits
        try:
            self.shell.step()
        except ChainUnavailable:
            return
        except Crash:
            self.crashes += 1
            self.shell = self._started()
        if self.watcher.commits > before:
            require_exact(self.engine, MIRROR, self.tree)

    def _started(self) -> Shell:
        limits = Limits(self.dice.choice([1, 3, 100]), self.dice.choice([1, 2, 32]))
        return started(self.engine, self.node, self.watcher, limits)
