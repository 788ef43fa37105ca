"""What a row of the table of problems says.

Owns the shape. Refuses rows: `api.problems` has them all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from http import HTTPStatus


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """A row: what clients may build upon.

    Attributes:
        code: Stable; clients compare this and nothing else.
        status: Of the HTTP answer.
        title: The same for every occurrence (RFC 9457, 3.1.3).
        advice: What the caller can do.
        shows_sentence: Whether the error's own sentence may leave the house. Those about
            databases and nodes name hosts and paths.
        retry_after_s: Seconds after which trying again may help; None: it does not by itself.
    """

    code: str
    status: HTTPStatus
    title: str
    advice: str
    shows_sentence: bool = True
    retry_after_s: int | None = None
