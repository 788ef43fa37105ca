"""Readers go on while a large batch is committed, and while indexes are built late.

Whoever writes is held at each step inside its transaction until some reads were begun and ended
meanwhile: a reader that waited for the writer would wait for ever, on any machine.
"""

from __future__ import annotations

from contextlib import contextmanager
from threading import Condition, Event, Thread
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from indexer.queries import drops_in_full, gate_facts_now, mirror_status, seats_of_owner
from indexer.store import late
from indexer.store.fold_tables import mints, seat_states
from indexer.sync.backfilling import Limits
from indexer.sync.steps import Step
from marketplace.domain.ids import DropId
from marketplace.storage.engines import open_engine
from marketplace.storage.transactions import reading
from tests.integration.indexer.market import PEOPLE, Action
from tests.integration.indexer.simulating import CREATE, DEPLOY, MIRROR, Mortal, caught_up, started
from tests.integration.indexer.tree import Tree, TreeNode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

READS = 5
"""Of each kind, during each step."""

PATIENCE_S = 30
INSIDE = (Step.MOVED, Step.LEDGERED, Step.FOLDED, Step.TOLD)


class Reader:
    """Asks without end, as an API does: several answers of one moment, and a single question."""

    def __init__(self, engine: Engine) -> None:
        self._engine = open_engine(engine.url)
        self._ended = Event()
        self._counted = Condition()
        self._counts = {"transactions": 0, "questions": 0}
        self.heads: set[int] = set()
        self._threads = [
            Thread(target=self._ask, args=(kind,), daemon=True) for kind in self._counts
        ]

    def meanwhile(self) -> None:
        """Wait until so many reads of each kind have begun and ended since."""
        with self._counted:
            # One of each kind may have begun before.
            wanted = {kind: count + READS + 1 for kind, count in self._counts.items()}
            assert self._counted.wait_for(
                lambda: all(self._counts[kind] >= wanted[kind] for kind in wanted), PATIENCE_S
            ), f"{self._counts} of {wanted}"

    @contextmanager
    def asking(self) -> Iterator[None]:
        for thread in self._threads:
            thread.start()
        try:
            self.meanwhile()
            yield
        finally:
            self._ended.set()
            for thread in self._threads:
                thread.join(PATIENCE_S)
            self._engine.dispose()
        assert not any(thread.is_alive() for thread in self._threads)

    def _ask(self, kind: str) -> None:
        while not self._ended.is_set():
            head = self._transaction() if kind == "transactions" else self._question()
            with self._counted:
                self._counts[kind] += 1
                self.heads.add(head)
                self._counted.notify_all()

    def _transaction(self) -> int:
        with reading(self._engine) as connection:
            status = mirror_status(connection, MIRROR)
            drops_in_full(connection, MIRROR)
            owned = seats_of_owner(connection, MIRROR, PEOPLE[0], limit=10)
            assert all(one.as_of_block <= status.head.number for one in owned)
        return status.head.number

    def _question(self) -> int:
        return gate_facts_now(self._engine, MIRROR, PEOPLE[1], {DropId(1)}).head.number


class Slow(Mortal):
    """Lets reads go on at each step inside a transaction."""

    reader: Reader | None = None

    def reached(self, step: Step) -> None:
        super().reached(step)
        if self.reader is not None and step in INSIDE:
            self.reader.meanwhile()


@pytest.fixture
def tree() -> Tree:
    """Two blocks that are read first, and then a history of some thousand events."""
    grown = Tree(final_depth=0)
    grown.grow([DEPLOY, CREATE])
    grown.grow([Action("mint", number) for number in range(8)])
    return grown


def fill(tree: Tree) -> None:
    """More than SQLite keeps to itself before it writes to the file."""
    for block in range(8):
        tree.grow([Action("mint", 1_000 * block + number) for number in range(200)])


def test_readers_are_answered_while_a_large_batch_is_committed(
    database: Engine, tree: Tree
) -> None:
    watcher = Slow()
    shell = started(database, TreeNode(tree), watcher, Limits(range_blocks=100))
    caught_up(shell)
    before = tree.tip.number
    fill(tree)
    reader = Reader(database)
    with reader.asking():
        watcher.reader = reader
        watcher.steps.clear()
        shell.step()
        watcher.reader = None
        reader.meanwhile()
    shell.close()

    assert [step for step in watcher.steps if step in INSIDE] == list(INSIDE)
    # What was not committed was not seen, and what was is.
    assert reader.heads == {before, tree.tip.number}


def test_readers_are_answered_while_indexes_are_built_late(database: Engine, tree: Tree) -> None:
    fill(tree)
    caught_up(started(database, TreeNode(tree)))
    # The largest tables; there are twenty more that are as good as empty.
    indexes = [*seat_states.indexes, *mints.indexes]
    with database.begin() as connection:
        for index in indexes:
            index.drop(connection)
    reader = Reader(database)
    built: list[str] = []

    def spill(connection: Connection) -> None:
        # As of tables that are larger than what SQLite keeps to itself.
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA cache_size = 10")

    def hold(*call: object) -> None:
        if str(call[2]).startswith("CREATE INDEX"):
            built.append(str(call[2]))
            # On SQLite inside the transaction, which has the file's one lock.
            reader.meanwhile()

    with reader.asking():
        event.listen(database, "begin", spill)
        event.listen(database, "after_cursor_execute", hold)
        for index in late.missing(database):
            late.build(database, index)
        event.remove(database, "after_cursor_execute", hold)
        event.remove(database, "begin", spill)

    assert len(built) == len(indexes)
    assert not late.missing(database)
