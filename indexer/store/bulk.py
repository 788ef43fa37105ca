"""Many rows at once, past SQLAlchemy's own types: executemany on SQLite, COPY on PostgreSQL.

Owns the statements that append thousands of rows and that ask for the last rows of thousands of
things. Refuses to begin or end a transaction: whoever gives the connection does.

Values are converted column by column and not row by row: the same work, without asking for each
value what it is.
"""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import chain, islice, repeat
from typing import TYPE_CHECKING, Any, Final

import psycopg
from sqlalchemy.exc import DBAPIError

from indexer.store.conversions import POSTGRES, array_kinds, asked, bound, escaped, heard

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Table

    from indexer.identity import MirrorId

_WRITTEN_AT_ONCE: Final = (2_000, 200, 20)
"""Rows in one statement on SQLite, which does not hold Python's lock while it runs one: as many as
there are rows for and variables allow, so that others come to run."""

_MOST_VARIABLES: Final = 32_766
"""Of one statement, as SQLite is built unless somebody says otherwise."""

_ASKED_AT_ONCE: Final = 500
"""Things in one question: SQLite bounds the variables of a statement."""


def append(
    connection: Connection, table: Table, mirror: MirrorId, columns: Sequence[Sequence[Any]]
) -> None:
    """Append rows of one mirror.

    Args:
        connection: In a transaction.
        table: Where to; its first two columns are the mirror's.
        mirror: Whose rows they are.
        columns: The values of all rows, one or more, column by column, without the first two
            columns.

    Raises:
        IntegrityError: a row is there already, or breaks a CHECK.
        ValueRefusedError: a value is not of its column's type.
    """
    dialect = connection.dialect.name
    turns = bound(table, dialect)[2:]
    given = [turn(column) for turn, column in zip(turns, columns, strict=True)]
    if dialect == POSTGRES:
        first = f"{mirror.chain_id}\t{escaped(mirror.contract_set)}"
        _copy(connection, table, "\n".join(map("\t".join, zip(repeat(first), *given))))
        return
    rows = zip(repeat(mirror.chain_id), repeat(mirror.contract_set), *given)
    left = len(columns[0])
    for most in _WRITTEN_AT_ONCE:
        size = min(most, _MOST_VARIABLES // len(table.columns))
        whole, left = divmod(left, size)
        for _ in range(whole):
            part = tuple(chain.from_iterable(islice(rows, size)))
            connection.exec_driver_sql(_insertion(table, size), part)
    if left:
        connection.exec_driver_sql(_insertion(table, 1), list(rows))


def last_rows(
    connection: Connection,
    table: Table,
    mirror: MirrorId,
    key: tuple[str, ...],
    things: Sequence[tuple[Any, ...]],
    names: tuple[str, ...],
    *,
    before: int | None = None,
) -> list[tuple[Any, ...]]:
    """The last row of each thing that has one, in no order: the values of some columns.

    Args:
        connection: In a transaction.
        table: Of states.
        mirror: Whose.
        key: The columns that name a thing, one or more.
        things: Each as the values of these columns.
        names: The columns that are read.
        before: Of rows of earlier blocks than that; None: of all.
    """
    dialect = connection.dialect.name
    turns = asked(table, key, dialect)
    given = [list(turn(each)) for turn, each in zip(turns, zip(*things), strict=True)]  # noqa: B905 - each thing has as many values as the key
    found: list[Any] = []
    bound_to = (mirror.chain_id, mirror.contract_set, *(() if before is None else (before,)))
    for start in range(0, len(things), _ASKED_AT_ONCE):
        part = [each[start : start + _ASKED_AT_ONCE] for each in given]
        bounded = before is not None
        statement = _question(table, key, names, len(part[0]), dialect, bounded=bounded)
        wanted = part if dialect == POSTGRES else chain.from_iterable(zip(*part, strict=True))
        found += connection.exec_driver_sql(statement, (*wanted, *bound_to)).all()
    if not found:
        return []
    values = zip(*found, strict=True)
    read = [turn(each) for turn, each in zip(heard(table, names), values, strict=True)]
    return list(zip(*read, strict=True))


def _copy(connection: Connection, table: Table, text: str) -> None:
    if not text:
        return
    statement = f"COPY {table.name} ({_names(table)}) FROM STDIN"
    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write(text)
    except psycopg.Error as error:
        if driver.closed:
            connection.invalidate(error)
        # As SQLAlchemy says it of every other statement; the rows are not told.
        raise DBAPIError.instance(
            statement, None, error, psycopg.Error, hide_parameters=True, dialect=connection.dialect
        ) from error


def _names(table: Table) -> str:
    return ", ".join(column.name for column in table.columns)


@cache
def _insertion(table: Table, count: int) -> str:
    marks = f"({', '.join('?' * len(table.columns))})"
    return f"INSERT INTO {table.name} ({_names(table)}) VALUES {', '.join([marks] * count)}"  # noqa: S608 - names of ours


@lru_cache(maxsize=1_024)
def _question(
    table: Table,
    key: tuple[str, ...],
    names: tuple[str, ...],
    count: int,
    dialect: str,
    *,
    bounded: bool,
) -> str:
    """The statement that asks for the last rows of so many things, if so before some block."""
    place = ("block_number", "log_index")
    last = ", ".join(f"{c.name} DESC" for c in table.primary_key.columns if c.name in place)
    same = " AND ".join(f"one.{name} = wanted.{name}" for name in key)
    if bounded:
        same += f" AND one.block_number < {'%s' if dialect == POSTGRES else '?'}"
    if dialect == POSTGRES:
        arrays = ", ".join(f"%s::{kind}[]" for kind in array_kinds(table, key))
        return (
            f"SELECT found.* FROM unnest({arrays}) AS wanted ({', '.join(key)}) "  # noqa: S608 - names of ours
            f"CROSS JOIN LATERAL (SELECT {', '.join(names)} FROM {table.name} AS one "
            f"WHERE one.chain_id = %s AND one.contract_set = %s AND {same} "
            f"ORDER BY {last} LIMIT 1) AS found"
        )
    marks = ", ".join([f"({', '.join('?' * len(key))})"] * count)
    columns = ", ".join(f"found.{name}" for name in names)
    return (
        f"WITH wanted ({', '.join(key)}) AS (VALUES {marks}) "  # noqa: S608 - names of ours
        f"SELECT {columns} FROM wanted CROSS JOIN {table.name} AS found "
        f"ON found.rowid = (SELECT one.rowid FROM {table.name} AS one WHERE one.chain_id = ? "
        f"AND one.contract_set = ? AND {same} ORDER BY {last} LIMIT 1)"
    )
