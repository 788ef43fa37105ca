"""A disk that fills up while the chain is mirrored: no half batch, and on from there."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from marketplace.storage.engines import open_engine
from marketplace.storage.errors import DatabaseFullError
from tests.databases import SqliteDatabases
from tests.integration.indexer.oracle import require_exact
from tests.integration.indexer.simulating import CREATE, DEPLOY, MIRROR, actions, caught_up, started
from tests.integration.indexer.tree import Tree, TreeNode

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.engine.interfaces import DBAPIConnection

MORE_PAGES = 40


def test_a_mirror_goes_on_where_it_was_once_there_is_room(tmp_path: Path) -> None:
    dice = Random(11)
    tree = Tree(final_depth=6)
    tree.grow([DEPLOY, CREATE])
    caught: list[int] = []
    engine = open_engine(SqliteDatabases(tmp_path).create(migrated=True))
    caught_up(started(engine, TreeNode(tree)))
    full = True

    def bound(connection: DBAPIConnection, _: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()
        assert pages is not None
        allowed = pages[0] + MORE_PAGES if full else 1_000_000
        cursor.execute(f"PRAGMA max_page_count = {allowed}")
        caught.append(allowed)

    engine.dispose()
    event.listen(engine, "connect", bound)
    for _ in range(200):
        tree.grow(actions(dice, 8))
    shell = started(engine, TreeNode(tree))
    with pytest.raises(DatabaseFullError, match="Make room"):
        caught_up(shell)
    require_exact(engine, MIRROR, tree)

    full = False
    engine.dispose()
    caught_up(shell)

    require_exact(engine, MIRROR, tree)
    assert len(caught) > 1
    engine.dispose()
