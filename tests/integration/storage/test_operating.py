"""What `docs/operating.md` has an operator do to a database that was restored."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select, text, update

from api.store.tables import METADATA, admissions, api_keys, join_tickets, sessions
from api.store.webhook_tables import webhook_endpoints
from marketplace.storage.transactions import reading, writing
from scripts.toolchain.project import REPOSITORY
from tests.integration.rows import ROWS, fill

if TYPE_CHECKING:
    from sqlalchemy import Engine

PAGE: Final = REPOSITORY.root / "docs" / "operating.md"
ENDED: Final = {
    sessions: "revoked_at",
    api_keys: "revoked_at",
    admissions: "ended_at",
    webhook_endpoints: "disabled_at",
}


def statements(kind: str) -> list[str]:
    """Those of a kind of database, in their order."""
    restoring = PAGE.read_text(encoding="utf-8").partition("## Restoring")[2].partition("\n## ")[0]
    blocks = re.findall(
        r"On (PostgreSQL|SQLite)[^\n]*:\n\n +```sql\n(.*?)```", restoring, re.DOTALL
    )
    (block,) = (told for name, told in blocks if name.lower() == kind)
    return [one.strip() for one in block.split(";") if one.strip()]


def test_nothing_that_had_ended_lives_in_a_restored_database(database: Engine) -> None:
    with writing(database) as connection:
        fill(connection, *(table for table in METADATA.sorted_tables if table in ROWS))
        connection.execute(update(webhook_endpoints).values(disabled_at=None, disabled_why=None))
        living = {
            table: connection.scalar(
                select(func.count()).select_from(table).where(table.c[ended].is_(None))
            )
            for table, ended in ENDED.items()
        }
        told = statements(database.dialect.name)
        for statement in told:
            connection.execute(text(statement))

    assert all(living.values()), "each has one that would live again"
    assert len(told) == len(ENDED) + 1
    with reading(database) as connection:
        assert connection.scalar(select(func.count()).select_from(join_tickets)) == 0
        for table, ended in ENDED.items():
            rows = connection.execute(select(table)).mappings().all()
            assert all(row[ended] is not None for row in rows), table.name
    assert told[:4] == [one for one in told if "webhook" not in one]
