"""What a database says about its own schema, as text that two databases can be compared by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from marketplace.storage.transactions import reading

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from marketplace.storage.migrations import History

_POSTGRES: Final = """
SELECT attrelid::regclass || '.' || attname || ' ' || format_type(atttypid, atttypmod)
       || CASE WHEN attnotnull THEN ' NOT NULL' ELSE '' END
       || coalesce(' COLLATE ' || (SELECT collname FROM pg_collation WHERE oid = attcollation), '')
       || coalesce(' DEFAULT ' || pg_get_expr(adbin, adrelid), '')
  FROM pg_attribute
  JOIN pg_class ON pg_class.oid = attrelid AND relkind = 'r'
  LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
 WHERE relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped
 UNION ALL
SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace
 UNION ALL
SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
"""


def schema(engine: Engine) -> set[str]:
    """Return every table, column, constraint and index; version tables are left out."""
    sqlite = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL"
    with reading(engine) as connection:
        rows = connection.scalars(text(sqlite if engine.dialect.name == "sqlite" else _POSTGRES))
        return {row for row in map(str, rows) if "_version" not in row}


def differences(engine: Engine, history: History) -> list[object]:
    """Return what Alembic would change to reach the history's tables, types included."""
    with reading(engine) as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": history.version_table, "compare_type": True}
        )
        return list(compare_metadata(context, history.metadata))
