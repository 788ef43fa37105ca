from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from indexer.audit.asking import PROVEN_AT_ONCE, ask
from indexer.identity import Contracts
from tests.integration.indexer.market import SEATS, Action
from tests.integration.indexer.simulating import CREATE, DEPLOY
from tests.integration.indexer.tree import Tree, TreeNode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.rpc.values import RawLog


@pytest.mark.parametrize("blocks", [1, PROVEN_AT_ONCE, 2 * PROVEN_AT_ONCE + 7])
def test_blocks_are_proven_some_at_a_time(blocks: int) -> None:
    asked: list[int] = []

    class Noting(TreeNode):
        def block_logs(self, hashes: Sequence[str]) -> tuple[tuple[RawLog, ...], ...]:
            asked.append(len(hashes))
            return super().block_logs(hashes)

    tree = Tree()
    tree.grow([DEPLOY, CREATE])
    for number in range(blocks - 1):
        tree.grow([Action("mint", number), Action("stranger", number)])
    wanted = range(1, blocks + 1)

    told = ask(Noting(tree), wanted, Contracts((SEATS,), 1), (), wanted)

    # Of whatever blocks hold, whoever wrote it, no more is in memory at once.
    assert max(asked) == min(blocks, PROVEN_AT_ONCE)
    assert sum(asked) == blocks
    ours = [log for block in tree.tip.path() for log in block.logs if log.address == SEATS]
    assert list(told.logs) == ours
