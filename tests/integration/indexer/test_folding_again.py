"""The ledger is folded again by whoever leads, in steps; nobody reads what is half built."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, event, func, select

from indexer.leading import claim_of
from indexer.queries import (
    Level,
    MirrorMissing,
    currencies,
    gate_facts,
    mirror_status,
    platform,
    seats_of_drop,
)
from indexer.reads.levels import MirrorIncomplete, block_of
from indexer.rebuilding import IndexerLeads, RebuildBrokenOff
from indexer.store import checkpoints
from indexer.store.checkpoints import FenceLost
from indexer.store.fold_tables import seat_states
from indexer.store.tables import events
from indexer.sync import rebuilding
from indexer.sync.rebuilding import rebuild_stale
from indexer.waking import Stopper
from marketplace.domain.errors import MirrorInconsistent
from marketplace.domain.ids import DropId
from marketplace.storage.transactions import reading, writing
from tests.integration.indexer.folding_again import folded_again
from tests.integration.indexer.market import PEOPLE
from tests.integration.indexer.oracle import dump, require_exact
from tests.integration.indexer.simulating import MIRROR, Crash, caught_up, started
from tests.integration.indexer.test_filling import ADDED, mixed_tree
from tests.integration.indexer.test_rebuilding import Told, held
from tests.integration.indexer.tree import TreeNode

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from indexer.sync.shell import Shell
    from tests.integration.indexer.tree import Tree


@pytest.fixture
def tree(database: Engine, monkeypatch: pytest.MonkeyPatch) -> Tree:
    """A chain with a mirror of it in the database; folding goes in many small steps."""
    monkeypatch.setattr(rebuilding, "AT_ONCE", 15)
    grown = mixed_tree()
    caught_up(followed(database, grown))
    return grown


def followed(database: Engine, tree: Tree) -> Shell:
    return started(database, TreeNode(tree), added=ADDED)


class Dying:
    """Dies at its n-th word of progress."""

    def __init__(self, at: int) -> None:
        self.pieces: list[int] = []
        self._at = at

    def __call__(self, events: int) -> None:
        self.pieces.append(events)
        if len(self.pieces) == self._at:
            raise Crash


def events_of(engine: Engine) -> int:
    with reading(engine) as connection:
        return len(dump(connection)["events"])


def test_one_that_is_killed_is_gone_on_with_where_it_was(database: Engine, tree: Tree) -> None:
    done = 0
    for at in (1, 2, 1):
        told = Dying(at)
        with pytest.raises(Crash):
            folded_again(database, told)
        done += sum(told.pieces)
    rest = folded_again(database)

    assert 0 < rest < done + rest == events_of(database)
    require_exact(database, MIRROR, tree)
    assert folded_again(database) == done + rest
    require_exact(database, MIRROR, tree)


def test_an_indexer_that_is_started_goes_on_with_one_that_was_killed(
    database: Engine, tree: Tree
) -> None:
    told = Dying(2)
    with pytest.raises(Crash):
        folded_again(database, told)
    indexer = Told()
    assert rebuild_stale(held(database), indexer)

    assert sum(told.pieces) + sum(indexer.events) == events_of(database)
    require_exact(database, MIRROR, tree)


def test_nobody_is_answered_out_of_what_is_half_built(database: Engine, tree: Tree) -> None:
    with reading(database) as connection:
        assert gate_facts(connection, MIRROR, PEOPLE[0], {DropId(1)}).level_at is not None
    with pytest.raises(Crash):
        folded_again(database, Dying(2))

    with reading(database) as connection:
        assert connection.scalar(select(func.count()).select_from(seat_states))
        for read in (
            lambda: block_of(connection, MIRROR, Level.FINALIZED),
            lambda: seats_of_drop(connection, MIRROR, DropId(1), limit=9),
            lambda: platform(connection, MIRROR),
            lambda: currencies(connection, MIRROR),
            lambda: gate_facts(connection, MIRROR, PEOPLE[0], {DropId(1)}),
        ):
            with pytest.raises(MirrorIncomplete, match="being built again from its ledger"):
                read()
        assert mirror_status(connection, MIRROR).level_at is None
    # Whoever bears that there is no mirror bears that there is no whole one.
    assert issubclass(MirrorIncomplete, MirrorMissing)
    folded_again(database)
    with reading(database) as connection:
        assert seats_of_drop(connection, MIRROR, DropId(1), limit=9)
    caught_up(followed(database, tree))
    with reading(database) as connection:
        assert mirror_status(connection, MIRROR).level_at is not None


def test_beside_a_leader_that_shows_life_nothing_is_touched(database: Engine, tree: Tree) -> None:
    assert tree.tip.number
    with reading(database) as connection:
        before, fence = dump(connection), checkpoints.load(connection, MIRROR)
    leader = claim_of(database, MIRROR, "leader")
    assert leader.take() is None

    class Beating(Stopper):
        """The leader shows life while it is waited for."""

        def wait(self, seconds: float) -> None:
            assert seconds > 0
            assert leader.keep()

    with pytest.raises(IndexerLeads, match="Stop it first"):
        folded_again(database, stopper=Beating())
    leader.release()
    with reading(database) as connection:
        assert dump(connection) == before
        assert checkpoints.load(connection, MIRROR) == fence


def test_a_leader_that_was_paused_finds_its_fence(database: Engine, tree: Tree) -> None:
    paused = followed(database, tree)
    caught_up(paused)
    folded_again(database)
    tree.grow([])

    with pytest.raises(FenceLost):
        paused.step()
    require_exact(database, MIRROR, tree)


def test_the_lead_is_kept_until_the_end_and_then_free(database: Engine, tree: Tree) -> None:
    other = claim_of(database, MIRROR, "other")
    found: list[bool] = []
    assert tree.tip.number

    def told(events: int) -> None:
        assert events
        found.append(other.take() is None)

    folded_again(database, told)

    assert len(found) > 3
    assert not any(found)
    try:
        # A server ends a session a moment after its client has gone.
        assert any(other.take() is None or Event().wait(0.05) for _ in range(200))
    finally:
        other.release()


def test_a_wish_to_stop_ends_it_between_two_steps(database: Engine, tree: Tree) -> None:
    stopper, pieces = Stopper(), list[int]()

    def told(events: int) -> None:
        pieces.append(events)
        if len(pieces) == 2:
            stopper.stop()

    with pytest.raises(RebuildBrokenOff, match=r"broken off after \d+ events"):
        folded_again(database, told, stopper=stopper)

    assert len(pieces) == 2
    assert folded_again(database) == events_of(database) - sum(pieces)
    require_exact(database, MIRROR, tree)


def test_no_step_is_longer_than_some_thousand_events(database: Engine, tree: Tree) -> None:
    """A death undoes one step, and a reader or the lead waits for no more than that."""
    commits: list[object] = []
    event.listen(database, "commit", commits.append)
    pieces: list[int] = []
    folded_again(database, pieces.append)

    assert max(pieces) < 15 + max(len(block.logs) for block in tree.tip.path())
    assert len(commits) > len(pieces) > 5


def test_a_ledger_that_cannot_be_folded_to_its_end_stays_shut(database: Engine, tree: Tree) -> None:
    assert tree.tip.number
    with writing(database) as connection:
        # The last seat moves without having been minted.
        last = select(func.max(events.c.block_number)).filter_by(event="SeatsMinted")
        block = connection.scalar(last)
        connection.execute(delete(events).filter_by(event="SeatsMinted", block_number=block))
    first, again = list[int](), list[int]()
    for told in (first, again):
        with pytest.raises(MirrorInconsistent, match="cannot be folded"):
            folded_again(database, told.append)

    assert first
    assert again == []
    with reading(database) as connection, pytest.raises(MirrorIncomplete):
        platform(connection, MIRROR)


def test_where_there_is_no_mirror_nothing_is_begun(database: Engine) -> None:
    with pytest.raises(MirrorMissing):
        folded_again(database)
