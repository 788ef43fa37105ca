"""One life: a chain that moves, a node that errs, a mirror that follows, and the oracle.

Owns the schedule, all of it from one seed. Refuses to judge: after every commit, whoever made it,
the judge compares all tables with the canonical chain and follows the outbox.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Final, TypeVar

from indexer.audit.examining import Care
from indexer.pruning import Pruner
from indexer.queries import mirror_status
from indexer.rpc.node import RpcNode
from indexer.store import checkpoints
from indexer.store.checkpoints import FenceLost
from indexer.sync.backfilling import Limits
from indexer.sync.heartbeat import Heartbeat
from indexer.sync.hold import Hold
from indexer.sync.steps import Step
from marketplace.domain.errors import ChainUnavailable
from marketplace.storage.errors import StorageError
from marketplace.storage.transactions import reading
from tests.integration.indexer.auditing import (
    StateTreeNode,
    WiredStateNode,
    audit_all,
    audited,
    auditor,
    by_hand,
)
from tests.integration.indexer.simulating import (
    CREATE,
    DEPLOY,
    MIRROR,
    NOON,
    Crash,
    actions,
    caught_up,
    started,
)
from tests.integration.indexer.tree import Tree
from tests.simulation.consumers import Consumers
from tests.simulation.database import Trouble
from tests.simulation.faults import Faults
from tests.simulation.judging import Judge
from tests.simulation.serving import TIMEOUT_S, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Engine

    from indexer.rpc.values import BlockHeader, Mark
    from indexer.sync.shell import Shell
    from tests.integration.indexer.tree import Block

TURNS: Final = 20
_AUDITS: Final = 0.2
_PRUNES: Final = 0.5
KEEP_S: Final = 120
"""Seconds for which a message is kept: ten blocks."""
_LOOKS: Final = 40
_PATIENCE: Final = 40
_T = TypeVar("_T")
_PAUSES: Final = (Step.READ, Step.SEEN, Step.DECIDED, Step.GATHERED)
"""Where a leader can be paused while another writes: it holds no transaction there."""


@dataclass
class Witness:
    """Watches a pass: counts its commits, and does what was planned at a step."""

    commits: int = 0
    plans: dict[Step, Callable[[], None]] = field(default_factory=dict)

    def reached(self, step: Step) -> None:
        self.commits += step is Step.COMMITTED
        plan = self.plans.pop(step, None)
        if plan is not None:
            plan()

    def seen(self, head: BlockHeader) -> None:
        assert head.number >= 0

    def added(self, headers: Sequence[BlockHeader], blocks: int, events: int) -> None:
        assert blocks >= 1
        assert events >= 0
        assert headers[-1].number >= blocks

    def rolled_back(self, left: Mark, ancestor: Mark, generation: int) -> None:
        assert left.number > ancestor.number
        assert generation >= 1


class Life:
    """One random life of all parts; `run` lives it to its end."""

    def __init__(self, engine: Engine, seed: int) -> None:
        self.engine = engine
        self.dice = Random(f"chain {seed}")
        self.faults = Faults(Random(f"faults {seed}"))
        # The node has dice of its own, because it answers in a thread of its own.
        self.node_faults = Faults(Random(f"node {seed}"))
        self.tree = Tree(safe_depth=2, final_depth=self.dice.choice([4, 8]))
        self.witness = Witness()
        consumers = Consumers(
            Random(f"consumers {seed}"), lambda: self.faults.came("late_consumer")
        )
        self.judge = Judge(engine, self.tree, consumers, Random(f"judging {seed}"))
        self.pruning = Random(f"pruning {seed}")
        self.left: list[Block] = []
        self.shells: list[Shell] = []
        self.clock = float(NOON)
        self.down = 0
        self.tree.grow([DEPLOY, CREATE])
        for _ in range(self.dice.randint(0, 30)):
            self.tree.grow(actions(self.dice))

    def run(self, turns: int = TURNS) -> None:
        """Live, then let all trouble end and demand that the mirror reaches the tip.

        Raises:
            Exception: whatever the mirror, the oracle or a consumer could not bear.
        """
        with ExitStack() as stack:
            served = stack.enter_context(serving(self.tree, self.node_faults))
            self.node = RpcNode.at(served.url, timeout_s=TIMEOUT_S, batch_limit=100)
            stack.callback(self.node.close)
            stack.callback(self._close)
            self.trouble = Trouble(self.engine, self.faults, self.judge.after_commit)
            stack.callback(self.judge.close)
            self.node_faults.calm = True
            self.shell = self._started()
            self.node_faults.calm = False
            for _ in range(turns):
                with served.still:
                    self._chain_moves()
                if self.down:
                    self.down -= 1
                    continue
                for _ in range(self.dice.randint(1, 4)):
                    self._mirror_moves()
            self.faults.calm = self.node_faults.calm = True
            self.trouble.disarm()
            self.witness.plans.clear()
            # Some mirrors ask for one block at a time.
            passes = 200 + self.tree.tip.number
            try:
                self._patiently(lambda: caught_up(self.shell, passes))
            except FenceLost:
                # One that was taken over while it had nothing to do finds that out only now.
                self.shell = self._started()
                self._patiently(lambda: caught_up(self.shell, passes))
            self.judge.at_the_end()
            self._audit()

    def _chain_moves(self) -> None:
        match self.dice.choice(["grow", "grow", "grow", "reorg", "reorg", "return", "still"]):
            case "grow":
                for _ in range(self.dice.choice([1, 1, 2, 12, 40])):
                    self.tree.grow(actions(self.dice))
            case "reorg":
                self._reorganise()
            case "return" if self.left:
                tip = self.left.pop()
                final = self.tree.finalized
                if tip.number >= final.number and tip.path()[final.number] is final:
                    self.left.append(self.tree.tip)
                    self.tree.move(tip)
                    self.faults.came("return")

    def _reorganise(self) -> None:
        path = self.tree.tip.path()
        deepest = len(path) - 1 - self.tree.finalized.number
        if not deepest:
            return
        depth = self.dice.randint(1, deepest)
        parent, orphans = path[-1 - depth], path[-depth:]
        style = self.dice.choice(["again", "again", "emptied", "refilled"])
        # The new branch mines again, elsewhere, some of what the old one held.
        waiting = [one for block in orphans for one in block.actions if self.dice.random() < 0.7]
        self.left.append(self.tree.tip)
        for _ in range(max(1, depth + self.dice.choice([-2, -1, 0, 1, 3]))):
            again = [waiting.pop(0) for _ in range(min(len(waiting), self.dice.randint(0, 3)))]
            fresh = actions(self.dice, 4 if style == "refilled" else 1)
            parent = self.tree.grow([] if style == "emptied" else [*fresh, *again], parent)
        self.faults.came("reorg")
        if style != "again":
            self.faults.came(style)
        if self.down:
            self.faults.came("reorg_while_down")

    def _mirror_moves(self) -> None:
        self._clock_moves()
        if self.faults.occurs("restart"):
            self.shell = self._started()
            self.down = self.dice.choice([0, 0, 1, 2])
            return
        self._plan()
        self.trouble.arm()
        try:
            self._pass()
        except ChainUnavailable:
            pass
        except Crash:
            self.shell = self._started()
            self.down = self.dice.choice([0, 0, 1])
        except FenceLost:
            # The one that took over goes on.
            self.shell = self._started()
        except StorageError as error:
            if not error.retry_helps:
                raise
            self.trouble.disarm()
        finally:
            self._settle()
            self.witness.plans.clear()
            self.trouble.disarm()
        if self.dice.random() < _AUDITS:
            self._audit_some()
        if self.pruning.random() < _PRUNES:
            self._prune()

    def _pass(self) -> None:
        if self.faults.occurs("locked"):
            with self.trouble.locked():
                self.shell.step()
        elif self.faults.occurs("second_leader"):
            second = self._started()
            older, self.shell = self.shell, second
            second.step()
            self._settle()
            self._find_fenced(older)
        else:
            self.shell.step()

    def _find_fenced(self, older: Shell) -> None:
        """An older leader may look at the node for a while; then it finds its fence, or at once.

        Raises FenceLost.
        """
        before = self.witness.commits
        for _ in range(_LOOKS):
            try:
                older.step()
            except ChainUnavailable:
                continue
            assert self.witness.commits == before, "an older leader wrote"
        raise AssertionError("an older leader was not fenced off")

    def _plan(self) -> None:
        if self.faults.occurs("crash"):
            self.witness.plans[self.faults.dice.choice(list(Step))] = self._crash
        elif self.faults.occurs("paused_leader"):
            self.witness.plans[self.faults.dice.choice(_PAUSES)] = self._taken_over

    def _crash(self) -> None:
        self._settle()
        raise Crash

    def _taken_over(self) -> None:
        """While this leader is paused another one comes and does some passes."""
        planned, self.witness.plans = self.witness.plans, {}
        self.trouble.disarm()
        self._settle()
        other = self._started()
        for _ in range(self.faults.dice.randint(0, 3)):
            try:
                other.step()
            except ChainUnavailable:
                continue
        self.witness.plans = planned

    def _clock_moves(self) -> None:
        self.clock += self.dice.random()
        if self.faults.occurs("clock_back"):
            self.clock -= self.faults.dice.choice([1, 60, 86_400])
        if self.faults.occurs("clock_forward"):
            self.clock += self.faults.dice.choice([1, 60, 86_400])

    def _started(self) -> Shell:
        """A process that starts: it asks until the node tells the genesis."""
        self.trouble.disarm()
        limits = Limits(
            self.dice.choice([1, 3, 100]),
            self.dice.choice([1, 2, 32]),
            prefetch=self.dice.random() < 0.5,
            late_index_blocks=self.dice.choice([0, 1]),
        )
        heartbeat = Heartbeat(lambda: self.clock)
        shell = self._patiently(
            lambda: started(self.engine, self.node, self.witness, limits, heartbeat=heartbeat)
        )
        self.shells.append(shell)
        return shell

    def _close(self) -> None:
        for one in self.shells:
            one.close()

    def _settle(self) -> None:
        """Wait for what is asked ahead: a seed repeats itself if questions keep their order."""
        for one in self.shells:
            one._history.settle()  # noqa: SLF001 - the process that died would ask no more

    def _patiently(self, attempt: Callable[[], _T]) -> _T:
        """Ask again while the node does not answer: a machine at work may be slow to, too."""
        for _ in range(_PATIENCE):
            try:
                return attempt()
            except ChainUnavailable:
                continue
        return attempt()

    def _prune(self) -> None:
        """Throw away what has been told for some blocks, by the chain's time: a clock is moved."""
        with reading(self.engine) as connection:
            found = checkpoints.load(connection, MIRROR)
            now = mirror_status(connection, MIRROR).head.timestamp_s
        assert found is not None
        hold = Hold(self.engine, MIRROR, found.fence)
        if Pruner(hold, KEEP_S, lambda: now).step():
            self.faults.came("pruned")

    def _audit_some(self) -> None:
        """Let the auditor do a stretch, through the same wire; no fault is a disagreement."""
        node = WiredStateNode(self.tree, wire=self.node)
        try:
            auditor(self.engine, node, most_blocks=self.dice.randint(1, 9)).step()
        except ChainUnavailable:
            return

    def _audit(self) -> None:
        """Let the auditor read once more what is final, and compare its digest."""
        audit_all(auditor(self.engine, StateTreeNode(self.tree), Care(samples=20)))
        found = audited(self.engine)
        if self.tree.finalized.number == 0:
            assert found is None, "something was audited, and nothing is final"
            return
        assert found is not None, "nothing was audited"
        assert found.last == self.tree.finalized.header.mark
        assert found.digest == by_hand(self.tree, found.config_hash), "another digest"
