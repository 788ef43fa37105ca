"""What a contract that is added meets of the rest: ranges asked for ahead, audits, bells, rebuilds.

The tables are compared with the chain as everywhere else.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Final

import pytest

from indexer.folds.states import SeatState
from indexer.identity import Contract, Kind
from indexer.queries import audit_status, mirror_status, outbox_bell, outbox_since
from indexer.store import audits, checkpoints, fold_versions
from indexer.sync import rebuilding
from indexer.sync.rebuilding import rebuild_stale
from indexer.sync.shell import Limits, Outcome
from marketplace.storage.transactions import reading, writing
from tests.integration.indexer.auditing import StateTreeNode, audit_all, auditor
from tests.integration.indexer.delegating import REGISTRY
from tests.integration.indexer.folding_again import folded_again
from tests.integration.indexer.market import SEATS, Action
from tests.integration.indexer.oracle import require_exact
from tests.integration.indexer.simulating import (
    CREATE,
    DEPLOY,
    MIRROR,
    Crash,
    actions,
    caught_up,
    started,
)
from tests.integration.indexer.test_filling import ADDED, joined, mixed, mixed_tree
from tests.integration.indexer.test_rebuilding import Told, changed, held
from tests.integration.indexer.tree import Tree, TreeNode

if TYPE_CHECKING:
    from sqlalchemy import Engine

HISTORY: Final = Limits(range_blocks=5, head_blocks=3)
SOON: Final = 5.0


def test_a_contract_joins_while_history_is_read_and_the_next_range_was_asked_for_without_it(
    database: Engine,
) -> None:
    dice = Random(5)
    tree = Tree(final_depth=6)
    tree.grow([DEPLOY, CREATE])
    for number in range(2, 60):
        tree.grow(actions(dice, 3) if number < 18 else mixed(dice))
    alone = started(database, TreeNode(tree), limits=HISTORY)
    for _ in range(3):
        alone.step()
    alone.close()
    # Its first block is so near that it joins before the rest of history is read.
    added = (Contract(Kind.DELEGATIONS, REGISTRY, 18),)
    shell = started(database, TreeNode(tree), limits=HISTORY, added=added)
    while not joined(database):
        shell.step()
    with reading(database) as connection:
        found = checkpoints.load(connection, MIRROR)
    assert found is not None
    assert 18 < found.head.number < tree.finalized.number - HISTORY.range_blocks
    caught_up(shell)
    shell.close()
    require_exact(database, MIRROR, tree)


def test_messages_keep_their_numbers_when_the_head_rests_while_history_comes_in(
    database: Engine,
) -> None:
    tree = mixed_tree()
    caught_up(started(database, TreeNode(tree)))
    with reading(database) as connection:
        before = mirror_status(connection, MIRROR).next_seq
    shell = started(database, TreeNode(tree), added=ADDED)
    with outbox_bell(database, MIRROR) as bell:
        while not joined(database):
            assert shell.step() is Outcome.PROGRESSED
        assert bell.wait(SOON)
    with reading(database) as connection:
        told = outbox_since(connection, MIRROR, before)
    assert told
    # The next block follows at once upon a pass that had nothing to do.
    block = tree.grow([Action("delegate", 3), Action("mint", 4)])
    caught_up(shell)
    assert {log.address for log in block.logs} == {SEATS, REGISTRY}
    with reading(database) as connection:
        after = mirror_status(connection, MIRROR).next_seq
    assert after == before + len(told) + len(block.logs)
    require_exact(database, MIRROR, tree)


def test_the_audit_is_of_the_seats_contract_whatever_was_added(database: Engine) -> None:
    tree = mixed_tree()
    caught_up(started(database, TreeNode(tree)))
    audit_all(auditor(database, StateTreeNode(tree)))
    with reading(database) as connection:
        bare = audit_status(connection, MIRROR)
    caught_up(started(database, TreeNode(tree), added=ADDED))
    with writing(database) as connection:
        audits.forget(connection, MIRROR)
    audit_all(auditor(database, StateTreeNode(tree)))
    with reading(database) as connection:
        again = audit_status(connection, MIRROR)
    assert again == bare
    assert again.audited is not None
    require_exact(database, MIRROR, tree)


def test_folding_all_again_ends_a_building_that_was_broken_off(
    database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = mixed_tree()
    caught_up(started(database, TreeNode(tree), added=ADDED))
    monkeypatch.setattr(rebuilding, "AT_ONCE", 15)
    changed(monkeypatch, SeatState, 2)
    with pytest.raises(Crash):
        rebuild_stale(held(database), Told(1))
    folded_again(database)
    with reading(database) as connection:
        assert fold_versions.stale(connection, MIRROR) is None
    told = Told()
    assert rebuild_stale(held(database), told)
    assert told.events == []
    require_exact(database, MIRROR, tree)
