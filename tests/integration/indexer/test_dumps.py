"""Whatever way a mirror came to a block, its dump is the same, byte for byte, on both databases."""

from __future__ import annotations

from contextlib import contextmanager
from random import Random
from typing import TYPE_CHECKING, Final

import pytest

from indexer.queries import mirror_status
from indexer.reads.snapshots import NAMES
from indexer.sync.backfilling import Limits
from indexer.sync.steps import Step
from marketplace.storage.engines import open_engine
from marketplace.storage.transactions import reading
from tests.databases import SqliteDatabases
from tests.folders import passing_folder
from tests.integration.indexer.commanding import settings_of
from tests.integration.indexer.simulating import (
    CREATE,
    DEPLOY,
    MIRROR,
    Crash,
    Mortal,
    caught_up,
    started,
)
from tests.integration.indexer.test_bulk_history import any_limits
from tests.integration.indexer.test_filling import ADDED, mixed
from tests.integration.indexer.tree import Tree, TreeNode
from tests.seats_command import seats

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Engine

    from tests.databases import Databases
    from tests.seats_command import SeatsCommand

__all__ = ["seats"]

Files = dict[str, bytes]
MOMENTS: Final = ("latest", "finalized", "20")


@pytest.fixture(scope="module")
def tree() -> Tree:
    """A chain that has left a branch now and then."""
    dice, grown = Random(5), Tree(safe_depth=2, final_depth=6)
    grown.grow([DEPLOY, CREATE])
    for _ in range(60):
        back = dice.choice([0, 0, 0, 0, 0, 1, 3])
        grown.grow(mixed(dice), grown.tip.path()[-1 - min(back, grown.tip.number - 1)])
        for _ in range(back):
            grown.grow(mixed(dice))
    return grown


def block_by_block(engine: Engine, tree: Tree) -> None:
    """Follow every block as it comes, and every branch that is left."""
    seen = Tree(tree.safe_depth, tree.final_depth)
    seen.genesis = seen.tip = seen.finalized = tree.genesis
    seen.blocks = tree.blocks
    limits = Limits(range_blocks=1, head_blocks=1, prefetch=False)
    shell = started(engine, TreeNode(seen), limits=limits, added=ADDED)
    for block in list(tree.blocks.values())[1:]:
        seen.move(block)
        caught_up(shell)
    with reading(engine) as connection:
        assert mirror_status(connection, MIRROR).generation > 3


def in_wide_ranges(engine: Engine, tree: Tree) -> None:
    """Come late, with ranges asked for ahead and indexes built at the end."""
    limits = Limits(range_blocks=7, head_blocks=32, prefetch=True, late_index_blocks=1)
    shell = started(engine, TreeNode(tree), limits=limits, added=ADDED)
    caught_up(shell)
    shell.close()


def with_the_registry_added_later(engine: Engine, tree: Tree) -> None:
    """Fill the registry's history in when all else is there."""
    caught_up(started(engine, TreeNode(tree)))
    limits = Limits(range_blocks=4, head_blocks=3)
    caught_up(started(engine, TreeNode(tree), limits=limits, added=ADDED))


def dying_again_and_again(engine: Engine, tree: Tree) -> None:
    """Die at every kind of step, with another cut of history in each life."""
    dice, died_at = Random(3), set[Step]()
    for countdown in [*range(1, 40), -1]:
        watcher = Mortal(countdown)
        shell = started(engine, TreeNode(tree), watcher, any_limits(dice), added=ADDED)
        try:
            caught_up(shell)
        except Crash:
            died_at.add(watcher.steps[-1])
        finally:
            shell.close()
    assert died_at >= {Step.GATHERED, Step.MOVED, Step.LEDGERED, Step.FOLDED, Step.TOLD}
    caught_up(started(engine, TreeNode(tree), added=ADDED))


SCHEDULES: Final[tuple[Callable[[Engine, Tree], None], ...]] = (
    block_by_block,
    in_wide_ranges,
    with_the_registry_added_later,
    dying_again_and_again,
)


@contextmanager
def made(databases: Databases) -> Iterator[Engine]:
    url = databases.create(migrated=True)
    engine = open_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()
        databases.drop(url)


def dumped(
    engine: Engine, folder: Path, seats: SeatsCommand, monkeypatch: pytest.MonkeyPatch
) -> Files:
    """Every file of every moment, by moment and name."""
    found: Files = {}
    for name, value in settings_of(engine).items():
        monkeypatch.setenv(name, value)
    for moment in MOMENTS:
        out = folder / moment
        said = seats("index", "export", "--to", out, "--at", moment, "--json")
        assert (said.exit, said.err) == (0, "")
        found |= {f"{moment}/{file.name}": file.read_bytes() for file in out.glob("*.csv")}
    assert set(found) == {f"{moment}/{name}.csv" for moment in MOMENTS for name in NAMES}
    return found


def test_any_schedule_gives_the_same_bytes_on_both_databases(
    tree: Tree,
    postgres_databases: Databases,
    seats: SeatsCommand,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wanted: Files = {}
    with passing_folder("sqlite") as folder:
        for databases in (SqliteDatabases(folder), postgres_databases):
            for schedule in SCHEDULES:
                with made(databases) as engine:
                    schedule(engine, tree)
                    place = tmp_path / engine.dialect.name / schedule.__name__
                    found = dumped(engine, place, seats, monkeypatch)
                wanted = wanted or found
                differing = [name for name, text in found.items() if text != wanted[name]]
                assert not differing, place
    # Not of nothing: all but the files of few things have rows to differ in.
    filled = [name for name, text in wanted.items() if text.count(b"\n") > 2]
    assert len(filled) > len(wanted) / 2
    assert wanted["latest/seats.csv"] != wanted["20/seats.csv"]
