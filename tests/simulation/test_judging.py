"""What the judge remembers of an outbox, and what it does not let pass."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, update

from indexer.store.tables import outbox
from marketplace.storage.transactions import writing
from tests.integration.indexer.simulating import CREATE, DEPLOY, MIRROR, actions, caught_up, started
from tests.integration.indexer.tree import Tree, TreeNode
from tests.simulation.consumers import Consumers
from tests.simulation.database import Trouble
from tests.simulation.faults import Faults
from tests.simulation.judging import Judge, Told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

A, B, C = ("0xa", 0), ("0xa", 1), ("0xb", 0)


def test_what_is_taken_back_must_be_what_was_told_last() -> None:
    told = Told()
    assert told.replayed([A], [("apply", B), ("retract", B), ("apply", C)]) == [A, C]
    with pytest.raises(AssertionError, match="another event"):
        told.replayed([A], [("apply", B), ("retract", A)])


def test_where_history_was_filled_in_only_what_stands_must_agree() -> None:
    told = Told(in_order=False)
    assert told.replayed([A], [("apply", B), ("retract", A)]) == [B]
    told.require([B, A], [A, B])
    with pytest.raises(AssertionError, match="another ledger"):
        told.require([A], [A, B])


@pytest.fixture
def judge(mirror_engine: Engine) -> Iterator[Judge]:
    """A judge of a mirror that has followed two branches, called after each of its commits."""
    tree, dice = Tree(final_depth=4), Random(3)
    judge = Judge(mirror_engine, tree, Consumers(Random(1), lambda: None), Random(1))
    Trouble(mirror_engine, Faults(Random(1), calm=True), judge.after_commit)
    tree.grow([DEPLOY, CREATE])
    shell = started(mirror_engine, TreeNode(tree))
    for _ in range(12):
        tree.grow(actions(dice))
        caught_up(shell)
    parent = tree.tip.path()[-3]
    for _ in range(3):
        parent = tree.grow(actions(dice), parent)
    caught_up(shell)
    try:
        yield judge
    finally:
        judge.close()


def test_each_commit_is_judged_and_replayed_from_in_the_end(judge: Judge) -> None:
    assert judge.judged == len(judge.told.stands) > 14
    assert {kind for kind, _ in judge.told.messages} == {"apply", "retract"}
    judge.at_the_end()


def test_a_message_that_has_changed_since_it_was_told_is_found_out(judge: Judge) -> None:
    changed = update(outbox).filter_by(**MIRROR.columns).where(outbox.c.seq == 1)
    with writing(judge.engine) as connection:
        connection.execute(changed.values(block_hash="0x" + "12" * 32))
    with pytest.raises(AssertionError):
        judge.at_the_end()


def test_of_an_outbox_whose_end_is_gone_the_rest_is_replayed(judge: Judge) -> None:
    first = judge.told.next_seq // 2
    with writing(judge.engine) as connection:
        gone = delete(outbox).filter_by(**MIRROR.columns).where(outbox.c.seq < first)
        connection.execute(gone)
    judge.at_the_end()
    with writing(judge.engine) as connection:
        middle = delete(outbox).filter_by(**MIRROR.columns).where(outbox.c.seq == first + 1)
        connection.execute(middle)
    with pytest.raises(AssertionError):
        judge.at_the_end()
