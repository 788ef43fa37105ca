"""What another session holds fails a commit on either database, and no longer than it holds it."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from indexer.sync.shell import Outcome
from marketplace.storage.errors import DatabaseLockedError
from tests.integration.indexer.oracle import require_exact
from tests.integration.indexer.simulating import CREATE, DEPLOY, MIRROR, caught_up, started
from tests.integration.indexer.tree import Tree, TreeNode
from tests.simulation.database import Trouble
from tests.simulation.faults import Faults
from tests.simulation.running import lived

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from tests.simulation.lives import Life


def test_what_another_session_holds_fails_a_commit_and_no_longer(mirror_engine: Engine) -> None:
    tree = Tree()
    shell = started(mirror_engine, TreeNode(tree))
    caught_up(shell)
    trouble = Trouble(mirror_engine, Faults(Random(1), calm=True))
    tree.grow([DEPLOY, CREATE])
    with trouble.locked(), pytest.raises(DatabaseLockedError):
        shell.step()
    require_exact(mirror_engine, MIRROR, tree)
    assert shell.step() is Outcome.PROGRESSED
    require_exact(mirror_engine, MIRROR, tree)


def always_locked(life: Life) -> None:
    """The dice are loaded: in each pass somebody else holds what a commit must have."""
    asked = life.faults.occurs

    def occurs(kind: str) -> bool:
        if life.faults.calm or kind != "locked":
            return asked(kind)
        life.faults.came(kind)
        return True

    life.faults.occurs = occurs  # type: ignore[method-assign] # the fault


def test_a_life_meets_locks_on_either_database(mirror_engine: Engine) -> None:
    one = lived(mirror_engine, 1, mirror_engine.dialect.name, always_locked)
    assert not one.failure
    assert one.faults["locked"] > 10
