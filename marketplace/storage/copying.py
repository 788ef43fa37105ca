"""Copying a table's rows in a step of a history, in parts that are told.

Owns the parts: rows by the place where the database keeps them, so that each is read once. Refuses
a table that is partitioned: its parts have places of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa
from alembic import op

from marketplace.storage.environment import watcher

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

ROWS_AT_ONCE: Final = 50_000
"""Of a SQLite table in one part, as they are numbered."""

PAGES_AT_ONCE: Final = 1_000
"""Of a PostgreSQL table in one part; a page holds 8 KiB."""


def copy_rows(source: str, target: str, *, columns: str = "", selected: str = "*") -> None:
    """Append all rows of a table to another one, in the transaction of the step.

    Args:
        source: From there; a table, not a partitioned one.
        target: To there; whoever watches is told of it.
        columns: Of the target, in SQL; all of them when left out.
        selected: A value for each of them, in SQL.
    """
    connection = op.get_bind()
    into = f"{target} ({columns})" if columns else target
    of = int(connection.scalar(sa.text(f"SELECT count(*) FROM {source}")) or 0)  # noqa: S608 - names of ours
    done = 0
    for part in _parts(connection, source) if of else ():
        rows = connection.execute(
            sa.text(f"INSERT INTO {into} SELECT {selected} FROM {source} WHERE {part}")  # noqa: S608 - as above
        ).rowcount
        done += rows
        if rows:
            watcher().copied(target, rows, done, of)


def _parts(connection: Connection, source: str) -> Iterator[str]:
    """Conditions of which each row of the table fulfils exactly one."""
    if connection.dialect.name == "postgresql":
        pages = connection.scalar(
            sa.text(
                f"SELECT pg_relation_size(CAST('{source}' AS regclass)) "
                "/ CAST(current_setting('block_size') AS bigint)"
            )
        )
        for first in range(0, int(pages or 0), PAGES_AT_ONCE):
            end = first + PAGES_AT_ONCE
            yield f"ctid >= '({first},0)' AND ctid < '({end},0)'"
        return
    lowest, highest = connection.execute(
        sa.text(f"SELECT min(rowid), max(rowid) FROM {source}")  # noqa: S608 - as above
    ).one()
    for first in range(lowest, highest + 1, ROWS_AT_ONCE):
        yield f"rowid >= {first} AND rowid < {first + ROWS_AT_ONCE}"
