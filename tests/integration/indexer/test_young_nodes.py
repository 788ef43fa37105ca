"""A node that reads its chain anew: what it lacks is no reason to end, where a mirror is begun."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from indexer.process import prepare
from indexer.rpc.errors import ContractMissing, ViewChanged
from indexer.rpc.values import View
from indexer.settings import IndexerSettings
from indexer.store import checkpoints
from marketplace.storage.transactions import reading
from tests.integration.indexer.market import SEATS
from tests.integration.indexer.simulating import CREATE, DEPLOY, MIRROR, NOON, caught_up, started
from tests.integration.indexer.tree import CHAIN_ID, Tree, TreeNode

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from marketplace.domain.addresses import ChecksumAddress


@dataclass
class Young(TreeNode):
    """Has read its chain up to a block, and nothing of the contract."""

    head: int = 0

    def view(self) -> View:
        block = self.tree.tip.path()[self.head]
        return View(block.header, None, self.tree.genesis.header.mark)

    def code(self, address: ChecksumAddress) -> bytes:
        assert address == SEATS
        return b""


def test_a_node_that_has_not_read_what_is_final_here_is_asked_again(database: Engine) -> None:
    tree = Tree(final_depth=6)
    tree.grow([DEPLOY, CREATE])
    for _ in range(20):
        tree.grow()
    caught_up(started(database, TreeNode(tree)))
    settings = IndexerSettings(
        database=SecretStr(database.url.render_as_string(hide_password=False)),
        node=SecretStr("http://127.0.0.1:1"),
        chain_id=CHAIN_ID,
        contract=SEATS,
        start_block=1,
    )

    with pytest.raises(ViewChanged, match="at block 3, and block 15 is final here"):
        prepare(database, Young(tree, 3), settings, lambda: NOON)
    with pytest.raises(ContractMissing):
        prepare(database, Young(tree, 20), settings, lambda: NOON)

    with reading(database) as connection:
        found = checkpoints.load(connection, MIRROR)
    assert found is not None
    assert found.fence == 1
    assert prepare(database, TreeNode(tree), settings, lambda: NOON).fence == 2
