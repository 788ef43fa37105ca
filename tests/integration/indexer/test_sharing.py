"""Several chains and contract sets in one database: what one waits for when another commits."""

from __future__ import annotations

from threading import Event, Thread
from typing import TYPE_CHECKING, Final

import pytest

from indexer.identity import Contracts, MirrorId
from indexer.queries import mirror_status, seat
from indexer.store import checkpoints
from indexer.store import contracts as contract_rows
from indexer.sync.heartbeat import Heartbeat
from indexer.sync.hold import Hold
from indexer.sync.shell import Shell
from indexer.sync.steps import Step
from marketplace.domain.ids import SeatId
from marketplace.storage.engines import open_engine
from marketplace.storage.errors import DatabaseLockedError
from marketplace.storage.transactions import reading, writing
from tests.integration.indexer.market import SEATS, Action
from tests.integration.indexer.oracle import dump
from tests.integration.indexer.simulating import NOON, Mortal, caught_up
from tests.integration.indexer.test_filling import mixed_tree
from tests.integration.indexer.tree import CHAIN_ID, TreeNode

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from tests.integration.indexer.conftest import NewDatabase
    from tests.integration.indexer.oracle import Dump
    from tests.integration.indexer.tree import Tree

ONE: Final = MirrorId(CHAIN_ID, "one")
OTHER: Final = MirrorId(CHAIN_ID + 1, "other")
SIBLING: Final = MirrorId(CHAIN_ID, "sibling")
PATIENCE_S: Final = 30


class Holding(Mortal):
    """Stays inside its transaction until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.is_inside = Event()
        self.may_go = Event()

    def reached(self, step: Step) -> None:
        super().reached(step)
        if step is Step.TOLD and not self.may_go.is_set():
            self.is_inside.set()
            assert self.may_go.wait(PATIENCE_S)


def follower(engine: Engine, mirror: MirrorId, tree: Tree, watcher: Mortal | None = None) -> Shell:
    node, contracts = TreeNode(tree), Contracts((SEATS,), 1)
    with writing(engine) as connection:
        taken = checkpoints.take_over(connection, mirror)
        found = taken or checkpoints.begin(
            connection, mirror, node.identity().genesis, contracts.config_hash
        )
        contract_rows.register(connection, mirror, contracts, begun=taken is not None)
    hold = Hold(engine, mirror, found.fence)
    return Shell(hold, node, contracts, heartbeat=Heartbeat(lambda: NOON), watcher=watcher)


def rows_of(engine: Engine, mirror: MirrorId) -> Dump:
    with reading(engine) as connection:
        return {
            name: [
                row
                for row in rows
                if (row["chain_id"], row["contract_set"]) == (mirror.chain_id, mirror.contract_set)
            ]
            for name, rows in dump(connection).items()
        }


@pytest.mark.parametrize("other", [OTHER, SIBLING])
def test_a_mirror_commits_while_another_is_inside_its_transaction(
    database: Engine, other: MirrorId
) -> None:
    held_tree, free_tree = mixed_tree(12, seed=1), mixed_tree(12, seed=2)
    watcher = Holding()
    watcher.may_go.set()
    held = follower(database, ONE, held_tree, watcher)
    caught_up(held)
    impatient = open_engine(database.url, busy_timeout_ms=100)
    free = follower(impatient, other, free_tree)
    caught_up(free)

    watcher.may_go.clear()
    held_tree.grow([Action("mint", 1)])
    free_tree.grow([Action("mint", 2), Action("sale", 3)])
    thread = Thread(target=caught_up, args=(held,))
    thread.start()
    try:
        assert watcher.is_inside.wait(PATIENCE_S)
        if database.dialect.name == "postgresql":
            caught_up(free)
            assert head_of(impatient, other) == free_tree.tip.number
        else:
            # SQLite has one writer for a file: the other waits, and is told when it waited long.
            with pytest.raises(DatabaseLockedError):
                caught_up(free)
            assert head_of(impatient, other) == free_tree.tip.number - 1
        assert head_of(database, ONE) == held_tree.tip.number - 1
    finally:
        watcher.may_go.set()
        thread.join(PATIENCE_S)
    caught_up(free)
    assert head_of(database, ONE) == held_tree.tip.number
    assert head_of(database, other) == free_tree.tip.number
    impatient.dispose()


def test_mirrors_in_one_database_hold_what_each_would_hold_alone(
    new_database: NewDatabase,
) -> None:
    trees = {
        mirror: mixed_tree(15, seed=seed)
        for seed, mirror in enumerate((ONE, OTHER, SIBLING), start=1)
    }
    with new_database() as shared, new_database() as alone:
        shells = {mirror: follower(shared, mirror, tree) for mirror, tree in trees.items()}
        for number in range(30):
            for mirror, tree in trees.items():
                if number % 3 == 0:
                    tree.grow([Action("mint", number), Action("gift", number)])
                shells[mirror].step()
        parent = trees[OTHER].tip.path()[-4]
        for number in range(5):
            parent = trees[OTHER].grow([Action("mint", number)], parent)
        for shell in shells.values():
            caught_up(shell)
        caught_up(follower(alone, OTHER, trees[OTHER]))
        assert rows_of(shared, OTHER) == rows_of(alone, OTHER)
        with reading(shared) as connection:
            for mirror, tree in trees.items():
                for number, model in tree.tip.market.seats.items():
                    found = seat(connection, mirror, SeatId(number))
                    assert found is not None
                    assert found.owner == model.owner
            generations = [mirror_status(connection, mirror).generation for mirror in trees]
        assert generations == [0, 1, 0]


@pytest.mark.parametrize(
    "names",
    [
        # Both have one CRC-32.
        ("plumless", "buckeroo"),
        ("back\\slash", "back\\\\slash"),
        ("it's 100% :ours", "it''s \"100%%\" \\:ours\\"),
        ("line\none\ttab", "M\u00e4rz \U0001f3ab"),
    ],
)
def test_sets_keep_their_rows_apart_whatever_they_are_called(
    names: tuple[str, str], new_database: NewDatabase
) -> None:
    mirrors = [MirrorId(CHAIN_ID, name) for name in names]
    trees = [mixed_tree(15, seed=seed) for seed in range(len(names))]
    with new_database() as shared:
        for mirror, tree in zip(mirrors, trees, strict=True):
            caught_up(follower(shared, mirror, tree))
        for mirror, tree in zip(mirrors, trees, strict=True):
            with new_database() as alone:
                caught_up(follower(alone, mirror, tree))
                assert rows_of(shared, mirror) == rows_of(alone, mirror)


def head_of(engine: Engine, mirror: MirrorId) -> int:
    with reading(engine) as connection:
        return mirror_status(connection, mirror).head.number
