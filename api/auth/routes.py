"""The addresses of sign-in.

Owns paths, cookies on answers and which problems each route names. Refuses rules.
"""

from __future__ import annotations

import re
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Request, Response

from api.answers import documented
from api.auth import sessions, sign_in
from api.auth.bodies import (
    ListedSession,
    NonceAnswer,
    NonceRequest,
    SessionAnswer,
    SessionsAnswer,
    SignedInAnswer,
    VerifyRequest,
)
from api.auth.caller import (
    CALLER_PROBLEMS,
    WALLET_PROBLEMS,
    SignedInCaller,
    refuse_cross_site,
    replaced_session,
)
from api.auth.cookies import attempt_in, forget_session, set_attempt, set_session
from api.auth.errors import SignInAttemptUnknown
from api.auth.sign_in import SignedMessage
from api.auth.tokens import Attempt, Carrier
from api.requests import ApiParts, JsonRoute, json_only

_USER_AGENT_CHARACTERS: Final = 512
_UNPRINTABLE: Final = re.compile(r"[^\x20-\x7e]")
_BODY: Final = (
    "malformed_body",
    "body_too_large",
    "body_too_slow",
    "unsupported_media_type",
    "invalid_request",
)
_ALWAYS: Final = ("storage", "storage_unreachable", "storage_locked")

router = APIRouter(
    prefix="/v1/auth",
    tags=["sign-in"],
    dependencies=[Depends(json_only)],
    route_class=JsonRoute,
)


@router.post(
    "/nonce", responses=documented(*_BODY, *_ALWAYS, "cross_site_request"), status_code=201
)
def ask_for_nonce(
    body: NonceRequest, request: Request, response: Response, parts: ApiParts
) -> NonceAnswer:
    """Open an attempt to sign in. It serves the browser or client that asked, once.

    With `account` the answer holds the message to be signed. A browser's secret is a cookie; any
    other client asks with `session` as `bearer`, and keeps `attempt`.
    """
    if body.session is Carrier.COOKIE:
        refuse_cross_site(request, parts.origin)
    begun = sign_in.begin(parts, body.session, body.account)
    if body.session is Carrier.COOKIE:
        set_attempt(response, begun.attempt, parts.settings.nonce_lifetime_s)
    return NonceAnswer.of(begun)


@router.post(
    "/verify",
    responses=documented(
        *_BODY,
        *_ALWAYS,
        "session_ended",
        "cross_site_request",
        "sign_in_attempt_unknown",
        "sign_in_message_refused",
        "sign_in_signature_wrong",
        "sign_in_message_malformed",
        "sign_in_signature_malformed",
        "contract_wallet_refused",
        *WALLET_PROBLEMS,
    ),
    status_code=201,
)
def verify(
    body: VerifyRequest, request: Request, response: Response, parts: ApiParts
) -> SignedInAnswer:
    """Show the signed message and get a session. The nonce is spent, also by a failure.

    What is not of the account's own key is shown to the account's contract (ERC-1271, and ERC-6492
    for one that is not deployed yet).
    """
    if body.attempt is None:
        refuse_cross_site(request, parts.origin)
        attempt = attempt_in(request)
    else:
        attempt = Attempt.parse(body.attempt, Carrier.BEARER)
    if attempt is None:
        raise SignInAttemptUnknown
    signed_in = sign_in.finish(
        parts,
        attempt,
        SignedMessage(body.message, body.signature),
        user_agent=_user_agent(request),
        replaces=replaced_session(request, parts, attempt.carrier),
    )
    if attempt.carrier is Carrier.COOKIE:
        set_session(response, signed_in.token, parts.settings.session_lifetime_s)
    return SignedInAnswer.of(signed_in)


@router.get("/session", responses=documented(*CALLER_PROBLEMS, *_ALWAYS))
def show_session(caller: SignedInCaller) -> SessionAnswer:
    """Say who is signed in, never what they hold.

    A browser gets its session's CSRF token here.
    """
    return SessionAnswer.of(caller)


@router.get("/sessions", responses=documented(*CALLER_PROBLEMS, *_ALWAYS))
def list_sessions(caller: SignedInCaller, parts: ApiParts) -> SessionsAnswer:
    """List your account's live sessions."""
    found = sessions.of_account(parts, caller.session)
    return SessionsAnswer(sessions=[ListedSession.of(one, caller) for one in found])


@router.delete(
    "/sessions/{session_id}",
    responses=documented(*CALLER_PROBLEMS, *_ALWAYS, "not_found", "invalid_request"),
    status_code=204,
)
def end_session(
    session_id: Annotated[
        str, Path(pattern="^0x[0-9a-f]{64}$", description="Its id, as the list has it.")
    ],
    caller: SignedInCaller,
    parts: ApiParts,
) -> None:
    """End one of your account's sessions. Its next request is refused."""
    sessions.end(parts, caller.session, session_id)


@router.post("/sign-out", responses=documented(*CALLER_PROBLEMS, *_ALWAYS), status_code=204)
def sign_out(caller: SignedInCaller, response: Response, parts: ApiParts) -> None:
    """End the session of this request."""
    sessions.end(parts, caller.session, caller.session.id)
    if caller.token.carrier is Carrier.COOKIE:
        forget_session(response)


def _user_agent(request: Request) -> str | None:
    given = request.headers.get("user-agent")
    return None if given is None else _UNPRINTABLE.sub("?", given)[:_USER_AGENT_CHARACTERS]
