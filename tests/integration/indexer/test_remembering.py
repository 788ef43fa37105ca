"""What is remembered of a block that was left: by a process in all its terms, or by the tables."""

from __future__ import annotations

from contextlib import contextmanager
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from indexer import process
from indexer.audit.auditor import Kept
from indexer.journal import Journal
from indexer.settings import IndexerSettings
from indexer.store import heartbeats
from indexer.store.history import downgrade, upgrade
from indexer.sync import shell as passes
from indexer.sync.heartbeat import Heartbeat
from indexer.sync.memory import Memory
from indexer.waking import Stopper
from marketplace.storage.errors import DatabaseUnreachableError
from marketplace.storage.transactions import reading, writing
from tests.integration.indexer.market import SEATS
from tests.integration.indexer.simulating import CREATE, DEPLOY, MIRROR, NOON, caught_up, started
from tests.integration.indexer.test_heartbeats import Clock, head_of, level_at
from tests.integration.indexer.tree import CHAIN_ID, Tree, TreeNode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

    from indexer.rpc.values import BlockHeader
    from indexer.sync.shell import Shell
    from tests.integration.indexer.tree import Block


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tree() -> Tree:
    tree = Tree(final_depth=6)
    tree.grow([DEPLOY, CREATE])
    for _ in range(20):
        tree.grow()
    return tree


@pytest.fixture
def left(tree: Tree) -> Block:
    """The end of a branch that is shorter than the chain, where a machine stands that lags."""
    tip = tree.tip
    left = tree.grow([], tip.path()[-3])
    tree.move(tip)
    return left


@pytest.mark.parametrize("rolls_on", [True, False])
def test_whoever_finds_a_mirror_that_was_rolled_back_does_not_call_it_level_for_a_minute(
    database: Engine, tree: Tree, left: Block, clock: Clock, *, rolls_on: bool
) -> None:
    shell = started(database, TreeNode(tree), heartbeat=Heartbeat(clock))
    caught_up(shell)
    clock.now += 1
    # A machine that lags behind the same address.
    tree.move(left)
    shell.step()
    if rolls_on:
        caught_up(shell)
    clock.now += 13

    # It knows of the block that was left what the tables say.
    shell = started(database, TreeNode(tree), heartbeat=Heartbeat(clock), memory=Memory(clock))
    caught_up(shell)
    assert (head_of(database), level_at(database)) == (left.number, None)
    clock.now += 59
    shell.step()
    assert level_at(database) is None

    clock.now += 1
    shell.step()
    assert level_at(database) == clock.now
    # Level since: what was left before holds back nobody any more.
    with reading(database) as connection:
        assert heartbeats.left(connection, MIRROR) is None


def test_whoever_goes_on_after_a_rollback_is_level_once_a_block_as_late_is_mirrored(
    database: Engine, tree: Tree, left: Block, clock: Clock
) -> None:
    tip = tree.tip
    shell = started(database, TreeNode(tree), heartbeat=Heartbeat(clock))
    caught_up(shell)
    tree.move(left)
    caught_up(shell)
    # Again, from a block that is earlier: the later one counts.
    tree.move(tree.grow([], left.path()[-3]))
    caught_up(shell)

    shell = started(database, TreeNode(tree), heartbeat=Heartbeat(clock), memory=Memory(clock))
    caught_up(shell)
    while tree.tip.number < tip.number - 1:
        tree.grow()
    caught_up(shell)
    assert (head_of(database), level_at(database)) == (tip.number - 1, None)
    tree.grow()
    caught_up(shell)
    assert (head_of(database), level_at(database)) == (tip.number, clock.now)


def test_a_process_that_leads_again_remembers_what_it_has_rolled_back(
    database: Engine, tree: Tree, left: Block, clock: Clock
) -> None:
    tip, node, journal = tree.tip, TreeNode(tree), Journal(StringIO(), clock)
    settings = IndexerSettings(
        database=SecretStr(database.url.render_as_string(hide_password=False)),
        node=SecretStr("http://127.0.0.1:1"),
        chain_id=CHAIN_ID,
        contract=SEATS,
        start_block=1,
    )
    parts = process._Parts(  # noqa: SLF001 - what `run` makes once, for all its terms
        settings,
        database,
        node,
        clock,
        journal,
        journal,
        None,
        Stopper(),
        Memory(clock),
        Kept.beginning(100),
    )

    def led() -> passes.Shell:
        shell = process._begun(parts, None).shell  # noqa: SLF001 - one term's work
        caught_up(shell)
        return shell

    led()
    tree.move(left)
    led()
    assert (head_of(database), level_at(database)) == (left.number, None)
    clock.now += 59
    shell = led()
    assert level_at(database) is None

    # As late as what was left: nothing is held against it, however soon.
    tree.move(tip)
    caught_up(shell)
    assert (head_of(database), level_at(database)) == (tip.number, clock.now)

    tree.move(left)
    led()
    clock.now += 60
    led()
    assert (head_of(database), level_at(database)) == (left.number, clock.now)


