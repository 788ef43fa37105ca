"""A process that dies at any step leaves the tables as if it had not been."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from indexer.store.fold_tables import outbox_origins
from indexer.store.tables import heartbeats, outbox
from indexer.sync.backfilling import Limits
from indexer.sync.memory import Memory
from indexer.sync.steps import Step
from marketplace.storage.transactions import reading
from tests.databases import SqliteDatabases
from tests.integration.indexer.oracle import dump, require_exact
from tests.integration.indexer.simulating import (
    CREATE,
    DEPLOY,
    MIRROR,
    Crash,
    Mortal,
    actions,
    caught_up,
    started,
)
from tests.integration.indexer.tree import Tree, TreeNode

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.databases import Databases
    from tests.integration.indexer.conftest import NewDatabase
    from tests.integration.indexer.oracle import Dump

WRITING = {Step.MOVED, Step.LEDGERED, Step.FOLDED, Step.TOLD, Step.COMMITTED}
LIMITS = Limits(range_blocks=5, head_blocks=4, late_index_blocks=1)


class Story:
    """The same history whenever it is told: backfill, head, a reorganisation."""

    def __init__(self) -> None:
        self.dice = Random(7)
        self.tree = Tree(final_depth=5)
        self.tree.grow([DEPLOY, CREATE])
        self._grow(12)
        self._now = 0

    def chapters(self) -> tuple[Callable[[], None], ...]:
        return (lambda: None, self._reorganise, self._wait)

    def seconds(self) -> float:
        return self._now

    def _wait(self) -> None:
        # What was left by a process that died is held against the mirror for a minute.
        self._now += 60

    def _grow(self, blocks: int) -> None:
        for _ in range(blocks):
            self.tree.grow(actions(self.dice, 2))

    def _reorganise(self) -> None:
        parent = self.tree.tip.path()[-3]
        for _ in range(3):
            parent = self.tree.grow(actions(self.dice, 2), parent)


def told(new_database: NewDatabase, crash_at: int) -> tuple[Dump, Mortal, bool]:
    """Tell the story with a crash at the n-th step; gives the tables and whether it crashed."""
    story = Story()
    node = TreeNode(story.tree)
    watcher = Mortal(countdown=crash_at)
    crashed = False
    with new_database() as engine:
        shell = started(engine, node, watcher, LIMITS)
        for chapter in story.chapters():
            chapter()
            try:
                caught_up(shell)
            except Crash:
                crashed = True
                shell = started(engine, node, watcher, LIMITS, memory=Memory(story.seconds))
                caught_up(shell)
        if crash_at < 0:
            require_exact(engine, MIRROR, story.tree)
        with reading(engine) as connection:
            rows = dump(connection, outbox, outbox_origins, heartbeats) | dump(connection)
            return rows, watcher, crashed


def test_a_crash_at_any_step_changes_nothing_in_the_end(
    new_database: NewDatabase, databases: Databases
) -> None:
    undisturbed, watcher, _ = told(new_database, crash_at=-1)
    assert set(watcher.steps) == set(Step)
    assert watcher.rollbacks == 1
    assert undisturbed["outbox"]
    assert undisturbed["heartbeats"]
    lived_through = list(watcher.steps)

    for number, step in enumerate(lived_through, start=1):
        if step not in WRITING and not isinstance(databases, SqliteDatabases):
            continue  # What happens before the transaction is the same over every database.
        tables, _, crashed = told(new_database, crash_at=number)
        assert crashed
        assert tables == undisturbed, f"after a crash at step {number}"
