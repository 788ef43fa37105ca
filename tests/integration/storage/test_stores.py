"""The histories of both stores, up and down, with rows in their tables."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Column, Engine, MetaData, Table, insert, inspect, select, text

from api.store.history import API
from api.store.request_tables import rate_buckets
from api.store.tables import (
    api_key_drops,
    api_keys,
    sessions,
    sign_in_nonces,
    wallet_proofs,
)
from indexer.store.history import MIRROR
from indexer.store.tables import blocks, checkpoints, events, leases
from marketplace.storage.engines import open_engine
from marketplace.storage.errors import (
    StoreForeignError,
    StoreMissingError,
    StoreOutdatedError,
    StoreTooNewError,
)
from marketplace.storage.transactions import reading, writing
from tests.integration.rows import ROWS, fill, word
from tests.integration.storage.schemas import differences, schema

if TYPE_CHECKING:
    from multiprocessing.synchronize import Barrier
    from pathlib import Path

    from marketplace.storage.migrations import History
    from tests.databases import Databases

HISTORIES = (MIRROR, API)
FIRST_STEP: dict[str, tuple[Table, ...]] = {
    "mirror": (checkpoints, blocks, events),
    "api": (sign_in_nonces, sessions),
}
LAST_STEP: dict[str, Table] = {"mirror": leases, "api": rate_buckets}
NEWEST: dict[str, str] = {"mirror": "mirror_0016", "api": "api_0026"}

each_history = pytest.mark.parametrize("history", HISTORIES, ids=lambda history: history.store)


@each_history
def test_the_last_step_ends_in_the_tables_of_the_program(
    databases: Databases, empty_database: Engine, history: History
) -> None:
    declared = open_engine(databases.create(migrated=False))
    with writing(declared) as connection:
        history.metadata.create_all(connection)

    history.upgrade(empty_database)

    assert schema(empty_database) == schema(declared)
    assert differences(empty_database, history) == []
    declared.dispose()
    databases.drop(declared.url)


@each_history
def test_before_the_last_step_the_comparison_sees_what_is_missing(
    empty_database: Engine, history: History
) -> None:
    history.upgrade(empty_database, f"{history.store}_0001")

    assert differences(empty_database, history) != []


@each_history
def test_every_table_on_sqlite_refuses_values_of_another_type(
    tmp_path: Path, history: History
) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'one.sqlite'}")
    history.upgrade(engine)

    with reading(engine) as connection:
        strict = connection.execute(text("SELECT name FROM pragma_table_list WHERE strict = 1"))
        assert set(strict.scalars()) == set(history.metadata.tables)
    engine.dispose()


@each_history
def test_rows_survive_a_step_up_and_a_step_down(empty_database: Engine, history: History) -> None:
    first = FIRST_STEP[history.store]
    history.upgrade(empty_database, f"{history.store}_0001")
    with writing(empty_database) as connection:
        fill(connection, *first)

    history.upgrade(empty_database)
    with writing(empty_database) as connection:
        fill(connection, LAST_STEP[history.store])
    assert rows(empty_database, *first) == [dict(ROWS[table]) for table in first]

    history.downgrade(empty_database, f"{history.store}_0001")
    assert history.current(empty_database) == f"{history.store}_0001"
    assert rows(empty_database, *first) == [dict(ROWS[table]) for table in first]

    history.upgrade(empty_database)
    assert rows(empty_database, *first) == [dict(ROWS[table]) for table in first]
    assert rows(empty_database, LAST_STEP[history.store]) == []


def test_keys_of_before_get_their_id_as_name_and_no_limits(empty_database: Engine) -> None:
    API.upgrade(empty_database, "api_0006")
    kept = {
        name: value for name, value in ROWS[api_keys].items() if name not in {"name", "limited"}
    }
    before = Table("api_keys", MetaData(), *(Column(name, api_keys.c[name].type) for name in kept))
    with writing(empty_database) as connection:
        connection.execute(insert(before).values(**kept))

    API.upgrade(empty_database)

    assert rows(empty_database, api_keys) == [kept | {"name": "key_0001", "limited": 0}]
    API.downgrade(empty_database, "api_0006")
    assert rows(empty_database, before) == [kept]


def test_what_nothing_would_hold_any_more_ends_on_the_way_down(empty_database: Engine) -> None:
    API.upgrade(empty_database)
    limited, proved = ROWS[api_keys], {**ROWS[sessions], "token_hash": word(201)}
    with writing(empty_database) as connection:
        fill(connection, sessions, wallet_proofs, api_keys, api_key_drops)
        connection.execute(insert(sessions).values(**proved))
    assert limited["limited"] == 1

    API.downgrade(empty_database, "api_0006")

    with reading(empty_database) as connection:
        assert list(connection.scalars(select(sessions.c.token_hash))) == [word(201)]
        assert list(connection.scalars(select(api_keys.c.id))) == []


@each_history
def test_the_way_down_to_base_leaves_nothing(empty_database: Engine, history: History) -> None:
    history.upgrade(empty_database)
    with writing(empty_database) as connection:
        fill(connection, *FIRST_STEP[history.store], LAST_STEP[history.store])

    history.downgrade(empty_database, "base")

    assert history.current(empty_database) is None
    assert schema(empty_database) == set()


@pytest.mark.parametrize(("one", "other"), [(MIRROR, API), (API, MIRROR)])
def test_taking_one_history_down_does_not_touch_the_other(
    database: Engine, one: History, other: History
) -> None:
    with writing(database) as connection:
        fill(connection)

    one.downgrade(database, "base")

    other.require_current(database)
    kept = (*FIRST_STEP[other.store], LAST_STEP[other.store])
    assert rows(database, *kept) == [dict(ROWS[table]) for table in kept]
    assert one.current(database) is None


def test_the_histories_share_no_table_and_no_version() -> None:
    assert not set(MIRROR.metadata.tables) & set(API.metadata.tables)
    assert MIRROR.version_table != API.version_table


@each_history
def test_an_upgrade_at_the_end_changes_nothing(database: Engine, history: History) -> None:
    before = schema(database)

    history.upgrade(database)

    assert schema(database) == before
    assert history.current(database) == history.newest == NEWEST[history.store]


@each_history
def test_processes_that_upgrade_at_the_same_moment_all_succeed(
    empty_database: Engine, history: History
) -> None:
    context = get_context("spawn")
    start = context.Barrier(3)
    address = empty_database.url.render_as_string(hide_password=False)
    processes = [
        context.Process(target=upgrade_when_all_are_ready, args=(start, history.store, address))
        for _ in range(start.parties)
    ]

    for process in processes:
        process.start()
    for process in processes:
        process.join()

    assert [process.exitcode for process in processes] == [0, 0, 0]
    history.require_current(empty_database)


@each_history
def test_threads_that_upgrade_different_databases_do_not_meet(
    tmp_path: Path, history: History
) -> None:
    engines = [open_engine(f"sqlite:///{tmp_path / str(number)}.sqlite") for number in range(8)]

    with ThreadPoolExecutor(len(engines)) as threads:
        list(threads.map(history.upgrade, engines))

    for engine in engines:
        history.require_current(engine)
        engine.dispose()


@each_history
def test_a_current_store_is_accepted(database: Engine, history: History) -> None:
    history.require_current(database)


@each_history
def test_an_empty_database_is_missing_the_store(empty_database: Engine, history: History) -> None:
    with pytest.raises(StoreMissingError, match=r"Create them with `python -m \w+ upgrade`"):
        history.require_current(empty_database)


@each_history
def test_an_older_store_has_to_be_upgraded(empty_database: Engine, history: History) -> None:
    history.upgrade(empty_database, f"{history.store}_0001")

    with pytest.raises(StoreOutdatedError, match=rf"{history.store}_0001, older .* back it up"):
        history.require_current(empty_database)


@each_history
@pytest.mark.parametrize("action", ["require_current", "upgrade"])
def test_a_newer_store_is_left_alone(database: Engine, history: History, action: str) -> None:
    set_version(database, history, f"{history.store}_0099")

    with pytest.raises(StoreTooNewError, match="Run the program that wrote it") as refusal:
        getattr(history, action)(database)

    assert refusal.value.found == f"{history.store}_0099"
    assert refusal.value.newest == history.newest


@each_history
@pytest.mark.parametrize("action", ["require_current", "upgrade"])
@pytest.mark.parametrize("version", ["ae1027a6acf", "stranger_0001"])
def test_another_programs_version_is_foreign(
    database: Engine, history: History, action: str, version: str
) -> None:
    set_version(database, history, version)

    with pytest.raises(StoreForeignError, match=f"its version {version} is none of ours"):
        getattr(history, action)(database)


@each_history
def test_two_versions_at_once_are_foreign(database: Engine, history: History) -> None:
    with writing(database) as connection:
        connection.execute(text(f"INSERT INTO {history.version_table} VALUES ('zzz')"))  # noqa: S608 - a constant of ours

    with pytest.raises(StoreForeignError, match="more than one version"):
        history.require_current(database)


@each_history
@pytest.mark.parametrize("action", ["require_current", "upgrade"])
def test_a_table_of_the_same_name_without_a_version_is_foreign(
    empty_database: Engine, history: History, action: str
) -> None:
    table = LAST_STEP[history.store].name
    with writing(empty_database) as connection:
        connection.execute(text(f"CREATE TABLE {table} (x INTEGER)"))

    with pytest.raises(StoreForeignError, match=f"tables named {table} without a version"):
        getattr(history, action)(empty_database)

    with reading(empty_database) as connection:
        assert inspect(connection).get_table_names() == [table]


@each_history
def test_a_store_that_lost_a_table_is_refused(database: Engine, history: History) -> None:
    table = LAST_STEP[history.store]
    with writing(database) as connection:
        table.drop(connection)

    with pytest.raises(StoreForeignError, match=f"it lacks {table.name}"):
        history.require_current(database)


def upgrade_when_all_are_ready(start: Barrier, store: str, address: str) -> None:
    # On a full machine all steps take longer than a writer waits that has nothing else said to it.
    engine = open_engine(address, busy_timeout_ms=60_000)
    start.wait(timeout=60)
    {history.store: history for history in HISTORIES}[store].upgrade(engine)
    engine.dispose()


def rows(engine: Engine, *tables: Table) -> list[dict[str, object]]:
    with reading(engine) as connection:
        return [
            {str(name): value for name, value in row.items()}
            for table in tables
            for row in connection.execute(select(table)).mappings()
        ]


def set_version(engine: Engine, history: History, version: str) -> None:
    with writing(engine) as connection:
        connection.execute(
            text(f"UPDATE {history.version_table} SET version_num = :version"),  # noqa: S608 - a constant of ours
            {"version": version},
        )
