"""The address of the access check.

Owns its parameters and which problems it names. Refuses rules.
"""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query

from api.access.asked import Asked, decision_on
from api.answers import documented
from api.auth.caller import CurrentPrincipal  # noqa: TC001 - FastAPI reads the annotations
from api.gate.answers import DecisionAnswer
from api.gate.values import Action  # noqa: TC001 - FastAPI reads the annotations
from api.places import (  # noqa: TC001 - FastAPI reads the annotations
    BlockNumber,
    DropNumber,
    SessionNumber,
)
from api.requests import ApiParts  # noqa: TC001 - FastAPI reads the annotations
from marketplace.domain.ids import MAX_DROP

MAX_RECORDING_CHARACTERS: Final = 64

router = APIRouter(prefix="/v1/access", tags=["access"])


@router.get(
    "/check",
    responses=documented(
        "session_ended",
        "not_found",
        "terms_unpublished",
        "invalid_request",
        "storage",
        "storage_unreachable",
        "storage_locked",
        "mirror_behind",
    ),
)
def check(
    action: Annotated[Action, Query(description="What for.")],
    drop: Annotated[DropNumber, Query(ge=1, le=MAX_DROP, description="Whose.")],
    principal: CurrentPrincipal,
    parts: ApiParts,
    session: Annotated[
        SessionNumber | None,
        Query(description="Its number in the terms; not for `see_resale`."),
    ] = None,
    recording: Annotated[
        str | None,
        Query(max_length=MAX_RECORDING_CHARACTERS, description="Its id, for `watch_recording`."),
    ] = None,
    min_block: Annotated[BlockNumber, Query(description="The newest block that you know of.")] = 0,
) -> DecisionAnswer:
    """Ask whether you get in, now. A no is an answer; what is not known is a problem.

    Nobody need be signed in. The answer is about whoever asks and counts until `expires_at`.
    """
    asked = Asked(action, drop, session, recording)
    return DecisionAnswer.of(decision_on(parts, principal, asked, min_block))
