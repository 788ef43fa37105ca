"""What a contract that is added meets of the rest: ranges asked for ahead, audits, bells, rebuilds.

The tables are compared with the chain as everywhere else.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Final

import pytest
from sqlalchemy import delete

from indexer.audit.auditor import AuditDisagreed
from indexer.folds.states import SeatState
from indexer.identity import Contract, Kind
from indexer.queries import (
    audit_status,
    event_count,
    mirror_status,
    outbox_bell,
    outbox_since,
)
from indexer.store import audits, checkpoints, fold_versions
from indexer.store.checkpoints import CheckpointMoved
from indexer.store.tables import events
from indexer.sync import rebuilding
from indexer.sync.rebuilding import rebuild_stale
from indexer.sync.shell import Limits, Outcome
from marketplace.storage.transactions import reading, writing
from tests.integration.indexer.auditing import StateTreeNode, audit_all, audited, auditor
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
    from collections.abc import Sequence

    from sqlalchemy import Engine

    from indexer.rpc.values import RangeLogs
    from marketplace.domain.addresses import ChecksumAddress

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


def test_events_are_counted_of_the_seats_contract_whatever_was_added_and_audited(
    database: Engine,
) -> None:
    tree = mixed_tree()
    caught_up(started(database, TreeNode(tree), added=ADDED))
    logs = [log for block in tree.tip.path() for log in block.logs]
    of_seats = sum(log.address == SEATS for log in logs)
    with reading(database) as connection:
        assert event_count(connection, MIRROR) == of_seats < len(logs)

    audit_all(auditor(database, StateTreeNode(tree), added=ADDED))

    assert any(log.address == REGISTRY for block in tree.tip.path()[-6:] for log in block.logs)
    with reading(database) as connection:
        assert audit_status(connection, MIRROR).audited is not None
        assert event_count(connection, MIRROR) == of_seats


def test_what_joins_is_audited_from_its_first_block_on(database: Engine) -> None:
    tree = mixed_tree()
    caught_up(started(database, TreeNode(tree)))
    audit_all(auditor(database, StateTreeNode(tree), added=ADDED))
    before = audited(database)
    assert before is not None
    assert before.last == tree.finalized.header.mark
    caught_up(started(database, TreeNode(tree), added=ADDED))

    # Its history is looked at, and the digest stays that of the seats' contract.
    assert audited(database) is None
    audit_all(auditor(database, StateTreeNode(tree), added=ADDED))
    assert audited(database) == before

    first = next(
        log for block in tree.finalized.path() for log in block.logs if log.address == REGISTRY
    )
    at = {"block_number": first.block_number, "log_index": first.log_index}
    with writing(database) as connection:
        audits.forget(connection, MIRROR)
        connection.execute(delete(events).filter_by(**at))
    audit_all(auditor(database, StateTreeNode(tree)))
    with writing(database) as connection:
        audits.forget(connection, MIRROR)
    with pytest.raises(AuditDisagreed) as refusal:
        audit_all(auditor(database, StateTreeNode(tree), added=ADDED))
    assert (refusal.value.what, refusal.value.block_number) == ("the events", first.block_number)


def test_only_what_comes_after_its_first_block_is_audited_again(
    database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audits, "WINDOW_BLOCKS", 5)
    tree = mixed_tree()
    late = (Contract(Kind.DELEGATIONS, REGISTRY, 12),)
    caught_up(started(database, TreeNode(tree)))
    audit_all(auditor(database, StateTreeNode(tree), added=late))

    caught_up(started(database, TreeNode(tree), added=late))

    kept = audited(database)
    assert kept is not None
    assert kept.last.number == 9
    audit_all(auditor(database, StateTreeNode(tree), added=late))
    with reading(database) as connection:
        assert audit_status(connection, MIRROR).audited == tree.finalized.header.mark


def test_a_stretch_that_was_looked_at_while_a_contract_joined_does_not_count(
    database: Engine,
) -> None:
    tree = mixed_tree()
    shell = started(database, TreeNode(tree))
    caught_up(shell)
    joins = started(database, TreeNode(tree), added=ADDED)

    class Meanwhile(StateTreeNode):
        def range_logs(
            self, first: int, last: int, addresses: Sequence[ChecksumAddress]
        ) -> RangeLogs:
            caught_up(joins)
            return super().range_logs(first, last, addresses)

    with pytest.raises(CheckpointMoved):
        auditor(database, Meanwhile(tree), added=ADDED).step()

    assert audited(database) is None
    audit_all(auditor(database, StateTreeNode(tree), added=ADDED))
    assert audited(database) is not None


def test_a_contract_that_is_older_than_the_seats_is_audited_from_its_own_beginning(
    database: Engine,
) -> None:
    tree = Tree(final_depth=6)
    for number in range(9):
        tree.grow([Action("delegate", number)])
    tree.grow([DEPLOY, CREATE])
    for _ in range(9):
        tree.grow()
    caught_up(started(database, TreeNode(tree), start_block=10, added=ADDED))
    with writing(database) as connection:
        connection.execute(delete(events).filter_by(block_number=4))

    with pytest.raises(AuditDisagreed) as refusal:
        audit_all(auditor(database, StateTreeNode(tree), start_block=10, added=ADDED))

    assert refusal.value.block_number == 4


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
