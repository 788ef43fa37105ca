"""What the exit codes of `python -m api` are, and which error is which.

Owns the four numbers; they are the indexer's too. Refuses to end anything. Imports little: whoever
has mistyped a setting is told so before the application is read.
"""

from __future__ import annotations

from typing import Final

from marketplace.domain.errors import RuleViolated
from marketplace.storage.errors import UnsupportedDatabaseError

DONE: Final = 0
INPUT: Final = 2
UNAVAILABLE: Final = 4
UNEXPECTED: Final = 6


def exit_code(error: Exception) -> int:
    """The exit code of an error that ended the process."""
    if isinstance(error, UnsupportedDatabaseError | RuleViolated):
        return INPUT
    return UNAVAILABLE if getattr(error, "retry_helps", False) else UNEXPECTED
