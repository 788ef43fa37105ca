"""Whatever a node says of a range that is too large, the next one is half as large."""

from __future__ import annotations

from contextlib import closing
from random import Random
from typing import TYPE_CHECKING

import pytest

from indexer.queries import mirror_status
from indexer.rpc.errors import NodeRefused
from indexer.rpc.node import RpcNode
from indexer.sync.shell import Limits
from marketplace.storage.transactions import reading
from tests.integration.indexer.simulating import CREATE, DEPLOY, MIRROR, started
from tests.integration.indexer.tree import Tree
from tests.simulation import answering
from tests.simulation.answering import REFUSALS
from tests.simulation.faults import Faults
from tests.simulation.serving import serving

if TYPE_CHECKING:
    from sqlalchemy import Engine


def test_there_are_twenty_messages_of_providers_and_one_that_nobody_knows() -> None:
    assert len({said for _, said in REFUSALS}) == 21


@pytest.mark.parametrize("refusal", REFUSALS, ids=[said[:50] for _, said in REFUSALS])
def test_a_range_that_is_refused_is_asked_for_by_halves(
    mirror_engine: Engine, monkeypatch: pytest.MonkeyPatch, refusal: tuple[int, str]
) -> None:
    tree, faults = Tree(), Faults(Random(1), calm=True)
    tree.grow([DEPLOY, CREATE])
    for _ in range(80):
        tree.grow()
    monkeypatch.setattr(answering, "REFUSALS", (refusal,))
    with (
        serving(tree, faults) as served,
        closing(RpcNode.at(served.url, timeout_s=20, batch_limit=100)) as node,
        closing(started(mirror_engine, node, limits=Limits(64, prefetch=False))) as shell,
    ):
        faults.occurs = lambda kind: kind == "refused_range"  # type: ignore[method-assign] # no dice
        with pytest.raises(NodeRefused) as refused:
            shell.step()
        assert (refused.value.rpc_code, refused.value.said) == refusal
        faults.occurs = lambda kind: not kind  # type: ignore[method-assign] # no dice
        shell.step()
        with reading(mirror_engine) as connection:
            assert mirror_status(connection, MIRROR).head.number == 32
