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
    from sqlalchemy import Connection, Engine


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
    asked = _asked(engine, ask)
    explain = "EXPLAIN QUERY PLAN"
    told: list[str] = []
    with reading(engine) as connection:
        if engine.dialect.name == "postgresql":
            explain = "EXPLAIN"
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        for statement, parameters in asked:
            rows = connection.exec_driver_sql(f"{explain} {statement}", parameters)
            told.extend(str(row[-1]) for row in rows)
    return told


def rows_read(engine: Engine, ask: Callable[[], object]) -> int:
    """How many rows the database gives in answer to every question that is asked of it."""
    asked = _asked(engine, ask)
    with reading(engine) as connection:
        return sum(len(connection.exec_driver_sql(*one).all()) for one in asked)


def statements_asked(engine: Engine, ask: Callable[[], object]) -> int:
    """How many questions are asked of a database."""
    return len(_asked(engine, ask))


def work_of(engine: Engine, ask: Callable[[], object]) -> int:
    """How much the database does for every question that is asked of it, in its own measure.

    On SQLite the steps of its programs, on PostgreSQL the rows that it looks at. It is the same
    for the same rows, however busy the machine is.
    """
    asked = _asked(engine, ask)
    with reading(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            return sum(_looked_at(connection, *one) for one in asked)
        driver: Any = connection.connection.driver_connection
        steps = 0

        def count() -> None:
            nonlocal steps
            steps += 1

        driver.set_progress_handler(count, 1)
        try:
            for one in asked:
                connection.exec_driver_sql(*one).all()
        finally:
            driver.set_progress_handler(None, 0)
        return steps


def _looked_at(connection: Connection, statement: str, parameters: Any) -> int:  # noqa: ANN401 - as a driver takes them
    explained = f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}"
    nodes = [connection.exec_driver_sql(explained, parameters).scalar_one()[0]["Plan"]]
    rows = 0.0
    while nodes:
        node = nodes.pop()
        nodes += node.get("Plans", [])
        removed = (node[name] for name in node if name.startswith("Rows Removed"))
        rows += (node["Actual Rows"] + sum(removed)) * node["Actual Loops"]
    return round(rows)


def _asked(engine: Engine, ask: Callable[[], object]) -> list[tuple[str, Any]]:
    asked: list[tuple[str, Any]] = []

    def note(*call: Any) -> None:  # noqa: ANN401 - as SQLAlchemy calls it
        if call[2].lstrip().startswith(("SELECT", "WITH")):
            asked.append((call[2], call[3]))

    event.listen(engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return asked


def ends_to_end(told: list[str], walked: str) -> list[str]:
    """The lines of plans that read a table without an index.

    Args:
        told: The lines.
        walked: A pattern of what is no table and may be walked through.
    """
    no_table = rf"{walked}|asked|(\d+ )?CONSTANT ROW|\w+ USING (COVERING )?INDEX"
    scanned = re.compile(rf"Seq Scan|SCAN (?!{no_table})")
    return [line for line in told if scanned.search(line)]
