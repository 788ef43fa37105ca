"""The table of problems, as clients can read it: every `type` leads here.

Owns the two addresses. Refuses to add anything to `api.problems`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Self

from fastapi import APIRouter, Path

from api.answers import documented
from api.errors import NotFound
from api.problems import PROBLEMS
from api.wire import WireModel

if TYPE_CHECKING:
    from api.problem_kind import ProblemKind

router = APIRouter(prefix="/v1/problems", tags=["reference"])


class ProblemRow(WireModel):
    """What one code means."""

    code: str
    """Names the problem: stable, compare it."""

    status: int
    """HTTP status that it is answered with."""

    title: str
    """What it is, in a few words."""

    advice: str
    """What to do about it."""

    @classmethod
    def of(cls, kind: ProblemKind) -> Self:
        """Write a row of the table."""
        return cls(code=kind.code, status=int(kind.status), title=kind.title, advice=kind.advice)


class ProblemRows(WireModel):
    """Every problem of this API."""

    problems: list[ProblemRow]
    """The whole table."""


@router.get("")
async def list_problems() -> ProblemRows:
    """List every problem that this API can answer with.

    The `type` of a problem leads to its own row.
    """
    return ProblemRows(problems=[ProblemRow.of(kind) for kind in PROBLEMS.values()])


@router.get("/{code}", responses=documented("not_found"))
async def show_problem(
    code: Annotated[str, Path(description="As a problem names it in `code`.")],
) -> ProblemRow:
    """Say what a problem means and what to do."""
    if code not in PROBLEMS:
        raise NotFound("problem")
    return ProblemRow.of(PROBLEMS[code])
