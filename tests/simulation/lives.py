"""One life: a chain that moves, a node that errs, a mirror that follows, and the oracle.

Owns the schedule, all of it from one seed. Refuses to judge: after every commit, whoever made it,
the judge compares all tables with the canonical chain and follows the outbox.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Final, TypeVar
from unittest.mock import patch

from sqlalchemy import delete

from indexer.audit.examining import Care
from indexer.identity import Kind
from indexer.pruning import Pruner
from indexer.queries import mirror_status
from indexer.rpc.node import RpcNode
from indexer.store import checkpoints, contracts, fold_versions
from indexer.store.checkpoints import FenceLost
from indexer.store.fold_tables import FOLDED
from indexer.store.tables import fold_versions as fold_rows
from indexer.sync import rebuilding
from indexer.sync.backfilling import Limits
from indexer.sync.heartbeat import Heartbeat
from indexer.sync.hold import Hold
from indexer.sync.rebuilding import rebuild_stale
from indexer.sync.steps import Step
from marketplace.domain.errors import ChainUnavailable
from marketplace.storage.errors import StorageError
from marketplace.storage.transactions import reading, writing
from tests.integration.indexer.auditing import (
    StateTreeNode,
    WiredStateNode,
    audit_all,
    audited,
    auditor,
    by_hand,
)
from tests.integration.indexer.simulating import MIRROR, NOON, Crash, caught_up, started
from tests.simulation.consumers import Consumers
from tests.simulation.database import LongReader, Trouble
from tests.simulation.ending import end_as_told
from tests.simulation.faults import Faults
from tests.simulation.growing import Builds, Registry
from tests.simulation.judging import Judge
from tests.simulation.moving import Chain
from tests.simulation.serving import TIMEOUT_S, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Engine

    from indexer.rpc.values import BlockHeader, Mark
    from indexer.sync.shell import Shell

TURNS: Final = 20
_AUDITS: Final = 0.2
_PRUNES: Final = 0.5
KEEP_S: Final = 120
"""Seconds for which a message is kept: ten blocks."""
_AT_ONCE: Final = 50
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
        self.registry = Registry(Random(f"registry {seed}"), self.faults)
        self.chain = Chain(self.dice, self.faults, has_registry=self.registry.is_there)
        self.tree = self.chain.tree
        self.witness = Witness()
        consumers = Consumers(
            Random(f"consumers {seed}"), lambda: self.faults.came("late_consumer")
        )
        self.judge = Judge(engine, self.tree, consumers, Random(f"judging {seed}"))
        self.pruning = Random(f"pruning {seed}")
        self.midway = Random(f"midway {seed}")
        self.shells: list[Shell] = []
        self.reader: LongReader | None = None
        self.clock = float(NOON)
        self.down = 0

    def run(self, turns: int = TURNS) -> None:
        """Live, let all trouble end, demand that the mirror reaches the tip, and end as told.

        Raises:
            Exception: whatever the mirror, the oracle or a consumer could not bear.
        """
        with ExitStack() as stack:
            served = stack.enter_context(serving(self.tree, self.node_faults, self._moves_midway))
            # A rebuild has some steps, though a life has few events.
            stack.enter_context(patch.object(rebuilding, "AT_ONCE", _AT_ONCE))
            self.node = RpcNode.at(served.url, timeout_s=TIMEOUT_S, batch_limit=100)
            stack.callback(self.node.close)
            stack.callback(self._close)
            self.trouble = Trouble(self.engine, self.faults, self.judge.after_commit)
            self.node_faults.calm = True
            self.shell = self.starts()
            self.node_faults.calm = False
            for _ in range(turns):
                with served.still:
                    self.chain.moves(self.dice, self.faults)
                self.chain.is_followed = not self.down
                if self.down:
                    self.down -= 1
                    continue
                for _ in range(self.dice.randint(1, 4)):
                    self._mirror_moves()
            self.calm_down()
            self._catch_up()
            self.judge.at_the_end()
            self._audit()
            end_as_told(self, served)

    def calm_down(self) -> None:
        """Let all trouble end."""
        self.faults.calm = self.node_faults.calm = True
        self.trouble.disarm()
        self.witness.plans.clear()
        self._end_reading()

    def _catch_up(self) -> None:
        if self.registry.is_there and not self._has_joined():
            # Given at last, where nobody has yet; and one that failed often is not waited for.
            self.registry.give(self.judge)
            self.shell = self.starts()
        # Some mirrors ask for one block at a time.
        passes = 200 + 2 * self.tree.tip.number
        try:
            self._patiently(lambda: caught_up(self.shell, passes))
        except FenceLost:
            # One that was taken over while it had nothing to do finds that out only now.
            self.shell = self.starts()
            self._patiently(lambda: caught_up(self.shell, passes))
        assert self._has_joined() or not self.registry.is_there, "a contract was not filled in"

    def _has_joined(self) -> bool:
        with reading(self.judge.engine) as connection:
            found = contracts.load(connection, MIRROR).get(Kind.DELEGATIONS)
        return found is not None and found.joined

    def _moves_midway(self) -> None:
        self.chain.moves(self.midway, self.node_faults, sizes=(1, 2))

    def _mirror_moves(self) -> None:
        self._clock_moves()
        if self.faults.occurs("restart"):
            self.shell = self.starts()
            self.down = self.dice.choice([0, 0, 1, 2])
            return
        if self.faults.occurs("rebuilt"):
            self._fold_again()
        self._reads_on()
        self._plan()
        self.trouble.arm()
        try:
            self._pass()
        except ChainUnavailable:
            pass
        except Crash:
            self.shell = self.starts()
            self.down = self.dice.choice([0, 0, 1])
        except FenceLost:
            # The one that took over goes on.
            self.shell = self.starts()
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
            second = self.starts()
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
        other = self.starts()
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

    def _reads_on(self) -> None:
        """Let somebody begin to read, perhaps, or read on, or leave."""
        if self.reader is None and self.faults.occurs("long_reader"):
            self.reader = LongReader(self.judge.engine, self.faults.dice.randint(1, 6))
        elif self.reader is not None and self.reader.is_over():
            self._end_reading()

    def _end_reading(self) -> None:
        reader, self.reader = self.reader, None
        if reader is not None:
            reader.end()

    def starts(self) -> Shell:
        """Let a process start: it asks until the node tells the genesis, and builds what lacks."""
        self.trouble.disarm()
        limits = self.limits()
        heartbeat = Heartbeat(lambda: self.clock)
        added = self.registry.given(self.judge)
        shell = self._patiently(
            lambda: started(
                self.engine, self.node, self.witness, limits, heartbeat=heartbeat, added=added
            )
        )
        self.shells.append(shell)
        with reading(self.judge.engine) as connection:
            behind = fold_versions.stale(connection, MIRROR)
        if behind is not None:
            assert rebuild_stale(self._hold(), Builds())
        return shell

    def limits(self) -> Limits:
        """How much the next process asks for at once."""
        return Limits(
            self.dice.choice([1, 3, 100]),
            self.dice.choice([1, 2, 32]),
            prefetch=self.dice.random() < 0.5,
            late_index_blocks=self.dice.choice([0, 1]),
        )

    def _fold_again(self) -> None:
        """Let some tables be folded again; whoever does it may die on the way, and start again."""
        self._settle()
        self._end_reading()
        with writing(self.engine) as connection:
            checkpoints.take_over(connection, MIRROR)
            names = sorted(table.name for table in FOLDED)
            some = self.faults.dice.sample(names, self.faults.dice.choice([1, 3, len(names)]))
            connection.execute(delete(fold_rows).where(fold_rows.c.fold.in_(some)))
        deaths = self.faults.dice.choice([0, 1, 2])
        for _ in range(deaths):
            try:
                rebuild_stale(self._hold(), Builds(self.faults.dice.randint(1, 2)))
            except Crash:
                self.faults.came("rebuild_broken_off")
        self.shell = self.starts()

    def _hold(self) -> Hold:
        with reading(self.judge.engine) as connection:
            found = checkpoints.load(connection, MIRROR)
        assert found is not None
        return Hold(self.engine, MIRROR, found.fence)

    def _close(self) -> None:
        if self.reader is not None:
            self.reader.leave()
        self.judge.close()
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
        with reading(self.judge.engine) as connection:
            now = mirror_status(connection, MIRROR).head.timestamp_s
        if Pruner(self._hold(), KEEP_S, lambda: now).step():
            self.faults.came("pruned")

    def _audit_some(self) -> None:
        """Let the auditor do a stretch, through the same wire; no fault is a disagreement."""
        node = WiredStateNode(self.tree, wire=self.node)
        blocks, added = self.dice.randint(1, 9), self.registry.added
        try:
            auditor(self.engine, node, most_blocks=blocks, added=added).step()
        except ChainUnavailable:
            return

    def _audit(self) -> None:
        """Let the auditor read once more what is final, and compare its digest."""
        node, care = StateTreeNode(self.tree), Care(samples=20)
        audit_all(auditor(self.engine, node, care, added=self.registry.added))
        found = audited(self.engine)
        if self.tree.finalized.number == 0:
            assert found is None, "something was audited, and nothing is final"
            return
        assert found is not None, "nothing was audited"
        assert found.last == self.tree.finalized.header.mark
        assert found.digest == by_hand(self.tree, found.config_hash), "another digest"
