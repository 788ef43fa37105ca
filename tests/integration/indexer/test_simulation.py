"""Random lives of a chain and a mirror: after every commit the tables are the chain's."""

from __future__ import annotations

import os
from random import Random
from typing import TYPE_CHECKING

import pytest

from marketplace.bindings.interface import interface_of
from tests.integration.indexer.market import Action
from tests.integration.indexer.simulating import CREATE, DEPLOY, Life, actions
from tests.integration.indexer.tree import Tree

if TYPE_CHECKING:
    from sqlalchemy import Engine

SEEDS = range(int(os.environ.get("SEATS_SIMULATION_SEEDS", "4")))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_mirror_is_the_chain_after_every_commit(database: Engine, seed: int) -> None:
    life = Life(database, seed)
    print(f"seed {seed}")  # noqa: T201 - pytest shows it when the test fails

    life.run(turns=20)


def test_random_histories_tell_every_event_of_the_contract() -> None:
    """What no history tells is mirrored by no life above."""
    tree, dice = Tree(safe_depth=2, final_depth=4), Random(5)
    tree.grow([DEPLOY, CREATE, Action("offer", 0)])
    for _ in range(600):
        tree.grow(actions(dice))

    told = {log.topics[0] for block in tree.tip.path() for log in block.logs}
    names = {entry.digest: name for name, entry in interface_of("Seats").events.items()}
    assert {names[one] for one in told if one in names} == set(names.values())
