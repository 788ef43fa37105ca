"""The hashes of what is not final: read once, kept while they are true, and never longer."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete

from indexer.store import ledger
from indexer.store.tables import blocks
from indexer.sync.shell import Limits, Outcome, WindowTorn
from indexer.sync.windows import Window
from marketplace.storage.transactions import writing
from tests.integration.indexer.faulty import FaultyTreeNode
from tests.integration.indexer.market import Action
from tests.integration.indexer.oracle import require_exact
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
    from collections.abc import Mapping

    from sqlalchemy import Connection, Engine

    from indexer.identity import MirrorId
    from indexer.store.checkpoints import Checkpoint


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many hashes each question to the tables gave."""
    counts: list[int] = []
    ask = ledger.window

    def counted(connection: Connection, mirror: MirrorId, lowest: int) -> dict[int, str]:
        found = ask(connection, mirror, lowest)
        counts.append(len(found))
        return found

    monkeypatch.setattr(ledger, "window", counted)
    return counts


def test_a_long_window_is_not_read_again_for_each_block(database: Engine, read: list[int]) -> None:
    tree = Tree(final_depth=50)
    tree.grow([DEPLOY, CREATE])
    for _ in range(60):
        tree.grow()
    shell = started(database, TreeNode(tree))
    caught_up(shell)
    read.clear()

    for number in range(20):
        tree.grow([Action("bump", number)])
        assert shell.step() is Outcome.PROGRESSED
        assert shell.step() is Outcome.CAUGHT_UP

    assert read == []
    tree.grow(parent=tree.tip.path()[-3])
    tree.grow()
    tree.grow()
    caught_up(shell)
    # After what was rolled back, and not again.
    assert len(read) == 1
    require_exact(database, MIRROR, tree)


@pytest.mark.parametrize("seed", range(4))
def test_what_is_kept_is_what_the_tables_say(
    database: Engine, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask, dice = ledger.window, Random(f"windows {seed}")
    kept_by = Window.read

    def compared(self: Window, connection: Connection, checkpoint: Checkpoint) -> Mapping[int, str]:
        kept = kept_by(self, connection, checkpoint)
        assert kept == ask(connection, MIRROR, checkpoint.finalized.number)
        return kept

    monkeypatch.setattr(Window, "read", compared)
    tree, watcher = Tree(final_depth=dice.choice([3, 8])), Mortal()
    tree.grow([DEPLOY, CREATE])
    node = FaultyTreeNode(tree, dice, fault_rate=0.05)
    limits = Limits(dice.choice([1, 3, 100]), dice.choice([1, 2, 32]))
    shell = started(database, TreeNode(tree), watcher, limits)
    shell = started(database, node, watcher, limits)
    for _ in range(60):
        above = [one for one in tree.tip.path() if one.number >= tree.finalized.number]
        tree.grow(actions(dice, 2), dice.choice(above) if dice.random() < 0.3 else None)
        watcher.countdown = dice.randint(1, 30)
        for _ in range(dice.randint(1, 3)):
            try:
                shell.step()
            except Crash:
                pass
            except Exception as error:
                if not getattr(error, "retry_helps", False):
                    raise
    node.dice, watcher.countdown = None, -1
    caught_up(shell)
    require_exact(database, MIRROR, tree)
    assert watcher.rollbacks


def test_a_window_with_a_gap_stops_the_mirror(database: Engine) -> None:
    tree = Tree(final_depth=50)
    for _ in range(9):
        tree.grow()
    caught_up(started(database, TreeNode(tree)))
    with writing(database) as connection:
        connection.execute(delete(blocks).filter_by(number=5))

    with pytest.raises(WindowTorn, match=r"between 0 .* and 9"):
        started(database, TreeNode(tree)).step()
