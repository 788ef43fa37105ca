"""From when the node named a head to when others can read it, through passes that fail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from indexer.metrics import Metrics
from indexer.rpc.errors import NodeSilent
from indexer.sync.steps import Step
from tests.integration.indexer.simulating import CREATE, DEPLOY, caught_up, started
from tests.integration.indexer.tree import Tree, TreeNode

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from indexer.sync.shell import Shell


class Halting(Metrics):
    """Metrics beside whom a pass may fail once it has seen the node."""

    def __init__(self) -> None:
        super().__init__()
        self.halts = False

    def reached(self, step: Step) -> None:
        if self.halts and step is Step.DECIDED:
            raise NodeSilent("gone")

    def observed(self) -> float | None:
        return self.registry.get_sample_value("seats_indexer_head_to_visible_seconds_count")


def seen_and_failed(shell: Shell, metrics: Halting) -> None:
    metrics.halts = True
    with pytest.raises(NodeSilent):
        shell.step()
    metrics.halts = False


def test_heads_whose_passes_failed_are_observed_and_those_that_were_replaced_are_not(
    database: Engine,
) -> None:
    tree, metrics = Tree(), Halting()
    tree.grow([DEPLOY])
    shell = started(database, TreeNode(tree), metrics)
    caught_up(shell)
    assert metrics.observed() == 1

    for _ in range(2):
        tree.grow()
        seen_and_failed(shell, metrics)
    tree.grow([CREATE])
    # Its pass, and one that finds nothing to do.
    caught_up(shell)
    assert metrics.observed() == 4

    fork = tree.tip
    tree.grow()
    seen_and_failed(shell, metrics)
    tree.grow((), fork)
    tree.grow()
    caught_up(shell)
    # Two blocks became visible, one of which was named; the one that was replaced never did.
    assert metrics.observed() == 5
    tree.grow((), fork)
    tree.grow()
    tree.grow()
    caught_up(shell)
    assert metrics.observed() == 6
