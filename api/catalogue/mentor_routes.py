"""The addresses of mentors.

Owns paths and which problems each route names. Refuses rules.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.answers import documented
from api.catalogue.drop_routes import MIRROR_PROBLEMS
from api.catalogue.looking import LevelAsked, look
from api.catalogue.mentor_bodies import (
    MentorAnswer,
    MentorsAnswer,
    mentor_answer,
    mentors_answer,
)
from api.errors import NotFound
from api.places import DEFAULT_PAGE, PageLimit
from api.requests import ApiParts  # noqa: TC001 - FastAPI reads the annotations
from api.wire import Account  # noqa: TC001 - FastAPI reads the annotations
from indexer.queries import Level, mentor, mentors

router = APIRouter(prefix="/v1/mentors", tags=["catalogue"])


@router.get("", responses=documented(*MIRROR_PROBLEMS, "invalid_request"))
def list_mentors(
    parts: ApiParts,
    after: Annotated[
        Account | None, Query(description="Begin behind the mentor with this address.")
    ] = None,
    limit: PageLimit = DEFAULT_PAGE,
) -> MentorsAnswer:
    """List mentors: everybody who has created a drop, by rising address."""
    with look(parts) as seen:
        page = mentors(seen.connection, seen.mirror, seen.at.number, after=after, limit=limit + 1)
    return mentors_answer(page, seen, limit)


@router.get("/{mentor}", responses=documented(*MIRROR_PROBLEMS, "not_found", "invalid_request"))
def show_mentor(
    account: Annotated[Account, Path(alias="mentor", description="The mentor's account.")],
    parts: ApiParts,
    level: LevelAsked = Level.LATEST,
) -> MentorAnswer:
    """Show a mentor: since when, and what became of their drops.

    Who has created no drop is not found.
    """
    with look(parts, level) as seen:
        found = mentor(seen.connection, seen.mirror, account, seen.at.number)
    if found is None:
        raise NotFound("mentor")
    return mentor_answer(found, seen)
