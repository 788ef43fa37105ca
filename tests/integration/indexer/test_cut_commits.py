"""A connection that is lost during COMMIT: whether it was done is found out, and gone on from."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest

from indexer.store.tables import outbox
from indexer.sync.loop import Pace, follow
from indexer.sync.shell import Limits, Outcome
from indexer.sync.steps import Step
from indexer.waking import Stopper
from marketplace.storage.engines import open_engine
from marketplace.storage.errors import DatabaseUnreachableError
from marketplace.storage.transactions import reading
from tests.integration.indexer.cutting import door_before
from tests.integration.indexer.oracle import dump, require_exact
from tests.integration.indexer.simulating import CREATE, DEPLOY, MIRROR, Mortal, actions, started
from tests.integration.indexer.tree import Tree, TreeNode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.databases import Databases
    from tests.integration.indexer.cutting import Cut, Door
    from tests.integration.indexer.oracle import Dump

PACE = Pace(poll_s=0.01, first_s=0.001, most_s=0.01, database_patience_s=5)


class Witness(Mortal):
    """Has every second commit of the mirror cut; stops the loop once there is nothing to do."""

    def __init__(self, door: Door, cut: Cut | None) -> None:
        super().__init__()
        self.door, self.cut = door, cut
        self.stopper = Stopper()
        self.moves = 0
        self.errors: list[Exception] = []

    def reached(self, step: Step) -> None:
        super().reached(step)
        if step is Step.MOVED:
            self.moves += 1
            # What comes from here to the COMMIT is of the same transaction.
            self.door.cut = self.cut if self.moves % 2 else None

    def failed(self, error: Exception, failures: int, wait_s: float) -> None:
        assert failures >= 1
        assert wait_s > 0
        self.errors.append(error)

    def waiting(self, outcome: Outcome) -> None:
        assert outcome is Outcome.CAUGHT_UP
        self.stopper.stop()


@contextmanager
def followed(databases: Databases, cut: Cut | None) -> Iterator[tuple[Witness, Dump]]:
    """Backfill, blocks at the head, a rollback and the new branch, with commits cut on the way."""
    dice = Random(3)
    tree = Tree(final_depth=5)
    tree.grow([DEPLOY, CREATE])
    for _ in range(14):
        tree.grow(actions(dice))
    # Not pytest's own folder: the name of a socket must be short.
    with (
        tempfile.TemporaryDirectory(prefix="door-") as folder,
        door_before(databases.create(migrated=True), Path(folder)) as door,
    ):
        engine = open_engine(door.url)
        witness = Witness(door, cut)
        shell = started(engine, TreeNode(tree), witness, Limits(4, 3))
        follow(shell, witness.stopper, PACE, witness)
        require_exact(engine, MIRROR, tree)
        parent = tree.tip.path()[-3]
        for _ in range(3):
            parent = tree.grow(actions(dice), parent)
        witness.stopper = Stopper()
        follow(shell, witness.stopper, PACE, witness)
        require_exact(engine, MIRROR, tree)
        with reading(engine) as connection:
            yield witness, dump(connection) | dump(connection, outbox)
        engine.dispose()


@pytest.mark.parametrize("cut", ["before", "after"])
def test_a_commit_whose_outcome_is_unknown_is_found_out_and_gone_on_from(
    postgres_databases: Databases, cut: Cut
) -> None:
    with (
        followed(postgres_databases, None) as (undisturbed, wanted),
        followed(postgres_databases, cut) as (witness, found),
    ):
        assert undisturbed.errors == []
        assert found == wanted
        cuts = len(witness.errors)
        assert cuts >= undisturbed.moves // 2 >= 3
        assert {type(error) for error in witness.errors} == {DatabaseUnreachableError}
        assert undisturbed.rollbacks == 1
        # What was done is not done again; what was not done is.
        again = cuts if cut == "before" else 0
        assert witness.moves == undisturbed.moves + again
