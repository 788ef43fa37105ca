"""The one table of what can go wrong: stable codes, their HTTP status, title and help.

Owns the table, which docs/api.md repeats, and the way from an error to its row: its own code's, or
that of the nearest class above it that has one. Refuses to write answers: `api.answers` does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.problems_asked import ASKED
from api.problems_here import HERE
from api.problems_who import WHO

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.problem_kind import ProblemKind


PROBLEMS: Final[Mapping[str, ProblemKind]] = {
    kind.code: kind for kind in sorted((*ASKED, *WHO, *HERE), key=lambda kind: kind.status)
}
"""Every row, by its code, in the order of the status."""

INTERNAL: Final = PROBLEMS["internal"]


def kind_of(error: Exception) -> ProblemKind:
    """The row of an error: its own, or that of the nearest class above it, or `internal`."""
    for cls in type(error).__mro__:
        code = vars(cls).get("code")
        if isinstance(code, str) and code in PROBLEMS:
            return PROBLEMS[code]
    return INTERNAL
