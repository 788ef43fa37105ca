"""Driving a mirror over a tree: one random life of both, from one seed.

It owns the schedule (grow, reorganise, return, crash, restart) and refuses to judge: the oracle
does, after every commit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from indexer.identity import Contract, Contracts, MirrorId
from indexer.store import checkpoints
from indexer.store import contracts as contract_rows
from indexer.sync.heartbeat import Heartbeat
from indexer.sync.hold import Hold
from indexer.sync.shell import Limits, Outcome, Shell
from indexer.sync.steps import Step
from marketplace.storage.transactions import writing
from tests.integration.indexer.market import KINDS, SEATS, Action
from tests.integration.indexer.tree import CHAIN_ID

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from sqlalchemy import Engine

    from indexer.rpc.values import BlockHeader, Mark, Node
    from indexer.store.checkpoints import Checkpoint
    from indexer.sync.filling import FillWatcher
    from indexer.sync.memory import Memory
    from indexer.sync.progress import Progress
    from indexer.sync.steps import Watcher

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

    def seen(self, head: BlockHeader) -> None:
        assert head.number >= 0

    def added(self, headers: Sequence[BlockHeader], blocks: int, events: int) -> None:
        assert blocks >= 1
        assert events >= 0
        assert headers[-1].number >= blocks

    def rolled_back(self, left: Mark, ancestor: Mark, generation: int) -> None:
        assert left.number > ancestor.number
        assert generation >= 1
        self.rollbacks += 1


def started(  # noqa: PLR0913, PLR0917 - what a process has settings for
    engine: Engine,
    node: Node,
    watcher: Watcher | None = None,
    limits: Limits | None = None,
    start_block: int = 1,
    heartbeat: Heartbeat | None = None,
    progress: Progress | None = None,
    added: tuple[Contract, ...] = (),
    told: FillWatcher | None = None,
    memory: Memory | None = None,
) -> Shell:
    """Begin a mirror or take it over, as a process that starts does, or one with its memory."""
    contracts = Contracts((SEATS,), start_block, added)
    with writing(engine) as connection:
        taken = checkpoints.take_over(connection, MIRROR)
        found: Checkpoint = taken or checkpoints.begin(
            connection, MIRROR, node.identity().genesis, contracts.config_hash
        )
        contract_rows.register(connection, MIRROR, contracts, begun=taken is not None)
    return Shell(
        Hold(engine, MIRROR, found.fence),
        node,
        contracts,
        heartbeat=heartbeat or Heartbeat(lambda: NOON),
        limits=limits,
        memory=memory,
        watcher=watcher,
        progress=progress,
        told=told,
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
