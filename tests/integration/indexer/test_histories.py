"""That random histories leave nothing of the contract out."""

from __future__ import annotations

from random import Random

from marketplace.bindings.interface import interface_of
from tests.integration.indexer.market import Action
from tests.integration.indexer.simulating import CREATE, DEPLOY, actions
from tests.integration.indexer.tree import Tree


def test_random_histories_tell_every_event_of_the_contract() -> None:
    """What no history tells is mirrored by no life of the simulation."""
    tree, dice = Tree(safe_depth=2, final_depth=4), Random(5)
    tree.grow([DEPLOY, CREATE, Action("offer", 0)])
    for _ in range(600):
        tree.grow(actions(dice))

    told = {log.topics[0] for block in tree.tip.path() for log in block.logs}
    names = {entry.digest: name for name, entry in interface_of("Seats").events.items()}
    assert {names[one] for one in told if one in names} == set(names.values())
