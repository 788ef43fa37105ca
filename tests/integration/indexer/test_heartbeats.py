"""When a mirror says that it is level with its node: truly, soon, and never for another's sake."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from indexer.queries import mirror_status
from indexer.rpc.errors import NodeRefused
from indexer.store.checkpoints import FenceLost
from indexer.sync.heartbeat import Heartbeat
from indexer.sync.loop import Pace, follow
from indexer.sync.memory import Memory
from indexer.sync.shell import Limits, Outcome
from indexer.sync.steps import Step
from marketplace.storage.transactions import reading
from tests.integration.indexer.simulating import (
    CREATE,
    DEPLOY,
    MIRROR,
    NOON,
    Mortal,
    caught_up,
    started,
)
from tests.integration.indexer.tree import Tree, TreeNode

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from indexer.rpc.values import View
    from tests.integration.indexer.tree import Block


@dataclass
class Clock:
    """A clock that moves when it is told to."""

    now: float = NOON

    def __call__(self) -> float:
        return self.now


class TwoFacedNode(TreeNode):
    """Two machines behind one address; while `late` is set, one that stands there answers."""

    late: Block | None = None

    def view(self) -> View:
        tip = self.tree.tip
        self.tree.tip = self.late or tip
        try:
            return super().view()
        finally:
            self.tree.tip = tip


class SlowNode(TreeNode):
    """Takes a while to answer."""

    clock: Clock

    def view(self) -> View:
        view = super().view()
        self.clock.now += 5
        return view


@pytest.fixture
def tree() -> Tree:
    tree = Tree(final_depth=6)
    tree.grow([DEPLOY, CREATE])
    for _ in range(20):
        tree.grow()
    return tree


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_mirror_is_level_from_before_the_node_was_asked(
    database: Engine, tree: Tree, clock: Clock
) -> None:
    node = SlowNode(tree)
    node.clock = clock
    shell = started(database, node, limits=Limits(100, 100), heartbeat=Heartbeat(clock))
    shell.step()
    clock.now = NOON + 60

    shell.step()

    assert level_at(database) == NOON + 60


def test_a_mirror_that_still_has_blocks_to_read_is_not_level(
    database: Engine, tree: Tree, clock: Clock
) -> None:
    shell = started(database, TreeNode(tree), limits=Limits(10, 1), heartbeat=Heartbeat(clock))
    while head_of(database) < tree.tip.number - 1:
        shell.step()
        assert level_at(database) is None

    shell.step()

    assert (head_of(database), level_at(database)) == (tree.tip.number, NOON)


def test_what_came_while_nobody_looked_leaves_the_mirror_as_old_as_it_is(
    database: Engine, tree: Tree, clock: Clock
) -> None:
    caught_up(started(database, TreeNode(tree), heartbeat=Heartbeat(clock)))
    tree.grow()
    tree.grow()
    clock.now += 3_600
    shell = started(database, TreeNode(tree), limits=Limits(1, 1), heartbeat=Heartbeat(clock))

    shell.step()
    assert level_at(database) == NOON

    shell.step()
    assert level_at(database) == NOON + 3_600


def test_on_a_chain_that_stands_still_it_is_said_again_every_two_seconds(
    database: Engine, tree: Tree, clock: Clock
) -> None:
    watcher = Mortal()
    shell = started(database, TreeNode(tree), watcher, heartbeat=Heartbeat(clock))
    caught_up(shell)
    before = watcher.commits
    said = []
    for _ in range(20):
        clock.now += 0.25
        assert shell.step() is Outcome.CAUGHT_UP
        said.append(level_at(database))

    assert set(said) == {NOON, NOON + 2, NOON + 4}
    assert watcher.commits - before == 2


def test_a_reorganisation_makes_it_unknown_until_the_new_branch_is_read_to_its_end(
    database: Engine, tree: Tree, clock: Clock
) -> None:
    shell = started(database, TreeNode(tree), limits=Limits(9, 2), heartbeat=Heartbeat(clock))
    caught_up(shell)
    parent = tree.tip.path()[-3]
    for _ in range(3):
        parent = tree.grow([], parent)
    said = []
    for _ in range(3):
        shell.step()
        said.append(level_at(database))

    assert said == [None, None, NOON]
    assert head_of(database) == tree.tip.number


def test_after_a_rollback_a_machine_that_lags_at_the_ancestor_does_not_make_it_level(
    database: Engine, tree: Tree, clock: Clock
) -> None:
    node = TwoFacedNode(tree)
    shell = started(database, node, heartbeat=Heartbeat(clock))
    caught_up(shell)
    ancestor = tree.tip.path()[-2]
    tree.grow([], ancestor)
    shell.step()
    node.late = ancestor

    shell.step()
    assert (head_of(database), level_at(database)) == (ancestor.number, None)

    node.late = None
    caught_up(shell)
    assert (head_of(database), level_at(database)) == (tree.tip.number, NOON)


def test_after_a_rollback_a_machine_that_lags_on_a_block_that_was_left_does_not_make_it_level(
    database: Engine, tree: Tree, clock: Clock
) -> None:
    tip = tree.tip
    left = tree.grow([], tip.path()[-3])
    tree.move(tip)
    shell = started(database, TreeNode(tree), heartbeat=Heartbeat(clock), memory=Memory(clock))
    caught_up(shell)
    assert level_at(database) == NOON
    clock.now += 5
    # It answers everything from where it stands.
    tree.move(left)

    caught_up(shell)
    assert (head_of(database), level_at(database)) == (left.number, None)

    # Nobody has named a later block for a minute: the chain has really grown shorter.
    clock.now += 60
    shell.step()
    assert level_at(database) == clock.now
    tree.move(tip)
    caught_up(shell)
    assert (head_of(database), level_at(database)) == (tip.number, clock.now)


@pytest.mark.parametrize("is_another", [True, False])
def test_a_branch_that_was_left_is_not_level_for_who_has_not_seen_the_mirrors_head_lately(
    database: Engine, tree: Tree, clock: Clock, *, is_another: bool
) -> None:
    tip = tree.tip
    left = tree.grow([], tip.path()[-3])
    tree.move(tip)
    shell = started(database, TreeNode(tree), heartbeat=Heartbeat(clock), memory=Memory(clock))
    caught_up(shell)
    # Another process leads now, or the node was silent for more than a minute.
    if is_another:
        shell = started(database, TreeNode(tree), heartbeat=Heartbeat(clock), memory=Memory(clock))
    clock.now += 5 if is_another else 61
    tree.move(left)

    caught_up(shell)
    assert (head_of(database), level_at(database)) == (left.number, None)
    clock.now += 59
    shell.step()
    assert level_at(database) is None

    clock.now += 1
    shell.step()
    assert level_at(database) == clock.now


def test_a_block_that_was_seen_and_not_read_is_not_forgotten_for_a_machine_that_lags(
    database: Engine, tree: Tree, clock: Clock
) -> None:
    node = TwoFacedNode(tree)
    shell = started(database, node, heartbeat=Heartbeat(clock), memory=Memory(clock))
    caught_up(shell)
    seen = tree.tip
    tree.grow()
    del tree.blocks[tree.tip.header.hash]
    with pytest.raises(NodeRefused):
        shell.step()
    node.late = seen
    clock.now += 30
    shell.step()
    assert level_at(database) == NOON

    # Nobody has named it for a minute: the chain has really grown shorter.
    clock.now += 30
    shell.step()
    assert level_at(database) == clock.now


def test_a_chain_that_grew_shorter_is_level_at_its_own_end_after_a_minute(
    database: Engine, tree: Tree, clock: Clock
) -> None:
    shell = started(database, TreeNode(tree), heartbeat=Heartbeat(clock), memory=Memory(clock))
    caught_up(shell)
    old = tree.tip.path()
    tree.grow([], old[-5])

    caught_up(shell)
    assert head_of(database) == tree.tip.number < old[-1].number
    assert level_at(database) is None

    clock.now += 60
    shell.step()
    assert level_at(database) == clock.now


def test_a_node_that_is_behind_the_mirror_says_nothing(
    database: Engine, tree: Tree, clock: Clock
) -> None:
    shell = started(database, TreeNode(tree), heartbeat=Heartbeat(clock))
    caught_up(shell)
    tree.move(tree.tip.path()[-3])
    clock.now += 60

    assert shell.step() is Outcome.NODE_BEHIND

    assert level_at(database) == NOON


def test_a_head_that_is_too_old_is_taken_for_a_stuck_nodes(
    database: Engine, tree: Tree, clock: Clock
) -> None:
    clock.now = tree.tip.header.timestamp_s + 240
    heartbeat = Heartbeat(clock, max_head_age_s=240)
    shell = started(database, TreeNode(tree), heartbeat=heartbeat)
    caught_up(shell)
    noted = level_at(database)
    clock.now += 60

    assert shell.step() is Outcome.HEAD_STALE

    assert level_at(database) == noted == clock.now - 60


@dataclass
class Waker:
    """Waits by moving a clock; wishes to stop after so many rests."""

    clock: Clock
    rests: int

    def wait(self, seconds: float) -> None:
        self.clock.now += seconds

    def rest(self, seconds: float) -> bool:
        self.clock.now += seconds
        self.rests -= 1
        return False

    def is_stopped(self) -> bool:
        return self.rests <= 0

    def found_unheard(self) -> None:
        raise AssertionError("nothing was found")

    def failed(self, error: Exception, failures: int, wait_s: float) -> None:
        raise AssertionError((failures, wait_s)) from error

    def waiting(self, outcome: Outcome) -> None:
        assert outcome is not Outcome.PROGRESSED


@pytest.mark.parametrize("max_head_age_s", [None, 120])
def test_a_node_whose_head_is_too_old_for_long_is_left_for_others(
    database: Engine, tree: Tree, clock: Clock, max_head_age_s: int | None
) -> None:
    clock.now = tree.tip.header.timestamp_s
    heartbeat = Heartbeat(clock, max_head_age_s=max_head_age_s)
    shell = started(database, TreeNode(tree), heartbeat=heartbeat)
    caught_up(shell)
    waker, pace = Waker(clock, 200), Pace(poll_s=1, first_s=1, most_s=1, database_patience_s=1)

    is_kept = follow(shell, waker, pace, waker, 6, clock)

    assert is_kept is (max_head_age_s is None)
    # For thirty seconds the chain may only be slow.
    assert is_kept or 150 < clock.now - tree.tip.header.timestamp_s <= 152


def test_a_node_that_goes_on_and_is_late_all_the_time_is_left_for_others(
    database: Engine, tree: Tree, clock: Clock
) -> None:
    class Growing(Waker):
        def rest(self, seconds: float) -> bool:
            before = tree.tip.header.timestamp_s
            self.clock.now += tree.grow().header.timestamp_s - before
            return super().rest(seconds)

        def found_unheard(self) -> None:
            """As it is without a socket."""

    clock.now = tree.tip.header.timestamp_s + 600
    shell = started(database, TreeNode(tree), heartbeat=Heartbeat(clock, max_head_age_s=120))
    waker, pace = Growing(clock, 20), Pace(poll_s=1, first_s=1, most_s=1, database_patience_s=1)

    assert not follow(shell, waker, pace, waker, 6, clock)
    assert waker.rests > 15


def test_a_node_whose_head_is_held_back_by_a_later_one_is_kept(
    database: Engine, tree: Tree, clock: Clock
) -> None:
    clock.now = tree.tip.header.timestamp_s
    heartbeat = Heartbeat(clock, max_head_age_s=120)
    memory = Memory(lambda: NOON)
    shell = started(database, TreeNode(tree), heartbeat=heartbeat, memory=memory)
    memory.ahead.saw(tree.tip.number + 1)
    caught_up(shell)
    assert level_at(database) is None
    waker, pace = Waker(clock, 100), Pace(poll_s=1, first_s=1, most_s=1, database_patience_s=1)

    assert follow(shell, waker, pace, waker, 6, clock)


def test_by_a_clock_that_is_far_behind_the_chain_nothing_is_called_level(
    database: Engine, tree: Tree, clock: Clock
) -> None:
    clock.now = tree.tip.header.timestamp_s - 60
    heartbeat = Heartbeat(clock, max_ahead_s=60)
    shell = started(database, TreeNode(tree), heartbeat=heartbeat)
    caught_up(shell)
    noted = level_at(database)
    tree.grow()
    clock.now += 5

    caught_up(shell)

    assert head_of(database) == tree.tip.number
    assert level_at(database) == noted == clock.now - 5


def test_a_clock_that_was_set_back_is_followed(database: Engine, tree: Tree, clock: Clock) -> None:
    shell = started(database, TreeNode(tree), heartbeat=Heartbeat(clock))
    clock.now = NOON + 3_600
    caught_up(shell)
    clock.now = NOON
    shell.step()

    assert level_at(database) == NOON


def test_who_was_fenced_off_says_nothing_any_more(
    database: Engine, tree: Tree, clock: Clock
) -> None:
    paused = started(database, TreeNode(tree), heartbeat=Heartbeat(clock))
    caught_up(paused)
    started(database, TreeNode(tree))
    clock.now += 60

    with pytest.raises(FenceLost):
        paused.step()

    assert level_at(database) == NOON


def test_who_is_fenced_off_in_the_middle_of_a_pass_says_nothing(
    database: Engine, tree: Tree, clock: Clock
) -> None:
    caught_up(started(database, TreeNode(tree), heartbeat=Heartbeat(clock)))
    clock.now += 60

    class TakenOver(Mortal):
        def reached(self, step: Step) -> None:
            if step is Step.DECIDED:
                started(database, TreeNode(tree))

    with pytest.raises(FenceLost):
        started(database, TreeNode(tree), TakenOver(), heartbeat=Heartbeat(clock)).step()

    assert level_at(database) == NOON


def level_at(engine: Engine) -> int | None:
    with reading(engine) as connection:
        return mirror_status(connection, MIRROR).level_at


def head_of(engine: Engine) -> int:
    with reading(engine) as connection:
        return mirror_status(connection, MIRROR).head.number
