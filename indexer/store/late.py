"""Indexes that only readers and rollbacks need, left out while a long history is read.

Owns dropping them and building them again. That they are missing is noted nowhere but in the
database itself: a process that dies in between leaves them missing, and whoever goes on builds what
it does not find before the mirror becomes `live`. Refuses to drop them where another mirror lives
in the same tables: its readers need them.

Primary keys stay: they are what refuses a row that is there already, and how the writer finds the
last state of a thing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, inspect, select, text

from indexer.store.fold_tables import FOLDED
from indexer.store.tables import checkpoints
from marketplace.storage.transactions import reading, writing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine, Index


def drop(connection: Connection) -> bool:
    """Drop the indexes, unless other mirrors live in the tables; says whether they are dropped.

    In the transaction of the mirror's first rows: an indexer that was fenced off drops nothing.
    """
    if connection.scalar(select(func.count()).select_from(checkpoints)) != 1:
        return False
    for index in _missing_or_there(connection, there=True):
        index.drop(connection)
    return True


def missing(engine: Engine) -> tuple[Index, ...]:
    """The indexes that are not there."""
    with reading(engine) as connection:
        return absent(connection)


def absent(connection: Connection) -> tuple[Index, ...]:
    """The same; one that is being built is not there yet."""
    return tuple(_missing_or_there(connection, there=False))


def build(engine: Engine, index: Index) -> None:
    """Build one index, in a transaction of its own; none where it is there by now."""
    with writing(engine) as connection:
        if index.name in _names(connection, index.table.name):  # type: ignore[union-attr] # an index of a table
            return
        index.create(connection)
        if connection.dialect.name == "postgresql":
            # Planned before the server looked at what was loaded, a question would scan it all.
            connection.execute(text(f"ANALYZE {index.table.name}"))  # type: ignore[union-attr] # as above


def _missing_or_there(connection: Connection, *, there: bool) -> Iterator[Index]:
    for table in FOLDED:
        if table.indexes:
            names = _names(connection, table.name)
            for index in sorted(table.indexes, key=lambda one: str(one.name)):
                if (index.name in names) is there:
                    yield index


def _names(connection: Connection, table: str) -> set[str | None]:
    return {found["name"] for found in inspect(connection).get_indexes(table)}
