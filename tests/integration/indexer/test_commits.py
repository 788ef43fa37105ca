"""What one commit promises: one writer, no half batch, the same tables however history is cut."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, select, update

from indexer.queries import mirror_status, outbox_since
from indexer.store import checkpoints, states
from indexer.store.checkpoints import BatchCollided, CheckpointMoved, FenceLost
from indexer.store.fold_tables import FOLDED, platform_states
from indexer.store.tables import checkpoints as checkpoint_table
from indexer.sync.shell import Limits, Outcome
from indexer.sync.steps import Step
from marketplace.storage.transactions import reading, writing
from tests.integration.indexer.folding_again import folded_again
from tests.integration.indexer.market import Action
from tests.integration.indexer.oracle import dump, require_exact
from tests.integration.indexer.simulating import (
    CREATE,
    DEPLOY,
    MIRROR,
    Mortal,
    actions,
    caught_up,
    started,
)
from tests.integration.indexer.tree import Tree, TreeNode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

    from indexer.rpc.values import BlockHeader, RangeLogs
    from marketplace.domain.addresses import ChecksumAddress
    from tests.integration.indexer.conftest import NewDatabase


def busy_tree(blocks: int = 25, final_depth: int = 6) -> Tree:
    dice = Random(5)
    tree = Tree(final_depth=final_depth)
    tree.grow([DEPLOY, CREATE])
    for _ in range(blocks):
        tree.grow(actions(dice))
    return tree


def test_any_cutting_of_history_gives_identical_tables(new_database: NewDatabase) -> None:
    tree = busy_tree()
    dumps = []
    for limits in (Limits(1, 1), Limits(4, 3), Limits(1_000, 1_000)):
        with new_database() as engine:
            caught_up(started(engine, TreeNode(tree), limits=limits))
            with reading(engine) as connection:
                dumps.append((limits, mirror_status(connection, MIRROR), dump(connection)))

    for limits, status, tables in dumps[1:]:
        assert tables == dumps[0][2], limits
        assert status.head == dumps[0][1].head


def test_a_mirror_that_follows_as_blocks_come_equals_one_that_came_late(
    new_database: NewDatabase,
) -> None:
    dice = Random(5)
    tree = Tree(final_depth=6)
    tree.grow([DEPLOY, CREATE])
    with new_database() as early, new_database() as late:
        shell = started(early, TreeNode(tree))
        for _ in range(25):
            caught_up(shell)
            tree.grow(actions(dice))
        caught_up(shell)
        caught_up(started(late, TreeNode(tree)))

        with reading(early) as one, reading(late) as other:
            assert dump(one) == dump(other)


def test_the_ledger_is_folded_again_without_the_chain(database: Engine) -> None:
    caught_up(started(database, TreeNode(busy_tree())))
    with reading(database) as connection:
        before = dump(connection)
    assert before["seat_states"]
    with writing(database) as connection:
        states.delete_above(connection, MIRROR, -1)
        assert all(not rows for rows in dump(connection, *FOLDED).values())

    count = folded_again(database)

    with reading(database) as connection:
        assert dump(connection) == before
    assert count == len(before["events"])


def test_history_is_not_told_and_everything_after_it_is(database: Engine) -> None:
    tree = busy_tree()
    shell = started(database, TreeNode(tree), limits=Limits(5, 2))
    while tree.finalized.number > head_of(database):
        with reading(database) as connection:
            status = mirror_status(connection, MIRROR)
            assert (status.live, outbox_since(connection, MIRROR, 1)) == (False, ())
        shell.step()
    with reading(database) as connection:
        assert mirror_status(connection, MIRROR).live

    caught_up(shell)

    with reading(database) as connection:
        first = outbox_since(connection, MIRROR, 1)[0]
    assert first.block.number > tree.finalized.number


def test_what_was_missed_while_the_process_was_down_is_told(database: Engine) -> None:
    tree = busy_tree()
    caught_up(started(database, TreeNode(tree)))
    with reading(database) as connection:
        seq = mirror_status(connection, MIRROR).next_seq
    missed = [tree.grow([Action("bump", number)]) for number in range(20)]

    caught_up(started(database, TreeNode(tree)))

    with reading(database) as connection:
        told = [message.block for message in outbox_since(connection, MIRROR, seq)]
    assert told == [block.header.mark for block in missed]


def test_an_older_indexer_is_fenced_out_in_the_middle_of_a_pass(database: Engine) -> None:
    tree = busy_tree()

    class TakenOver(Mortal):
        def reached(self, step: Step) -> None:
            if step is Step.GATHERED:
                started(database, TreeNode(tree))

    with pytest.raises(FenceLost, match="this one stops"):
        caught_up(started(database, TreeNode(tree), TakenOver()))

    assert head_of(database) == 0


def test_an_indexer_that_was_paused_does_nothing_once_another_has_taken_over(
    database: Engine,
) -> None:
    tree = busy_tree()
    paused = started(database, TreeNode(tree))
    caught_up(paused)
    started(database, TreeNode(tree))
    tree.grow([Action("bump", 1)])

    with pytest.raises(FenceLost):
        paused.step()

    assert head_of(database) == tree.tip.number - 1


def test_of_two_commits_on_one_head_the_second_changes_nothing(database: Engine) -> None:
    tree = busy_tree(final_depth=100)
    caught_up(started(database, TreeNode(tree)))
    tree.grow([Action("bump", 1)])
    with reading(database) as connection:
        checkpoint = checkpoints.load(connection, MIRROR)
    assert checkpoint is not None

    class Overtaken(Mortal):
        def reached(self, step: Step) -> None:
            if step is Step.GATHERED:
                with writing(database) as connection:
                    connection.execute(update(checkpoint_table).values(generation=7))

    shell = started(database, TreeNode(tree), Overtaken())
    with pytest.raises(CheckpointMoved, match="another commit came first"):
        shell.step()

    with reading(database) as connection:
        held = checkpoints.load(connection, MIRROR)
    assert held is not None
    assert (held.head, held.next_seq) == (checkpoint.head, checkpoint.next_seq)


def test_rows_above_the_head_stop_the_mirror(database: Engine) -> None:
    tree = busy_tree(final_depth=100)
    caught_up(started(database, TreeNode(tree)))
    block = tree.grow([Action("offer", 4)])
    with writing(database) as connection:
        row = connection.execute(select(platform_states)).mappings().first()
        assert row is not None
        above = {**row, "block_number": block.number, "log_index": 0}
        connection.execute(insert(platform_states).values(**above))

    with pytest.raises(BatchCollided, match="rebuild"):
        started(database, TreeNode(tree)).step()

    assert head_of(database) == block.number - 1


def test_blocks_before_the_contract_are_passed_over_in_one_commit(database: Engine) -> None:
    tree = Tree(final_depth=4)
    for _ in range(20):
        tree.grow()
    tree.grow([DEPLOY, CREATE])
    for _ in range(10):
        tree.grow([Action("mint", 1)])
    asked: list[int] = []
    headers: list[int] = []

    class Noting(TreeNode):
        def range_logs(
            self, first: int, last: int, addresses: Sequence[ChecksumAddress]
        ) -> RangeLogs:
            asked.append(first)
            return super().range_logs(first, last, addresses)

        def headers(self, numbers: Sequence[int]) -> tuple[BlockHeader | None, ...]:
            headers.extend(numbers)
            return super().headers(numbers)

    shell = started(database, Noting(tree), limits=Limits(6, 4, prefetch=False), start_block=21)
    assert shell.step() is Outcome.PROGRESSED
    assert head_of(database) == 20
    # Of what was passed over: whether it follows genesis, and where it ends.
    assert headers == [1, 20]
    caught_up(shell)

    assert min(asked) == 21
    require_exact(database, MIRROR, tree)


def test_blocks_of_one_second_are_kept_apart_and_in_order(database: Engine) -> None:
    dice = Random(9)
    tree = Tree(final_depth=5, spacing_s=0)
    tree.grow([DEPLOY, CREATE])
    for _ in range(20):
        tree.grow(actions(dice))
    shell = started(database, TreeNode(tree), limits=Limits(4, 3))
    caught_up(shell)
    require_exact(database, MIRROR, tree)
    parent = tree.tip.path()[-4]
    for _ in range(4):
        parent = tree.grow(actions(dice), parent)

    caught_up(shell)

    require_exact(database, MIRROR, tree)


def test_a_pass_with_nothing_to_do_writes_nothing(database: Engine) -> None:
    tree = busy_tree()
    watcher = Mortal()
    shell = started(database, TreeNode(tree), watcher)
    caught_up(shell)
    commits = watcher.commits

    assert shell.step() is Outcome.CAUGHT_UP

    assert watcher.commits == commits


def head_of(engine: Engine) -> int:
    with reading(engine) as connection:
        return mirror_status(connection, MIRROR).head.number
