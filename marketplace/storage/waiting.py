"""What must not wait: work on the thread of an event loop, where everybody else would wait with it.

Owns saying so for a piece of work, and the refusal that it then meets wherever a database could
keep it. Whoever is refused does the same again on a thread of its own; so nothing may have been
written before. Refuses to know which questions wait: those who ask do.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_PROMPT: Final[ContextVar[bool]] = ContextVar("prompt", default=False)


class WouldWaitError(Exception):
    """What was asked for may wait, and whoever asked must not. Nothing was done."""


@contextmanager
def promptly() -> Iterator[None]:
    """Do what the block does without waiting for a database, or raise WouldWaitError."""
    before = _PROMPT.set(True)
    try:
        yield
    finally:
        _PROMPT.reset(before)


def is_prompt() -> bool:
    """Whether the work under way must not wait."""
    return _PROMPT.get()


def may_wait() -> None:
    """Return where it may; else raise WouldWaitError."""
    if _PROMPT.get():
        raise WouldWaitError
