"""Transactions on real databases: what others see, who waits, and what a failure is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from indexer.store.tables import checkpoints
from marketplace.storage.engines import open_engine
from marketplace.storage.errors import DatabaseLockedError, DatabaseUnreachableError
from marketplace.storage.transactions import reading, writing
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.integration.rows import ROWS, fill

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import URL, Engine

    from tests.databases import Databases

HEADS = select(checkpoints.c.head_number)


def test_a_block_that_ends_is_kept(database: Engine) -> None:
    with writing(database) as connection:
        fill(connection, checkpoints)

    with reading(database) as connection:
        assert connection.scalars(HEADS).all() == [7]


def test_a_block_that_raises_leaves_nothing(database: Engine) -> None:
    def fail_half_way() -> None:
        with writing(database) as connection:
            fill(connection, checkpoints)
            raise LookupError

    with pytest.raises(LookupError):
        fail_half_way()

    with reading(database) as connection:
        assert connection.scalars(HEADS).all() == []


def test_table_definitions_roll_back_too(empty_database: Engine) -> None:
    def fail_half_way() -> None:
        with writing(empty_database) as connection:
            checkpoints.create(connection)
            raise LookupError

    with pytest.raises(LookupError):
        fail_half_way()

    with writing(empty_database) as connection:
        checkpoints.create(connection)


def test_a_reader_sees_one_moment_while_others_write(database: Engine) -> None:
    with writing(database) as connection:
        fill(connection, checkpoints)

    with reading(database) as reader:
        before = reader.scalars(HEADS).all()
        with writing(database) as writer:
            writer.execute(update(checkpoints).values(head_number=8))
        after = reader.scalars(HEADS).all()

    assert before == after == [7]
    with reading(database) as reader:
        assert reader.scalars(HEADS).all() == [8]


def test_a_reader_cannot_write(database: Engine) -> None:
    with pytest.raises(DBAPIError, match=r"read-?only"), reading(database) as connection:
        connection.execute(delete(checkpoints))


def test_a_connection_that_has_read_can_write_again(database: Engine) -> None:
    for _ in range(2):
        with reading(database) as connection:
            connection.scalars(HEADS).all()
    with writing(database) as connection:
        fill(connection, checkpoints)


def test_a_second_writer_that_waited_too_long_is_told_that_the_database_is_locked(
    database: Engine,
) -> None:
    impatient = open_engine(database.url, busy_timeout_ms=20)

    def write_too() -> None:
        with writing(impatient) as second:
            if second.dialect.name == "postgresql":
                second.execute(text("SET LOCAL lock_timeout = 20"))
                second.execute(text("LOCK TABLE checkpoints"))

    with writing(database) as first:
        fill(first, checkpoints)
        with pytest.raises(DatabaseLockedError, match="Stop the other writer"):
            write_too()

    with writing(impatient) as second:
        second.execute(update(checkpoints).values(head_number=8))
    impatient.dispose()


def test_a_writer_on_sqlite_locks_before_it_reads(tmp_path: Path) -> None:
    patient = open_engine(f"sqlite:///{tmp_path / 'one.sqlite'}")
    impatient = open_engine(patient.url, busy_timeout_ms=0)

    with writing(patient), pytest.raises(DatabaseLockedError), writing(impatient):
        pass

    patient.dispose()
    impatient.dispose()


def test_a_lost_server_is_unreachable(databases: Databases) -> None:
    url = databases.create(migrated=True)
    gone = missing(databases, url)
    engine = open_engine(gone)

    with pytest.raises(DatabaseUnreachableError, match="Check the address"), reading(engine):
        pass

    engine.dispose()
    databases.drop(url)


def test_a_connection_that_is_cut_is_unreachable_and_the_next_one_works(
    postgres_server: URL,
) -> None:
    engine = open_engine(postgres_server)
    other = open_engine(postgres_server)

    def be_cut_off() -> None:
        with writing(engine) as connection:
            victim = connection.scalar(text("SELECT pg_backend_pid()"))
            with writing(other) as killer:
                killer.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": victim})
            connection.execute(text("SELECT 1"))

    with pytest.raises(DatabaseUnreachableError):
        be_cut_off()

    with reading(engine) as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    engine.dispose()
    other.dispose()


def test_a_file_that_is_no_database_is_unreachable(tmp_path: Path) -> None:
    path = tmp_path / "letter.sqlite"
    path.write_text("Dear mentor, " * 100)
    engine = open_engine(f"sqlite:///{path}")

    with pytest.raises(DatabaseUnreachableError, match="not a database"), reading(engine):
        pass

    engine.dispose()


def test_sqlite_is_opened_to_survive_a_power_cut(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'one.sqlite'}", busy_timeout_ms=1234)

    with reading(engine) as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }

    full = 2
    assert settings == {
        "journal_mode": "wal",
        "synchronous": full,
        "foreign_keys": 1,
        "busy_timeout": 1234,
    }
    engine.dispose()


def test_the_driver_of_sqlite_begins_no_transaction_by_itself(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'one.sqlite'}")
    connection = engine.raw_connection()
    cursor = connection.cursor()

    cursor.execute("CREATE TABLE notes (x INTEGER)")
    cursor.execute("INSERT INTO notes VALUES (1)")

    assert connection.driver_connection is not None
    assert not connection.driver_connection.in_transaction
    connection.close()
    engine.dispose()


def test_an_error_of_the_work_itself_is_not_renamed(database: Engine) -> None:
    with pytest.raises(DBAPIError, match="no_such_table"), reading(database) as connection:
        connection.execute(text("SELECT 1 FROM no_such_table"))


def test_a_row_that_is_there_already_is_the_callers_affair(database: Engine) -> None:
    with writing(database) as connection:
        fill(connection, checkpoints)

    with pytest.raises(DBAPIError, match=r"(?i)unique"), writing(database) as connection:
        connection.execute(insert(checkpoints).values(**ROWS[checkpoints]))


def missing(databases: Databases, url: URL) -> URL:
    """Return an address beside a real one, where nothing is."""
    if isinstance(databases, SqliteDatabases):
        return url.set(database="/nonexistent/folder/seats.sqlite")
    assert isinstance(databases, PostgresDatabases)
    return url.update_query_dict({"host": "/nonexistent/folder"})
