"""How a life ends: in some the chain breaks its promise, and the mirror must stop as it was.

Owns the two ends that no retry heals: a branch that leaves a block which was final, and a node that
began anew. Refuses a third: whatever else happened in a life, its mirror reaches the tip.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from indexer.rpc.errors import ChainDiffers
from indexer.store import checkpoints
from indexer.store.checkpoints import FenceLost
from indexer.store.tables import outbox
from indexer.sync.decision import FinalizedReplaced
from marketplace.storage.transactions import reading
from tests.integration.indexer.oracle import dump
from tests.integration.indexer.simulating import MIRROR
from tests.integration.indexer.tree import Tree

if TYPE_CHECKING:
    from tests.integration.indexer.oracle import Dump
    from tests.simulation.lives import Life
    from tests.simulation.serving import Served

_ELSEWHERE: Final = 10**6


def end_as_told(life: Life, served: Served) -> None:
    """Perhaps let the chain do what it must not; the mirror stops and holds what it held."""
    match life.dice.choice(["well", "below_final", "wiped_node"]):
        case "below_final":
            _leave_final(life, served)
        case "wiped_node":
            _begin_anew(life, served)
        case _:
            pass


def _leave_final(life: Life, served: Served) -> None:
    """A branch from one block below the last that is final, long enough to be seen."""
    with reading(life.judge.engine) as connection:
        found = checkpoints.load(connection, MIRROR)
    assert found is not None
    final = life.tree.blocks[found.finalized.hash]
    if final.parent is None:
        # The chain stayed so short that nothing but genesis is final.
        return
    with served.still:
        life.tree.finalized = parent = final.parent
        for _ in range(life.dice.choice([2, 3, 12])):
            parent = life.chain.grows(life.dice, life.faults, parent)
    _stops(life)
    life.faults.came("below_final")


def _begin_anew(life: Life, served: Served) -> None:
    """The node's folder was wiped: a chain of the same id with another genesis."""
    elsewhere = Tree(safe_depth=2, final_depth=4, salt=_ELSEWHERE)
    for _ in range(life.dice.choice([0, 1, 6, 120])):
        elsewhere.grow()
    with served.still:
        served.tree = elsewhere
    _stops(life)
    life.faults.came("wiped_node")


def _stops(life: Life) -> None:
    """A pass stops it, and so does the first one of whoever starts after it."""
    before = _held(life)
    for _ in range(2):
        with pytest.raises((FinalizedReplaced, ChainDiffers)):
            _looks(life)
        life.shell = life.starts()
    assert _held(life) == before, "a mirror that had to stop has changed"


def _looks(life: Life) -> None:
    try:
        life.shell.step()
    except FenceLost:
        # One that was taken over while it had nothing to do finds that out only now.
        life.shell = life.starts()
        life.shell.step()


def _held(life: Life) -> Dump:
    with reading(life.judge.engine) as connection:
        return dump(connection) | dump(connection, outbox)
