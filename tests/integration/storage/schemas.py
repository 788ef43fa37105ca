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

# A partition has what its table has; how many there are depends on the rows.
_POSTGRES: Final = """
SELECT attrelid::regclass || '.' || attname || ' ' || format_type(atttypid, atttypmod)
       || CASE WHEN attnotnull THEN ' NOT NULL' ELSE '' END
       || coalesce(' COLLATE ' || (SELECT collname FROM pg_collation WHERE oid = attcollation), '')
       || coalesce(' DEFAULT ' || pg_get_expr(adbin, adrelid), '')
  FROM pg_attribute
  JOIN pg_class ON pg_class.oid = attrelid AND relkind IN ('r', 'p') AND NOT relispartition
  LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
 WHERE relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped
 UNION ALL
SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conparentid = 0
   -- What may be null is said above; how a server names that depends on what was renamed.
   AND contype <> 'n'
   AND conrelid NOT IN (SELECT oid FROM pg_class WHERE relispartition)
 UNION ALL
SELECT pg_get_indexdef(oid) FROM pg_class
 WHERE relkind IN ('i', 'I') AND NOT relispartition
   AND relnamespace = 'public'::regnamespace
 UNION ALL
SELECT partrelid::regclass || ' ' || pg_get_partkeydef(partrelid) FROM pg_partitioned_table
"""

_PARTITIONS: Final = "SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r'"


def schema(engine: Engine) -> set[str]:
    """Return every table, column, constraint and index; version tables are left out."""
    sqlite = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL"
    with reading(engine) as connection:
        rows = connection.scalars(text(sqlite if engine.dialect.name == "sqlite" else _POSTGRES))
        return {row for row in map(str, rows) if "_version" not in row}


def differences(engine: Engine, history: History) -> list[object]:
    """Return what Alembic would change to reach the history's tables, types included."""
    with reading(engine) as connection:
        postgres = connection.dialect.name == "postgresql"
        parts = set(connection.scalars(text(_PARTITIONS)) if postgres else ())

        def is_compared(name: str | None, kind: str, _parents: object) -> bool:
            # How many partitions there are depends on the rows.
            return kind != "table" or name not in parts

        context = MigrationContext.configure(
            connection,
            opts={
                "version_table": history.version_table,
                "compare_type": True,
                "include_name": is_compared,
            },
        )
        return list(compare_metadata(context, history.metadata))
