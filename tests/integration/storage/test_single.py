"""Single questions on real databases: what they see, who waits, and what a failure is called."""

from __future__ import annotations

import sqlite3
from itertools import product
from typing import TYPE_CHECKING, Any, Final

import psycopg
import pytest
from sqlalchemy import Integer, bindparam, func, literal, select, text, update

from api.store.tables import sessions
from indexer.store.tables import checkpoints
from marketplace.storage.columns import BIG, Uint256
from marketplace.storage.direct import DIRECT, Direct
from marketplace.storage.errors import (
    DatabaseUnreachableError,
    TableMissingError,
    ValueRefusedError,
)
from marketplace.storage.single import rows_of
from marketplace.storage.transactions import reading, writing
from marketplace.storage.waiting import WouldWaitError, promptly
from tests.integration.rows import BUYER, ROWS, fill
from tests.integration.storage.opening import opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine, Select

HEAD: Final = select(checkpoints.c.head_number)
OF_ACCOUNT: Final = select(sessions).where(
    sessions.c.account == bindparam("account", type_=sessions.c.account.type)
)


def counted(most: int) -> Select[Any]:
    """A question that takes some steps for each number up to the most."""
    number = select(literal(1).label("number")).cte("number", recursive=True)
    following = select(number.c.number + 1).where(
        number.c.number < bindparam("most", most, type_=Integer())
    )
    return select(func.count()).select_from(number.union_all(following))


def direct_of(engine: Engine) -> Direct:
    found: Direct = engine.get_execution_options()[DIRECT]
    return found


@pytest.fixture
def filled(database: Engine) -> Engine:
    with writing(database) as connection:
        fill(connection, checkpoints, sessions)
    return database


@pytest.fixture
def single(filled: Engine) -> Iterator[Engine]:
    with opened(filled.url) as engine:
        yield engine


def test_an_answer_is_the_same_as_in_a_transaction(filled: Engine) -> None:
    with reading(filled) as connection:
        known = [tuple(row) for row in connection.execute(OF_ACCOUNT, {"account": BUYER})]

    for _ in range(3):
        assert rows_of(filled, OF_ACCOUNT, {"account": BUYER}) == known
    assert known[0][0] == ROWS[sessions]["token_hash"]


def test_each_question_is_of_the_moment_in_which_it_is_asked(filled: Engine) -> None:
    assert rows_of(filled, HEAD, {}) == [(7,)]
    with writing(filled) as connection:
        connection.execute(update(checkpoints).values(head_number=8))
        assert rows_of(filled, HEAD, {}) == [(7,)]
    assert rows_of(filled, HEAD, {}) == [(8,)]


def test_nothing_can_be_written_on_its_connections(filled: Engine) -> None:
    link = direct_of(filled).lend(filled)

    with pytest.raises((sqlite3.OperationalError, psycopg.errors.ReadOnlySqlTransaction)):
        link.cursor.execute("DELETE FROM sessions")
    direct_of(filled).drop(link)


def test_a_value_of_another_kind_is_refused(filled: Engine) -> None:
    with pytest.raises(ValueRefusedError):
        rows_of(filled, OF_ACCOUNT, {"account": BUYER.lower()})


def test_a_server_keeps_one_plan_whatever_the_size_of_the_numbers(filled: Engine) -> None:
    names = [f"number_{place}" for place in range(6)]
    told: list[Any] = [bindparam(name, type_=BIG).label(name) for name in names[:3]]
    said: Select[Any] = select(*told).where(
        *(bindparam(name, type_=Uint256) >= literal(1, Uint256) for name in names[3:])
    )
    for mix in product((1, 70_000, 2**40), repeat=6):
        assert rows_of(filled, said, dict(zip(names, mix, strict=True))) == [mix[:3]]
    if filled.dialect.name == "postgresql":
        link = direct_of(filled).lend(filled)
        kept = link.cursor.execute("SELECT count(*) FROM pg_prepared_statements").fetchone()
        direct_of(filled).take_back(link)
        assert kept == (1,)


def test_values_of_every_size_and_none_are_asked_alike(filled: Engine) -> None:
    said = select(bindparam("number", type_=BIG).label("number"))
    for _ in range(2):
        for number in (0, 1, -1, 40_000, 2**31, -(2**40), 2**63 - 1, None):
            assert rows_of(filled, said, {"number": number}) == [(number,)]


