"""The addresses of the chain's standing and of drops.

Owns paths and which problems each route names. Refuses rules.
"""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query

from api.answers import documented
from api.catalogue.drop_bodies import DropAnswer, DropsAnswer, drops_answer
from api.catalogue.looking import LevelAsked, look
from api.catalogue.standing import ChainStatus, chain_status
from api.errors import NotFound
from api.places import DEFAULT_PAGE, AfterDrop, DropInPath, PageLimit
from api.programme.programmes import programmes_of
from api.requests import ApiParts  # noqa: TC001 - FastAPI reads the annotations
from api.wire import Account  # noqa: TC001 - FastAPI reads the annotations
from indexer.queries import Level, drop_terms, drops_in_full

MIRROR_PROBLEMS: Final = (
    "mirror_missing",
    "mirror_incomplete",
    "storage",
    "storage_unreachable",
    "storage_locked",
)
"""What every route can answer with that reads the mirror."""

router = APIRouter(prefix="/v1", tags=["catalogue"])


@router.get("/chain/status", responses=documented(*MIRROR_PROBLEMS))
def show_chain(parts: ApiParts) -> ChainStatus:
    """Say which chain and contract this is, and how far the mirror is."""
    return chain_status(parts)


@router.get("/drops", responses=documented(*MIRROR_PROBLEMS, "invalid_request"))
def list_drops(
    parts: ApiParts,
    after: AfterDrop,
    mentor: Annotated[Account | None, Query(description="Only of this account.")] = None,
    limit: PageLimit = DEFAULT_PAGE,
) -> DropsAnswer:
    """List drops by rising number: of one mentor, or of all."""
    with look(parts) as seen:
        page = drops_in_full(
            seen.connection,
            seen.mirror,
            seen.at.number,
            mentor=mentor,
            after=after,
            limit=limit + 1,
        )
    return drops_answer(page, programmes_of(parts, page), seen, limit)


@router.get("/drops/{drop}", responses=documented(*MIRROR_PROBLEMS, "not_found", "invalid_request"))
def show_drop(drop: DropInPath, parts: ApiParts, level: LevelAsked = Level.LATEST) -> DropAnswer:
    """Show a drop: its terms, sales and, once published, its programme.

    What its mentor publishes is null until then. Whether a phase sells is judged at this moment.
    """
    with look(parts, level) as seen:
        mirrored = drop_terms(seen.connection, seen.mirror, drop, seen.at.number)
    if mirrored is None:
        raise NotFound("drop")
    programme = programmes_of(parts, (mirrored,)).get(drop)
    return DropAnswer.of(mirrored, programme, seen, parts.now)
