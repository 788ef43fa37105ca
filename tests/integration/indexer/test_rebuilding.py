"""Tables that an older fold made are folded again from the ledger, and no others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, event, update

from indexer.audit.examining import Care
from indexer.folds.states import CreditState, Sale, SeatState, TierState
from indexer.folds.versions import CHANGED
from indexer.identity import MirrorId
from indexer.queries import mirror_status
from indexer.store import checkpoints, fold_versions
from indexer.store.checkpoints import FenceLost
from indexer.store.fold_tables import FOLDED, credit_states, sales, seat_states, tier_states
from indexer.store.fold_versions import FoldTooNew
from indexer.store.tables import fold_versions as version_table
from indexer.sync import rebuilding
from indexer.sync.hold import Hold
from indexer.sync.rebuilding import rebuild_stale
from marketplace.storage.transactions import reading, writing
from tests.integration.indexer.auditing import (
    StateTreeNode,
    audit_all,
    audited,
    auditor,
    holdings,
)
from tests.integration.indexer.folding_again import folded_again
from tests.integration.indexer.oracle import dump, require_exact
from tests.integration.indexer.simulating import MIRROR, Crash, caught_up, started
from tests.integration.indexer.test_filling import ADDED, mixed_tree
from tests.integration.indexer.tree import TreeNode

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Engine

    from indexer.folds.states import State
    from tests.integration.indexer.tree import Tree


class Told:
    """Notes what was built, and dies when told to."""

    def __init__(self, dies_at: int = -1) -> None:
        self.folds: set[str] = set()
        self.events: list[int] = []
        self.reached: list[tuple[int, int]] = []
        self.complete = False
        self._dies_at = dies_at

    def rebuilt(self, folds: Collection[str], events: int, *, done: int, of: int) -> None:
        self.folds |= set(folds)
        self.events.append(events)
        self.reached.append((done, of))
        self.complete = done == of
        if len(self.events) == self._dies_at:
            raise Crash


def changed(monkeypatch: pytest.MonkeyPatch, kind: type[State], version: int) -> None:
    """Let the program fold a table as this version does."""
    monkeypatch.setitem(CHANGED, kind, version)


@pytest.fixture
def tree(database: Engine, monkeypatch: pytest.MonkeyPatch) -> Tree:
    """A chain with a mirror of it in the database; building goes in many small steps."""
    monkeypatch.setattr(rebuilding, "AT_ONCE", 15)
    grown = mixed_tree()
    caught_up(started(database, TreeNode(grown), added=ADDED))
    return grown


def held(engine: Engine) -> Hold:
    with writing(engine) as connection:
        taken = checkpoints.take_over(connection, MIRROR)
    assert taken is not None
    return Hold(engine, MIRROR, taken.fence)


def written_to(engine: Engine) -> set[str]:
    """Notes from now on which tables of folds rows are inserted into or deleted from."""
    found: set[str] = set()

    def note(*given: object) -> None:
        words = str(given[2]).split()
        if words[0] in {"INSERT", "DELETE"}:
            found.add(words[2])

    event.listen(engine, "before_cursor_execute", note)
    return found


def test_a_fold_that_has_changed_is_built_again_alone(
    database: Engine, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert rebuild_stale(held(database), Told())
    changed(monkeypatch, SeatState, 2)
    changed(monkeypatch, TierState, 7)
    with writing(database) as connection:
        # What an older fold may have made of it.
        connection.execute(update(seat_states).values(epoch=99))
        connection.execute(delete(tier_states).where(tier_states.c.tier == 0))
    touched, told = written_to(database), Told()
    assert rebuild_stale(held(database), told)

    assert told.folds == {"seat_states", "tier_states"}
    assert len(told.events) > 5
    with reading(database) as connection:
        assert sum(told.events) == len(dump(connection)["events"])
        assert mirror_status(connection, MIRROR).level_at is None
        versions = {
            row["fold"]: (row["version"], row["complete"])
            for row in dump(connection, version_table)["fold_versions"]
        }
    assert touched & {table.name for table in FOLDED} == told.folds
    assert versions["seat_states"] == (2, 1)
    assert versions["tier_states"] == (7, 1)
    assert versions["sales"] == (1, 1)
    require_exact(database, MIRROR, tree)


def test_a_table_that_is_new_is_built_from_the_ledger(database: Engine, tree: Tree) -> None:
    with writing(database) as connection:
        connection.execute(delete(sales))
        connection.execute(delete(version_table).where(version_table.c.fold == "sales"))
    told = Told()
    assert rebuild_stale(held(database), told)
    assert told.folds == {"sales"}
    require_exact(database, MIRROR, tree)


def test_a_building_that_was_broken_off_goes_on_where_it_was(
    database: Engine, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed(monkeypatch, SeatState, 2)
    with reading(database) as connection:
        total = len(dump(connection)["events"])
    done = 0
    for dies_at in (1, 2, 1):
        told = Told(dies_at)
        with pytest.raises(Crash):
            rebuild_stale(held(database), told)
        done += sum(told.events)
    last = Told()
    assert rebuild_stale(held(database), last)
    assert last.complete
    assert done + sum(last.events) == total
    # Counted over all of it, not from where it goes on.
    assert last.reached[0] == (done + last.events[0], total)
    assert last.reached[-1] == (total, total)
    require_exact(database, MIRROR, tree)


def test_a_fold_that_changes_while_another_is_built_begins_both_anew(
    database: Engine, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed(monkeypatch, SeatState, 2)
    with pytest.raises(Crash):
        rebuild_stale(held(database), Told(3))
    changed(monkeypatch, Sale, 2)
    told = Told()
    assert rebuild_stale(held(database), told)
    assert told.folds == {"seat_states", "sales"}
    require_exact(database, MIRROR, tree)


def test_a_table_of_a_later_fold_is_refused(
    database: Engine, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert tree.tip.number > 0
    changed(monkeypatch, SeatState, 2)
    assert rebuild_stale(held(database), Told())
    changed(monkeypatch, SeatState, 1)
    with pytest.raises(FoldTooNew, match="Run the program that folded it"):
        rebuild_stale(held(database), Told())


def test_who_was_taken_over_builds_nothing(
    database: Engine, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert tree.tip.number > 0
    changed(monkeypatch, SeatState, 2)
    paused = held(database)
    held(database)
    with pytest.raises(FenceLost):
        rebuild_stale(paused, Told())
    with reading(database) as connection:
        found = fold_versions.stale(connection, MIRROR)
    assert found is not None
    assert not found.begun


def test_a_wish_to_stop_is_followed_between_two_steps(
    database: Engine, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed(monkeypatch, SeatState, 2)
    told = Told()
    assert not rebuild_stale(held(database), told, lambda: len(told.events) == 2)
    assert not told.complete
    assert rebuild_stale(held(database), Told())
    require_exact(database, MIRROR, tree)


def test_another_mirror_in_the_database_keeps_what_it_has(
    database: Engine, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = MirrorId(MIRROR.chain_id, "other")
    with writing(database) as connection:
        checkpoints.begin(connection, other, tree.genesis.header, f"0x{1:064x}")
    changed(monkeypatch, SeatState, 2)
    assert rebuild_stale(held(database), Told())
    with reading(database) as connection:
        assert fold_versions.stale(connection, MIRROR) is None
        assert fold_versions.stale(connection, other) is not None


@pytest.mark.parametrize("by_command", [False, True])
def test_what_a_former_fold_added_up_does_not_stop_a_mirror_that_is_right_now(
    database: Engine, tree: Tree, monkeypatch: pytest.MonkeyPatch, *, by_command: bool
) -> None:
    with writing(database) as connection:
        # An older fold gave accounts more than they have, and the contract had enough by then.
        connection.execute(update(credit_states).values(amount=10**30))
    rich = StateTreeNode(tree, missing=-(10**34))
    audit_all(auditor(database, rich, Care(samples=0)))
    found = audited(database)
    assert found is not None
    assert sum(found.owed.values()) > holdings(tree.finalized.market)

    if by_command:
        folded_again(database)
    else:
        changed(monkeypatch, CreditState, 2)
        assert rebuild_stale(held(database), Told())
    for _ in range(9):
        tree.grow()
    caught_up(started(database, TreeNode(tree), added=ADDED))
    audit_all(auditor(database, StateTreeNode(tree)))

    again = audited(database)
    assert again is not None
    assert again.last == tree.finalized.header.mark
    assert sum(again.owed.values()) == holdings(tree.finalized.market)
