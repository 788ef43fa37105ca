"""PostgreSQL is told to look at what a history has filled, before it looks by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from indexer.sync import backfilling
from indexer.sync.backfilling import Limits
from marketplace.storage.transactions import reading
from tests.integration.indexer.market import Action
from tests.integration.indexer.oracle import require_exact
from tests.integration.indexer.simulating import CREATE, DEPLOY, MIRROR, caught_up, started
from tests.integration.indexer.tree import Tree, TreeNode

if TYPE_CHECKING:
    from sqlalchemy import Engine

LOOKED = text(
    "SELECT relname, reltuples FROM pg_class WHERE relname IN ('seat_states', 'blocks', 'mints')"
)


@pytest.mark.parametrize(("after", "looked"), [(20, True), (10_000, False)])
def test_a_history_has_its_tables_looked_at(
    database: Engine, monkeypatch: pytest.MonkeyPatch, after: int, *, looked: bool
) -> None:
    monkeypatch.setattr(backfilling, "LOOK_AFTER", after)
    tree = Tree(final_depth=6)
    tree.grow([DEPLOY, CREATE])
    for number in range(40):
        tree.grow([Action("mint", number)])

    caught_up(started(database, TreeNode(tree), limits=Limits(10, 10)))

    require_exact(database, MIRROR, tree)
    if database.dialect.name == "postgresql":
        with reading(database) as connection:
            known = {row.relname: row.reltuples for row in connection.execute(LOOKED)}
        # Of a table that was never looked at it says -1.
        assert {count > 0 for count in known.values()} == {looked}
