"""How a database would answer a single question, instead of its answer.

Refuses assertions: what a plan may hold is the test's to say.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from indexer.queries import MirrorMissing

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest


def plan_of(monkeypatch: pytest.MonkeyPatch, ask: Callable[[], object]) -> list[str]:
    """The lines of the plans of all single questions that are asked; none has an answer."""
    told: list[str] = []

    def explained(question: Any, cursor: Any, bound: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - as the class has it
        if isinstance(bound, dict):
            # Of a table as small as a test's, reading all of it is the quickest way.
            cursor.execute("SET enable_seqscan = off")
            cursor.execute(f"EXPLAIN {question.text}", bound)
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {question.text}", bound)
        told.extend(str(row[-1]) for row in cursor.fetchall())
        return []

    with monkeypatch.context() as patched, suppress(MirrorMissing):
        patched.setattr("marketplace.storage.single._Question.fetched", explained)
        ask()
    return told
