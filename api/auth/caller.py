"""Who a request comes from.

Owns reading the session out of a request and the checks that keep a browser from being used
against its owner: a cookie counts only from our own origin, and for anything but reading only with
the CSRF token. An Authorization header is taken alone: a cookie beside it is ignored. An API key
counts only where a route names the scope that it needs; every other route that asks who comes
refuses it and never takes it for nobody, and one that answers everybody alike does not look.
Refuses to say what the caller may do: `api.gate` decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

from fastapi import Depends, Request

from api.auth import sessions
from api.auth.actors import Actor, Caller
from api.auth.cookies import forgotten_session, session_in
from api.auth.errors import CrossSiteRequest, CsrfTokenWrong, SessionEnded, SignInRequired
from api.auth.reads import StoredSession  # noqa: TC001 - FastAPI reads the annotations
from api.auth.tokens import Carrier, SessionToken
from api.gate.values import Anonymous, Holder, Principal
from api.keys import keys
from api.keys.errors import ApiKeyRequired, KeyNotTakenHere
from api.keys.operators import operator_of
from api.keys.tokens import PREFIX
from api.keys.values import ApiClient, Scope
from api.limits.callers import learn_caller
from api.requests import ApiParts  # noqa: TC001 - FastAPI reads the annotations

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.origin import Origin
    from api.parts import Parts

CSRF_HEADER: Final = "X-CSRF-Token"
_READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_SITE: Final = frozenset({"same-origin", "none"})


def refuse_cross_site(request: Request, origin: Origin) -> None:
    """Refuse what a browser sends for a page of another origin.

    Clients that are no browsers send neither header.

    Raises:
        CrossSiteRequest: the browser says so.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in _OWN_SITE:
        raise CrossSiteRequest
    if request.headers.get("origin", origin.url) != origin.url:
        raise CrossSiteRequest


def token_in(request: Request) -> SessionToken | None:
    """The token that a request carries; None when it carries none.

    Raises:
        SessionEnded: what it carries cannot be one.
    """
    header = request.headers.get("authorization")
    if header is not None:
        scheme, _, given = header.partition(" ")
        token = SessionToken.parse(given, Carrier.BEARER) if scheme.lower() == "bearer" else None
    else:
        value = session_in(request)
        if value is None:
            return None
        token = SessionToken.parse(value, Carrier.COOKIE)
        if token is None:
            raise SessionEnded(forgotten_session())
    if token is None:
        raise SessionEnded
    return token


def caller_if_any(request: Request, parts: ApiParts) -> Caller | None:
    """Give the caller, or None for somebody who shows nothing.

    Raises:
        SessionEnded: a token is shown and is of no live session: never treated as nobody.
        KeyNotTakenHere: an API key is shown, alive or not.
        WalletUnanswered, ChainUnavailable, WrongNode: a contract wallet cannot be asked now.
        CrossSiteRequest: the cookie was sent for another site's page.
        CsrfTokenWrong: the cookie was sent without its token, to change something.
    """
    if _key_in(request) is not None:
        raise KeyNotTakenHere
    token = token_in(request)
    if token is None:
        return None
    if token.carrier is Carrier.COOKIE and request.method not in _READING:
        refuse_cross_site(request, parts.origin)
        if not token.matches_csrf(request.headers.get(CSRF_HEADER, "")):
            raise CsrfTokenWrong
    session = sessions.find(parts, token)
    if session is None:
        cookie = token.carrier is Carrier.COOKIE
        raise SessionEnded(forgotten_session() if cookie else None)
    learn_caller(request.scope, f"account {session.account}")
    return Caller(session, token)


def replaced_session(request: Request, parts: ApiParts, carrier: Carrier) -> StoredSession | None:
    """Give the session that a browser is about to lose: its cookie will hold the new one.

    Raises:
        SessionEnded: the cookie is there twice.
    """
    if carrier is not Carrier.COOKIE:
        return None
    token = SessionToken.parse(session_in(request) or "", Carrier.COOKIE)
    # It only ends: no wallet need be asked about it.
    return None if token is None else sessions.known(parts, token)


