"""How a database answers: the plans of single questions, instead of their answers, and of others.

Refuses assertions: what a plan may hold is the test's to say.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import psycopg
from sqlalchemy import event

from indexer.queries import MirrorMissing
from marketplace.storage.transactions import reading

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
    from sqlalchemy import Engine


def plan_of(monkeypatch: pytest.MonkeyPatch, ask: Callable[[], object]) -> list[str]:
    """The lines of the plans of all single questions that are asked; none has an answer."""
    told: list[str] = []

    def explained(question: Any, link: Any, bound: list[object]) -> list[tuple[Any, ...]]:  # noqa: ANN401 - as the class has it
        if link.asking is None:
            rows = link.cursor.execute(f"EXPLAIN QUERY PLAN {question.text}", bound).fetchall()
        else:
            # Of a table as small as a test's, reading all of it is the quickest way.
            link.connection.execute("SET enable_seqscan = off")
            rows = psycopg.RawCursor(link.connection).execute(f"EXPLAIN {question.text}", bound)
        told.extend(str(row[-1]) for row in rows)
        return []

    with monkeypatch.context() as patched, suppress(MirrorMissing):
        patched.setattr("marketplace.storage.single._Question.fetched", explained)
        ask()
    return told


def plans_of(engine: Engine, ask: Callable[[], object]) -> list[str]:
    """The lines of the plans of every question that is asked of a database, with its answers."""
    asked: list[tuple[str, Any]] = []

    def note(*call: Any) -> None:  # noqa: ANN401 - as SQLAlchemy calls it
        asked.append((call[2], call[3]))

    event.listen(engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    explain = "EXPLAIN QUERY PLAN"
    told: list[str] = []
    with reading(engine) as connection:
        if engine.dialect.name == "postgresql":
            explain = "EXPLAIN"
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        for statement, parameters in asked:
            if statement.lstrip().startswith(("SELECT", "WITH")):
                rows = connection.exec_driver_sql(f"{explain} {statement}", parameters)
                told.extend(str(row[-1]) for row in rows)
    return told


def ends_to_end(told: list[str], walked: str) -> list[str]:
    """The lines of plans that read a table without an index.

    Args:
        told: The lines.
        walked: A pattern of what is no table and may be walked through.
    """
    scanned = re.compile(rf"Seq Scan|SCAN (?!{walked}|CONSTANT ROW|\w+ USING (COVERING )?INDEX)")
    return [line for line in told if scanned.search(line)]
