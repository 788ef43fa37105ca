"""PostgreSQL is told to look at what a history has filled, before it looks by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, text

from indexer.sync import backfilling
from indexer.sync.backfilling import Limits
from marketplace.storage.engines import open_engine
from marketplace.storage.errors import DatabaseUnreachableError
from marketplace.storage.transactions import reading
from tests.integration.indexer.market import Action
from tests.integration.indexer.oracle import require_exact
from tests.integration.indexer.simulating import CREATE, DEPLOY, MIRROR, caught_up, started
from tests.integration.indexer.tree import Tree, TreeNode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from tests.databases import Databases

LOOKED = text(
    "SELECT relname, reltuples FROM pg_class WHERE relname IN ('seat_states', 'blocks', 'mints')"
)

SLOW = "SET LOCAL statement_timeout = 1; SELECT pg_sleep(60)"
LOST = "SELECT pg_terminate_backend(pg_backend_pid())"


@pytest.fixture
def tree() -> Tree:
    tree = Tree(final_depth=6)
    tree.grow([DEPLOY, CREATE])
    for number in range(40):
        tree.grow([Action("mint", number)])
    return tree


@pytest.fixture
def postgres(postgres_databases: Databases) -> Iterator[Engine]:
    engine = open_engine(postgres_databases.create(migrated=True))
    yield engine
    engine.dispose()


def looking_comes_to(engine: Engine, fate: str) -> list[str]:
    """Have the server do something else when it is first told to look; gives what it was told."""
    told: list[str] = []

    def instead(*call: object) -> tuple[str, object]:
        _, _, statement, parameters, _, _ = call
        assert isinstance(statement, str)
        if told or not statement.startswith("ANALYZE"):
            return statement, parameters
        told.append(statement)
        return fate, parameters

    event.listen(engine, "before_cursor_execute", instead, retval=True)
    return told


def test_a_look_that_the_server_cancels_is_done_without(
    postgres: Engine, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backfilling, "LOOK_AFTER", 20)
    told = looking_comes_to(postgres, SLOW)

    caught_up(started(postgres, TreeNode(tree), limits=Limits(10, 10)))

    assert told
    require_exact(postgres, MIRROR, tree)


def test_a_connection_that_is_lost_while_it_looks_fails_the_pass(
    postgres: Engine, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backfilling, "LOOK_AFTER", 20)
    looking_comes_to(postgres, LOST)
    shell = started(postgres, TreeNode(tree), limits=Limits(10, 10))

    with pytest.raises(DatabaseUnreachableError):
        caught_up(shell)

    caught_up(shell)
    require_exact(postgres, MIRROR, tree)


@pytest.mark.parametrize(("after", "looked"), [(20, True), (10_000, False)])
def test_a_history_has_its_tables_looked_at(
    database: Engine, tree: Tree, monkeypatch: pytest.MonkeyPatch, after: int, *, looked: bool
) -> None:
    monkeypatch.setattr(backfilling, "LOOK_AFTER", after)

    caught_up(started(database, TreeNode(tree), limits=Limits(10, 10)))

    require_exact(database, MIRROR, tree)
    if database.dialect.name == "postgresql":
        with reading(database) as connection:
            known = {row.relname: row.reltuples for row in connection.execute(LOOKED)}
        # Of a table that was never looked at it says -1.
        assert {count > 0 for count in known.values()} == {looked}