async def signed_in(caller: Annotated[Caller | None, Depends(caller_if_any)]) -> Caller:
    """Give the caller; SignInRequired when nobody is signed in."""
    if caller is None:
        raise SignInRequired
    return caller


async def principal_of(caller: Annotated[Caller | None, Depends(caller_if_any)]) -> Principal:
    """Give the caller as the gate knows them."""
    return Anonymous() if caller is None else Holder(caller.account)


def program_in(request: Request, parts: Parts, scope: Scope) -> ApiClient | None:
    """Give the program that shows an API key; None where none is shown.

    Raises:
        ApiKeyEnded, ScopeMissing: the key is not good for this.
    """
    key = _key_in(request)
    if key is None:
        return None
    client = keys.shown(parts, key, scope)
    learn_caller(request.scope, f"API key {client.id}")
    return client


def client_with(scope: Scope) -> Callable[[Request, ApiParts], ApiClient]:
    """Make the dependency of a route that takes API keys alone, with one scope.

    It gives the program that shows the key. What it asks for must be of a drop that
    `api.keys.keys.led_drop` gives it.

    Raises, when it is asked:
        ApiKeyRequired: somebody comes without a key.
        ApiKeyEnded, ScopeMissing: the key is not good for this.
    """

    def shown(request: Request, parts: ApiParts) -> ApiClient:
        client = program_in(request, parts, scope)
        if client is None:
            raise ApiKeyRequired(scope)
        return client

    return shown


def actor_with(scope: Scope) -> Callable[[Request, ApiParts], Actor]:
    """Make the dependency of a route for whoever is signed in, or shows a key with one scope.

    Raises, when it is asked, what `signed_in` and `client_with` do, but for ApiKeyRequired.
    """

    def shown(request: Request, parts: ApiParts) -> Actor:
        client = program_in(request, parts, scope)
        if client is not None:
            return client
        caller = caller_if_any(request, parts)
        if caller is None:
            raise SignInRequired
        return caller

    return shown


def resale_viewer(request: Request, parts: ApiParts) -> Principal:
    """Give the caller as the gate knows them, where a program of the platform's may look as well.

    Raises:
        ApiKeyEnded, ScopeMissing, NotAnOperator, KeyLimited: a key is shown, and not good for this.
    """
    client = program_in(request, parts, Scope.RESALES_READ)
    if client is not None:
        return operator_of(parts, client)
    caller = caller_if_any(request, parts)
    return Anonymous() if caller is None else Holder(caller.account)


def _key_in(request: Request) -> str | None:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    return given if scheme.lower() == "bearer" and given.startswith(PREFIX) else None


SignedInCaller = Annotated[Caller, Depends(signed_in)]
"""For a route that needs somebody who is signed in."""

CurrentPrincipal = Annotated[Principal, Depends(principal_of)]
"""For a route that asks the gate."""

ResaleViewer = Annotated[Principal, Depends(resale_viewer)]
"""The same for a page of what is for sale, which operators see."""

WALLET_PROBLEMS: Final = ("wallet_unanswered", "chain_unavailable", "wrong_node")
"""What is answered while the contract wallet of a session or a key cannot be asked."""

CALLER_PROBLEMS: Final = (
    "sign_in_required",
    "session_ended",
    "cross_site_request",
    "csrf_token_wrong",
    "api_key_refused",
    *WALLET_PROBLEMS,
)
"""What a route that needs a caller can answer with, beside its own."""

CLIENT_PROBLEMS: Final = (
    "api_key_required",
    "api_key_ended",
    "api_key_refused",
    *WALLET_PROBLEMS,
)
"""The same of a route that takes API keys alone."""

ACTOR_PROBLEMS: Final = (*CALLER_PROBLEMS, "api_key_ended")
"""The same of a route that takes both."""
