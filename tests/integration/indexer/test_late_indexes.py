"""Indexes built late on PostgreSQL, where other mirrors live in the tables by now."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from indexer.store import late
from marketplace.storage.engines import open_engine
from marketplace.storage.errors import DatabaseUnreachableError
from marketplace.storage.transactions import reading, writing
from tests.integration.indexer.market import Action
from tests.integration.indexer.simulating import caught_up
from tests.integration.indexer.test_filling import mixed_tree
from tests.integration.indexer.test_sharing import (
    ONE,
    OTHER,
    PATIENCE_S,
    Holding,
    follower,
    head_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine

    from tests.databases import Databases

NAME = "seat_states_owner_idx"
BUILDING = "CREATE INDEX%"


@pytest.fixture
def engine(postgres_databases: Databases) -> Iterator[Engine]:
    engine = open_engine(postgres_databases.create(migrated=True))
    yield engine
    engine.dispose()
    postgres_databases.drop(engine.url)


def build(engine: Engine) -> None:
    (index,) = late.missing(engine)
    # Some tests end the session that builds it.
    with suppress(DatabaseUnreachableError):
        late.build(engine, index)


@contextmanager
def building(engine: Engine, builders: int = 1) -> Iterator[None]:
    """Build a missing index, while a mirror stays inside a commit; at the end it may go on."""
    tree, watcher = mixed_tree(12, seed=1), Holding()
    watcher.may_go.set()
    shell = follower(engine, ONE, tree, watcher)
    caught_up(shell)
    with writing(engine) as connection:
        connection.execute(text(f"DROP INDEX {NAME}"))
    watcher.may_go.clear()
    tree.grow([Action("mint", 1)])
    threads = [Thread(target=caught_up, args=(shell,))]
    threads += [Thread(target=build, args=(engine,)) for _ in range(builders)]
    threads[0].start()
    try:
        assert watcher.is_inside.wait(PATIENCE_S)
        for thread in threads[1:]:
            thread.start()
        until(lambda: sessions(engine) != [])
        yield
    finally:
        watcher.may_go.set()
        for thread in threads:
            thread.join(PATIENCE_S)
    assert not any(thread.is_alive() for thread in threads)


def sessions(engine: Engine) -> list[int]:
    """Those that wait for a lock, to build an index."""
    with reading(engine) as connection:
        found = connection.scalars(
            text(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                " AND query LIKE :building AND wait_event_type = 'Lock'"
            ),
            {"building": BUILDING},
        )
        return list(found)


def until(is_so: Callable[[], bool]) -> None:
    deadline = monotonic() + PATIENCE_S
    while not is_so():
        assert monotonic() < deadline


def found_in(engine: Engine) -> list[tuple[str, bool]]:
    """The index as the server has it, and whether it may be used."""
    with reading(engine) as connection:
        rows = connection.execute(
            text(
                "SELECT relname, indisvalid FROM pg_index JOIN pg_class ON oid = indexrelid"
                " WHERE relname LIKE 'seat_states_owner_idx%'"
            )
        )
        return [(name, valid) for name, valid in rows]


def test_another_mirrors_commit_goes_on_while_an_index_is_being_built(engine: Engine) -> None:
    tree = mixed_tree(12, seed=2)
    free = follower(engine, OTHER, tree)
    caught_up(free)
    with building(engine):
        tree.grow([Action("mint", 2), Action("sale", 3)])
        commits = Thread(target=caught_up, args=(free,), daemon=True)
        commits.start()
        # Before whoever is held gives up, and lets everybody go on.
        commits.join(PATIENCE_S / 2)
        assert not commits.is_alive()
        assert head_of(engine, OTHER) == tree.tip.number
        # It is not there yet, and whoever is inside is inside.
        assert [one.name for one in late.missing(engine)] == [NAME]
        assert sessions(engine)

    assert not late.missing(engine)
    assert found_in(engine) == [(NAME, True)]


def test_an_index_whose_building_was_broken_off_is_missing_and_built_anew(engine: Engine) -> None:
    with building(engine), reading(engine) as connection:
        for pid in sessions(engine):
            connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
    assert found_in(engine) == [(NAME, False)]
    assert [one.name for one in late.missing(engine)] == [NAME]

    build(engine)

    assert found_in(engine) == [(NAME, True)]
    assert not late.missing(engine)


def test_two_that_build_one_index_build_it_once(engine: Engine) -> None:
    with building(engine, builders=2):
        # The second one leaves alone what the first has begun.
        assert len(sessions(engine)) == 1

    assert found_in(engine) == [(NAME, True)]