def test_a_mirror_that_was_level_since_it_was_rolled_back_is_level_at_once_for_who_starts(
    database: Engine, tree: Tree, clock: Clock
) -> None:
    shell = started(database, TreeNode(tree), heartbeat=Heartbeat(clock))
    caught_up(shell)
    parent = tree.tip.path()[-3]
    for _ in range(3):
        parent = tree.grow([], parent)
    caught_up(shell)
    tree.grow()
    clock.now += 5

    caught_up(started(database, TreeNode(tree), heartbeat=Heartbeat(clock)))

    assert (head_of(database), level_at(database)) == (tree.tip.number, clock.now)


@pytest.mark.parametrize("leap_s", [-1, 60])
def test_a_wall_clock_that_leaps_makes_nobody_forget_what_was_rolled_back(
    database: Engine, tree: Tree, left: Block, clock: Clock, leap_s: int
) -> None:
    seconds = Clock(7.0)
    shell = started(database, TreeNode(tree), heartbeat=Heartbeat(clock), memory=Memory(seconds))
    caught_up(shell)
    tree.move(left)
    caught_up(shell)
    clock.now += leap_s
    shell.step()
    assert level_at(database) is None

    seconds.now += 60
    shell.step()
    assert level_at(database) == clock.now


def level_after_a_minute(engine: Engine, shell: Shell, clock: Clock, tip: Block) -> None:
    """Its end is mirrored at once, and only a minute later is it known to be level."""
    caught_up(shell)
    assert (head_of(engine), level_at(engine)) == (tip.number, None)
    clock.now += 60
    shell.step()
    assert level_at(engine) == clock.now


def test_a_rollback_that_takes_long_uses_up_nothing_of_the_minute_after_it(
    database: Engine, tree: Tree, clock: Clock
) -> None:
    class Slow(TreeNode):
        def header(self, block_hash: str) -> BlockHeader | None:
            clock.now += 31
            return super().header(block_hash)

    tip = tree.tip
    left = tip.path()[-5]
    for _ in range(3):
        left = tree.grow([], left)
    tree.move(tip)
    shell = started(database, Slow(tree), heartbeat=Heartbeat(clock), memory=Memory(clock))
    caught_up(shell)
    tree.move(left)
    shell.step()
    assert clock.now == NOON + 62

    level_after_a_minute(database, shell, clock, left)


def test_a_rollback_whose_commit_is_not_answered_is_remembered_all_the_same(
    database: Engine, tree: Tree, left: Block, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = started(database, TreeNode(tree), heartbeat=Heartbeat(clock), memory=Memory(clock))
    caught_up(shell)
    tree.move(left)

    @contextmanager
    def unanswered(engine: Engine) -> Iterator[Connection]:
        with writing(engine) as connection:
            yield connection
        raise DatabaseUnreachableError("it", "the connection was lost")

    with monkeypatch.context() as patch:
        patch.setattr(passes, "writing", unanswered)
        with pytest.raises(DatabaseUnreachableError):
            shell.step()

    level_after_a_minute(database, shell, clock, left)


def test_of_a_rollback_by_an_earlier_program_nobody_knows_how_far_it_reached(
    database: Engine, tree: Tree, left: Block, clock: Clock
) -> None:
    tip = tree.tip
    shell = started(database, TreeNode(tree), heartbeat=Heartbeat(clock))
    caught_up(shell)
    downgrade(database, "mirror_0013")
    upgrade(database)
    with reading(database) as connection:
        assert heartbeats.left(connection, MIRROR) is None

    tree.move(left)
    shell.step()
    downgrade(database, "mirror_0013")
    upgrade(database)

    tree.move(tip)
    tree.grow()
    shell = started(database, TreeNode(tree), heartbeat=Heartbeat(clock), memory=Memory(clock))
    level_after_a_minute(database, shell, clock, tree.tip)


def test_a_mirror_that_was_stopped_and_not_rolled_back_since_is_level_at_once(
    database: Engine, tree: Tree, left: Block, clock: Clock
) -> None:
    tip = tree.tip
    shell = started(database, TreeNode(tree), heartbeat=Heartbeat(clock))
    caught_up(shell)
    tree.move(left)
    caught_up(shell)
    tree.move(tip)
    caught_up(shell)
    with writing(database) as connection:
        # As a table that is folded again does.
        heartbeats.stop(connection, MIRROR)

    caught_up(started(database, TreeNode(tree), heartbeat=Heartbeat(clock), memory=Memory(clock)))

    assert (head_of(database), level_at(database)) == (tip.number, clock.now)
