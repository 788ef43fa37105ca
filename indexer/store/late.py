"""Indexes that only readers and rollbacks need, left out while a long history is read.

Owns dropping them and building them again. That they are missing is noted nowhere but in the
database itself: a process that dies in between leaves them missing, and whoever goes on builds what
it does not find before the mirror becomes `live`. Refuses to drop them where another mirror lives
in the same tables: its readers need them.

One may have begun there since. So PostgreSQL builds them beside whoever writes (CONCURRENTLY),
which is no transaction: one that is broken off leaves an index that is not valid, which counts as
missing and is thrown away first. It waits for every transaction that began before, of whomever.

Primary keys stay: they are what refuses a row that is there already, and how the writer finds the
last state of a thing.
"""

from __future__ import annotations

from contextlib import contextmanager
from time import sleep
from typing import TYPE_CHECKING, Final
from zlib import crc32

from sqlalchemy import func, inspect, select, text
from sqlalchemy.schema import CreateIndex

from indexer.store.fold_tables import FOLDED
from indexer.store.tables import checkpoints
from marketplace.storage.transactions import reading, translated, writing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine, Index

_LOOK_S: Final = 0.1
_KEY: Final = crc32(b"late indexes")
"""Of the lock of whoever builds: one that somebody builds is not valid either, and no rubbish."""
_VALID: Final = text("""
    SELECT relname FROM pg_index JOIN pg_class ON oid = indexrelid
    WHERE indrelid = to_regclass(:table) AND indisvalid
""")


def drop(connection: Connection) -> bool:
    """Drop the indexes, unless other mirrors live in the tables; says whether they are dropped.

    In the transaction of the mirror's first rows: an indexer that was fenced off drops nothing.
    """
    if connection.scalar(select(func.count()).select_from(checkpoints)) != 1:
        return False
    for index in _indexes():
        if index.name in _names(connection, index):
            index.drop(connection)
    return True


def missing(engine: Engine) -> tuple[Index, ...]:
    """The indexes that are not there, or of no use."""
    with reading(engine) as connection:
        return absent(connection)


def absent(connection: Connection) -> tuple[Index, ...]:
    """The same; one that is being built is not usable yet."""
    return tuple(one for one in _indexes() if not _is_usable(connection, one))


def build(engine: Engine, index: Index) -> None:
    """Build one index; none where it is there by now.

    On SQLite in a transaction of its own, which lets nobody else write; on PostgreSQL beside
    whoever writes.

    Raises:
        DatabaseLockedError: SQLite alone: others kept the lock too long.
        DatabaseUnreachableError: the connection is lost; the next to look builds it anew.
    """
    if engine.dialect.name == "postgresql":
        _build_beside(engine, index)
        return
    with writing(engine) as connection:
        if not _is_usable(connection, index):
            index.create(connection)


def _build_beside(engine: Engine, index: Index) -> None:
    with translated(engine), engine.connect() as session:
        session.execution_options(isolation_level="AUTOCOMMIT")
        with _alone(session):
            if _is_usable(session, index):
                return
            session.execute(text(f"DROP INDEX CONCURRENTLY IF EXISTS {index.name}"))
            creation = str(CreateIndex(index).compile(dialect=engine.dialect))
            session.execute(text(creation.replace("INDEX", "INDEX CONCURRENTLY", 1)))
            # Planned before the server looked at what was loaded, a question would scan it all.
            session.execute(text(f"ANALYZE {_table_of(index)}"))


@contextmanager
def _alone(session: Connection) -> Iterator[None]:
    # Asked for again and again: who waits for a lock in a statement is waited for by the building.
    while not session.scalar(select(func.pg_try_advisory_lock(_KEY))):
        sleep(_LOOK_S)
    try:
        yield
    finally:
        # A session that is lost has let it go.
        if not session.invalidated:
            session.execute(select(func.pg_advisory_unlock(_KEY)))


def _indexes() -> Iterator[Index]:
    for table in FOLDED:
        yield from sorted(table.indexes, key=lambda one: str(one.name))


def _is_usable(connection: Connection, index: Index) -> bool:
    if connection.dialect.name == "postgresql":
        return index.name in connection.scalars(_VALID, {"table": _table_of(index)}).all()
    return index.name in _names(connection, index)


def _names(connection: Connection, index: Index) -> set[str | None]:
    return {found["name"] for found in inspect(connection).get_indexes(_table_of(index))}


def _table_of(index: Index) -> str:
    return index.table.name  # type: ignore[union-attr] # an index of a table
