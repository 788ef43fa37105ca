"""The two cookies, and nothing that could make them weaker.

Owns names and attributes. `__Host-` makes browsers refuse a cookie that is not Secure, has a
domain or another path, so no other host and no plain connection can plant one. Refuses a second,
weaker form for development: clients without such cookies use the bearer form of a session.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from api.auth.tokens import Attempt, Carrier, SessionToken

if TYPE_CHECKING:
    from fastapi import Request, Response

ATTEMPT: Final = "__Host-seats_attempt"
SESSION: Final = "__Host-seats_session"


def attempt_in(request: Request) -> Attempt | None:
    """The attempt that this browser has begun."""
    return Attempt.parse(request.cookies.get(ATTEMPT, ""), Carrier.COOKIE)


def set_attempt(response: Response, attempt: Attempt, lifetime_s: int) -> None:
    """Bind an attempt to this browser; no other site can make it send the cookie."""
    _set(response, ATTEMPT, attempt.text, lifetime_s, "strict")


def set_session(response: Response, token: SessionToken, lifetime_s: int) -> None:
    """Give the browser its session in place of the attempt."""
    _set(response, SESSION, token.secret, lifetime_s, "lax")
    _set(response, ATTEMPT, "", 0, "strict")


def forget_session(response: Response) -> None:
    """Take the session's cookie away."""
    _set(response, SESSION, "", 0, "lax")


def _set(
    response: Response, name: str, value: str, max_age: int, same_site: Literal["lax", "strict"]
) -> None:
    response.set_cookie(
        name, value, max_age, path="/", secure=True, httponly=True, samesite=same_site
    )