def test_what_a_statement_does_wrong_is_the_databases_own_error(filled: Engine) -> None:
    wrong = select(literal(1) // bindparam("by", type_=Integer()))
    if filled.dialect.name == "sqlite":
        return
    for _ in range(2):
        with pytest.raises(psycopg.errors.DivisionByZero):
            rows_of(filled, wrong, {"by": 0})
    # Neither the connection nor the place that it took is lost.
    assert rows_of(filled, wrong, {"by": 1})[0][0] == 1
    assert rows_of(filled, HEAD, {}) == [(7,)]


def test_a_table_that_is_missing_is_named(empty_database: Engine) -> None:
    with pytest.raises(TableMissingError, match="checkpoints"):
        rows_of(empty_database, HEAD, {})


def test_whoever_finds_no_connection_free_is_told_in_time(single: Engine) -> None:
    link = direct_of(single).lend(single)
    with pytest.raises(DatabaseUnreachableError, match="in use"):
        rows_of(single, HEAD, {})
    direct_of(single).take_back(link)

    assert rows_of(single, HEAD, {}) == [(7,)]


def test_a_failure_takes_no_connection_away_for_ever(single: Engine) -> None:
    for _ in range(3):
        link = direct_of(single).lend(single)
        direct_of(single).drop(link)
    with reading(single):
        # Opened by the pool, whose one connection is in use.
        for _ in range(3):
            with pytest.raises(DatabaseUnreachableError):
                rows_of(single, HEAD, {})

    assert rows_of(single, HEAD, {}) == [(7,)]


def test_a_server_that_was_away_meanwhile_is_asked_once_more(filled: Engine) -> None:
    links = [direct_of(filled).lend(filled) for _ in range(3)]
    for link in links:
        direct_of(filled).take_back(link)
    if filled.dialect.name == "postgresql":
        with writing(filled) as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )

    assert rows_of(filled, HEAD, {}) == [(7,)]


def test_an_engine_that_is_put_away_takes_its_connections_along(filled: Engine) -> None:
    rows_of(filled, HEAD, {})
    link = direct_of(filled).lend(filled)
    direct_of(filled).take_back(link)

    filled.dispose()

    with pytest.raises((sqlite3.ProgrammingError, psycopg.OperationalError)):
        link.connection.execute("SELECT 1")
    assert rows_of(filled, HEAD, {}) == [(7,)]


def test_who_must_not_wait_is_answered_by_a_file(filled: Engine) -> None:
    if filled.dialect.name != "sqlite":
        return
    with promptly():
        assert rows_of(filled, HEAD, {}) == [(7,)]


def test_who_must_not_wait_and_cannot_step_aside_asks_no_server(filled: Engine) -> None:
    if filled.dialect.name != "postgresql":
        return
    assert rows_of(filled, HEAD, {}) == [(7,)]
    with promptly(), pytest.raises(WouldWaitError):
        rows_of(filled, HEAD, {})


def test_who_must_not_wait_begins_no_transaction(filled: Engine) -> None:
    with promptly():
        for begun in (reading, writing):
            with pytest.raises(WouldWaitError), begun(filled):
                pass
    with reading(filled) as connection:
        assert connection.scalar(HEAD) == 7


def test_a_question_that_takes_too_many_steps_is_left_to_who_can_wait(filled: Engine) -> None:
    if filled.dialect.name != "sqlite":
        return
    with promptly():
        assert rows_of(filled, counted(100), {}) == [(100,)]
        with pytest.raises(WouldWaitError):
            rows_of(filled, counted(1_000_000), {})
        assert rows_of(filled, HEAD, {}) == [(7,)]
    assert rows_of(filled, counted(1_000_000), {}) == [(1_000_000,)]


def test_many_short_questions_are_no_long_one(filled: Engine) -> None:
    if filled.dialect.name != "sqlite":
        return
    short = counted(200)
    with promptly():
        for _ in range(500):
            assert rows_of(filled, short, {}) == [(200,)]


def test_who_must_not_wait_does_not_wait_for_a_lock(filled: Engine) -> None:
    if filled.dialect.name != "sqlite":
        return
    filled.dispose()
    holder = sqlite3.connect(str(filled.url.database), isolation_level=None)
    # In this mode a writer keeps readers out, as a recovery does in ours.
    holder.execute("PRAGMA journal_mode = DELETE")
    holder.execute("BEGIN EXCLUSIVE")
    with promptly(), pytest.raises(WouldWaitError):
        rows_of(filled, HEAD, {})
    holder.close()
    with promptly():
        assert rows_of(filled, HEAD, {}) == [(7,)]
        link = direct_of(filled).lend(filled)
        assert link.cursor.execute("PRAGMA busy_timeout").fetchone() == (0,)
        direct_of(filled).take_back(link)
