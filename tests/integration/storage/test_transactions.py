"""Transactions on real databases: what others see, who waits, and what a failure is called."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, event, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from indexer.store.tables import checkpoints
from marketplace.storage import engines
from marketplace.storage.engines import PoolBounds, open_engine
from marketplace.storage.errors import (
    DatabaseDamagedError,
    DatabaseFullError,
    DatabaseLockedError,
    DatabaseUnreachableError,
    StatementCancelledError,
    StorageError,
    TableMissingError,
)
from marketplace.storage.transactions import reading, writing
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.integration.rows import ROWS, fill
from tests.replica import replicated, wait_until_level

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import URL, Engine
    from sqlalchemy.engine.interfaces import DBAPIConnection

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


def test_who_finds_no_connection_free_is_told_so_in_time_and_can_come_again(
    database: Engine,
) -> None:
    small = open_engine(database.url, pool=PoolBounds(connections=1, wait_s=0.05))

    for transaction in (reading, writing):
        with (
            reading(small),
            pytest.raises(DatabaseUnreachableError, match="are in use"),
            transaction(small),
        ):
            pass

    with reading(small) as connection:
        assert connection.scalars(HEADS).all() == []
    small.dispose()


def test_of_two_who_wait_for_each_other_one_is_told_to_come_again(postgres_server: URL) -> None:
    engine = open_engine(postgres_server)
    met = Barrier(2)

    def lock(first: int, second: int) -> bool:
        try:
            with writing(engine) as connection:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": first})
                met.wait(timeout=30)
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": second})
        except DatabaseLockedError:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        came_through = list(threads.map(lock, (71, 72), (72, 71)))

    assert sorted(came_through) == [False, True]
    engine.dispose()


def test_who_is_cancelled_by_the_server_is_told_to_come_again(postgres_server: URL) -> None:
    engine = open_engine(postgres_server)

    with (
        pytest.raises(StatementCancelledError, match="statement timeout") as refusal,
        writing(engine) as connection,
    ):
        connection.execute(text("SET LOCAL statement_timeout = 1; SELECT pg_sleep(60)"))

    assert refusal.value.retry_helps
    engine.dispose()


def test_who_writes_by_an_old_view_is_told_to_come_again(postgres_server: URL) -> None:
    engine = open_engine(postgres_server)
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE old_view AS SELECT 1 AS x"))

    def come_second() -> None:
        with writing(engine) as second:
            second.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
            second.execute(text("SELECT x FROM old_view"))
            with writing(engine) as first:
                first.execute(text("UPDATE old_view SET x = 2"))
            second.execute(text("UPDATE old_view SET x = 3"))

    with pytest.raises(DatabaseLockedError):
        come_second()

    with writing(engine) as connection:
        assert connection.scalar(text("SELECT x FROM old_view")) == 2
        connection.execute(text("DROP TABLE old_view"))
    engine.dispose()


def test_a_full_disk_keeps_what_is_there_and_takes_more_when_there_is_room(
    tmp_path: Path,
) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'one.sqlite'}")
    pages = 20

    def bound(connection: DBAPIConnection, _: object) -> None:
        connection.cursor().execute(f"PRAGMA max_page_count = {pages}")

    event.listen(engine, "connect", bound)
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE notes (x BLOB)"))
        connection.execute(text("INSERT INTO notes VALUES (zeroblob(1000))"))

    with pytest.raises(DatabaseFullError, match="Make room"), writing(engine) as connection:
        connection.execute(text("INSERT INTO notes VALUES (zeroblob(1000000))"))

    pages = 1_000
    engine.dispose()
    with writing(engine) as connection:
        assert connection.scalar(text("SELECT count(*) FROM notes")) == 1
        connection.execute(text("INSERT INTO notes VALUES (zeroblob(1000000))"))
    engine.dispose()


def test_a_full_disk_of_a_server_is_named(postgres_server: URL) -> None:
    engine = open_engine(postgres_server)
    refused = "DO $$ BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = '53100'; END $$"

    with (
        pytest.raises(DatabaseFullError, match="no space left"),
        writing(engine) as connection,
    ):
        connection.execute(text(refused))

    engine.dispose()


def test_what_was_to_be_written_is_not_in_the_error(database: Engine) -> None:
    secret = "of-all-things-a-secret"  # noqa: S105 - it must not be told
    wrong = text("SELECT no_such_column FROM checkpoints WHERE contract_set = :value")
    with pytest.raises(DBAPIError) as refusal, reading(database) as connection:
        connection.execute(wrong, {"value": secret})

    assert secret not in str(refusal.value)


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


def test_a_file_that_is_no_database_is_not_asked_again(tmp_path: Path) -> None:
    path = tmp_path / "letter.sqlite"
    path.write_text("Dear mentor, " * 100)
    engine = open_engine(f"sqlite:///{path}")

    with pytest.raises(DatabaseDamagedError, match="not a database") as refusal, reading(engine):
        pass

    assert not refusal.value.retry_helps
    engine.dispose()


def test_a_file_that_was_damaged_is_to_be_restored(tmp_path: Path) -> None:
    path = tmp_path / "one.sqlite"
    engine = open_engine(f"sqlite:///{path}")
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE notes (x BLOB)"))
        connection.execute(text("INSERT INTO notes VALUES (zeroblob(100000))"))
    engine.dispose()
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 4096)

    with pytest.raises(DatabaseDamagedError, match="Restore it") as refusal, reading(engine) as one:
        one.execute(text("SELECT x FROM notes")).all()

    assert not refusal.value.retry_helps
    engine.dispose()


def test_a_file_that_takes_no_writes_any_more_is_unreachable(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'one.sqlite'}")

    def write() -> None:
        with writing(engine) as connection:
            # As SQLite answers where the file system was mounted anew, for reading alone.
            connection.execute(text("PRAGMA query_only = ON"))
            connection.execute(text("CREATE TABLE notes (x BLOB)"))

    with pytest.raises(DatabaseUnreachableError, match="readonly") as refusal:
        write()

    assert refusal.value.retry_helps
    engine.dispose()


def test_a_server_that_only_reads_is_left_for_the_one_that_comes_after_it(
    postgres_databases: Databases,
) -> None:
    url = postgres_databases.create(migrated=True)
    engine, primary = open_engine(url), open_engine(url)
    # As one that a fail-over led to: each session that begins meanwhile is of a standby.
    only_reads = f"ALTER DATABASE {url.database} SET default_transaction_read_only = "
    with writing(primary) as connection:
        connection.execute(text(f"{only_reads} on"))
    # Not by reading: after that a session asks for transactions that write.
    with writing(engine), writing(engine):
        pass

    with pytest.raises(DatabaseUnreachableError, match="read-only") as refusal:
        begin_mirror(engine)

    assert refusal.value.retry_helps
    with writing(primary) as connection:
        connection.execute(text(f"{only_reads} off"))
    begin_mirror(engine)
    with writing(engine) as one, writing(engine) as other:
        assert {one.scalar(HEADS), other.scalar(HEADS)} == {7}
        other.execute(delete(checkpoints))
    engine.dispose()
    primary.dispose()
    postgres_databases.drop(url)


def test_a_server_that_stands_by_is_unreachable_until_it_leads() -> None:
    with replicated() as both:
        primary, replica = both.open()
        with writing(primary) as connection:
            checkpoints.create(connection)
        wait_until_level(primary, replica)

        # By a session that is new, and by one that has read.
        for _ in range(2):
            with pytest.raises(DatabaseUnreachableError):
                begin_mirror(replica)
            with reading(replica) as reader:
                assert reader.scalars(HEADS).all() == []
        with reading(replica) as reader:
            assert reader.scalar(text("SELECT pg_promote()"))
        begin_mirror(replica)

        primary.dispose()
        replica.dispose()


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ("53200", DatabaseFullError),
        ("53300", DatabaseUnreachableError),
        ("53400", DatabaseFullError),
    ],
)
def test_a_server_that_has_not_enough_of_something_is_asked_again(
    postgres_server: URL, state: str, kind: type[StorageError]
) -> None:
    engine = open_engine(postgres_server)
    refused = f"DO $$ BEGIN RAISE EXCEPTION 'not enough' USING ERRCODE = '{state}'; END $$"

    for transaction in (reading, writing):
        with pytest.raises(kind, match="not enough") as refusal, transaction(engine) as connection:
            connection.execute(text(refused))
        assert refusal.value.retry_helps

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


def test_the_log_of_sqlite_is_cut_back_once_a_long_reader_has_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = 64 * 2**10
    monkeypatch.setattr(engines, "WAL_KEPT_BYTES", kept)
    engine, log = open_engine(f"sqlite:///{tmp_path / 'one.sqlite'}"), tmp_path / "one.sqlite-wal"
    with writing(engine) as connection:
        connection.exec_driver_sql("CREATE TABLE notes (x BLOB)")

    def write() -> None:
        with writing(engine) as connection:
            connection.exec_driver_sql("INSERT INTO notes VALUES (zeroblob(1000000))")

    with reading(engine) as reader:
        assert reader.exec_driver_sql("SELECT count(*) FROM notes").scalar() == 0
        for _ in range(10):
            write()
        assert log.stat().st_size > 10_000_000
        # It sees what was there when it began, however long it reads.
        assert reader.exec_driver_sql("SELECT count(*) FROM notes").scalar() == 0

    # The first commit brings what is in the log into the file, the second one begins it anew.
    write()
    with writing(engine) as connection:
        connection.exec_driver_sql("INSERT INTO notes VALUES (1)")
    assert log.stat().st_size == kept
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
    with pytest.raises(DBAPIError, match="no_such_column"), reading(database) as connection:
        connection.execute(text("SELECT no_such_column FROM checkpoints"))


def test_tables_that_nobody_has_created_yet_are_named(empty_database: Engine) -> None:
    with pytest.raises(TableMissingError, match="checkpoints"), reading(empty_database) as reader:
        reader.scalars(HEADS)


def test_a_row_that_is_there_already_is_the_callers_affair(database: Engine) -> None:
    with writing(database) as connection:
        fill(connection, checkpoints)

    with pytest.raises(DBAPIError, match=r"(?i)unique"), writing(database) as connection:
        connection.execute(insert(checkpoints).values(**ROWS[checkpoints]))


def begin_mirror(engine: Engine) -> None:
    with writing(engine) as connection:
        fill(connection, checkpoints)


def missing(databases: Databases, url: URL) -> URL:
    """Return an address beside a real one, where nothing is."""
    if isinstance(databases, SqliteDatabases):
        return url.set(database="/nonexistent/folder/seats.sqlite")
    assert isinstance(databases, PostgresDatabases)
    return url.update_query_dict({"host": "/nonexistent/folder"})
