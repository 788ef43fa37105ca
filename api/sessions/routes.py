"""The addresses of sessions, tickets and admissions.

Owns paths and which problems each route names. Refuses rules.
"""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Depends, Request

from api.answers import documented
from api.auth.caller import CALLER_PROBLEMS, SignedInCaller
from api.idempotency.asking import (
    REPEAT_PROBLEMS,
    Given,
    OnceForCaller,
    Sent,
    anybody,
)
from api.idempotency.asking import once as doing_once
from api.programme.programmes import programme_of
from api.programme.resources import session_of, session_resource
from api.recordings.reads import recordings_of
from api.requests import ApiParts, JsonRoute, json_only
from api.sessions import joining
from api.sessions.bodies import (
    AdmissionAnswer,
    AdmissionRequest,
    RenewalAnswer,
    SessionAnswer,
    TicketAnswer,
    TicketRequest,
)
from api.sessions.parameters import (  # noqa: TC001 - FastAPI reads the annotations
    DropPath,
    LeastBlock,
    SessionPath,
)
from marketplace.domain.ids import DropId
from marketplace.storage.transactions import reading

_BODY: Final = (
    "malformed_body",
    "body_too_large",
    "body_too_slow",
    "unsupported_media_type",
)
_ALWAYS: Final = (
    "not_found",
    "terms_unpublished",
    "invalid_request",
    "storage",
    "storage_unreachable",
    "storage_locked",
    "mirror_missing",
    "mirror_incomplete",
)

router = APIRouter(prefix="/v1", tags=["sessions"], route_class=JsonRoute)


@router.get("/drops/{drop}/sessions/{session}", responses=documented(*_ALWAYS))
def show_drop_session(drop: DropPath, session: SessionPath, parts: ApiParts) -> SessionAnswer:
    """Show a session: what it is, when its room opens and what was recorded of it."""
    programme = programme_of(parts, DropId(drop))
    with reading(parts.store) as connection:
        recordings = recordings_of(connection, parts.mirror_id, programme, session)
    return SessionAnswer.of(
        programme, session_of(programme, session), session_resource(programme, session), recordings
    )


@router.post(
    "/drops/{drop}/sessions/{session}/join",
    responses=documented(
        *CALLER_PROBLEMS, *_ALWAYS, "access_denied", "mirror_behind", *REPEAT_PROBLEMS
    ),
    status_code=201,
)
def join(
    drop: DropPath,
    session: SessionPath,
    caller: SignedInCaller,
    parts: ApiParts,
    once: OnceForCaller,
    min_block: LeastBlock = 0,
) -> TicketAnswer:
    """Get a ticket for a session's room. It names you, not what you hold: that is asked again.

    For whoever has a seat that opens the session and their delegates, the drop's mentor, its
    co-hosts and its verifier. A ticket lasts as long as the decision, and is used once.
    """
    account, along = caller.session.account, once.keeping(TicketAnswer.of)
    return TicketAnswer.of(joining.join(parts, account, DropId(drop), session, min_block, along))


@router.post(
    "/admissions",
    dependencies=[Depends(json_only)],
    responses=documented(
        *_BODY, *_ALWAYS, "access_denied", "ticket_spent", "mirror_behind", *REPEAT_PROBLEMS
    ),
    status_code=201,
)
def admit(
    body: TicketRequest, request: Request, parts: ApiParts, sent: Sent, key: Given = None
) -> AdmissionAnswer:
    """Let the bearer of a ticket into a room. The ticket is spent, and the gate is asked again.

    For the room, which needs nothing else: the ticket is the credential. Also `mirror_behind`
    spends it: the person joins again, with `min_block` where the answer names a block.
    """
    del key

    def look() -> None:
        joining.require_waiting(parts, body.ticket)

    # Anybody may send tickets that are none, and nothing is written for those.
    with doing_once(request, parts, anybody(request), sent, look=look) as one:
        along = one.keeping(AdmissionAnswer.of)
        return AdmissionAnswer.of(joining.redeem(parts, body.ticket, along))


@router.post(
    "/admissions/renew",
    dependencies=[Depends(json_only)],
    responses=documented(
        *_BODY,
        *_ALWAYS,
        "access_denied",
        "admission_replaced",
        "admission_ended",
        "mirror_behind",
    ),
)
def renew_admission(body: AdmissionRequest, parts: ApiParts) -> RenewalAnswer:
    """Let somebody stay in a room. The gate is asked again, and a denial ends the admission.

    For the room, which needs nothing else: the admission is the credential. Ask before its
    `expires_at`. What is not known ends nothing.
    """
    return RenewalAnswer.of(joining.renew(parts, body.admission))
