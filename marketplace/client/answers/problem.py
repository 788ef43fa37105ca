"""What the API says about a failure (RFC 9457).

Owns the one shape of all problems. Refuses to guess: what a problem does not say is None.
"""

from __future__ import annotations

from pydantic.dataclasses import dataclass

from marketplace.client.answers.access import Decision
from marketplace.client.wire import ANSWER


@dataclass(frozen=True, config=ANSWER)
class Fault:
    """One field of a request that does not fit: where (a JSON pointer), and why."""

    at: str
    fault: str


@dataclass(frozen=True, kw_only=True, config=ANSWER)
class Problem:
    """A failure.

    Attributes:
        code: Stable; compare this.
        detail: What happened here, and what to do.
        request_id: Names the request in the operator's log.
        cause: A finer code, such as the contract's error.
        errors: The fields that do not fit.
        decision: The gate's, where it is the gate that refuses or does not know.
    """

    status: int
    code: str
    title: str
    detail: str
    request_id: str
    cause: str | None = None
    errors: tuple[Fault, ...] = ()
    decision: Decision | None = None


@dataclass(frozen=True, config=ANSWER)
class ProblemRow:
    """What one code means."""

    code: str
    status: int
    title: str
    advice: str


@dataclass(frozen=True, config=ANSWER)
class ProblemRows:
    """Every code."""

    problems: tuple[ProblemRow, ...]
