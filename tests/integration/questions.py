"""What is asked of databases while something is done: single questions, and other statements.

Refuses assertions: how many there may be is the test's to say.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import event

from marketplace.storage import pipelines
from marketplace.storage.single import _Question

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest
    from sqlalchemy import Engine

SINGLE: Final = "a single question"

LONG_S: Final = 20
"""As long as no answer takes."""


@contextmanager
def questions(monkeypatch: pytest.MonkeyPatch, engine: Engine) -> Iterator[list[str]]:
    """Every single question that is answered, and the text of other statements on the engine.

    However full the machine is, no server is left to another thread for being slow, where all would
    be asked again.
    """
    asked: list[str] = []
    read = _Question.read

    def noted(question: Any, found: Any) -> Any:  # noqa: ANN401 - as the class has it
        asked.append(SINGLE)
        return read(question, found)

    def note(*call: Any) -> None:  # noqa: ANN401 - as SQLAlchemy calls it
        asked.append(call[2])

    with monkeypatch.context() as patched:
        patched.setattr(_Question, "read", noted)
        patched.setattr(pipelines, "PATIENCE_S", LONG_S)
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield asked
        finally:
            event.remove(engine, "before_cursor_execute", note)
