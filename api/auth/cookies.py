"""The two cookies, and nothing that could make them weaker.

Owns names, attributes and the reading of the header: frameworks strip more than browsers do, and
of two cookies of one name take the last, so that another host's could be taken for ours.
`__Host-` makes browsers refuse a cookie that is not Secure, has a domain or another path, so no
other host and no plain connection can plant one. Refuses a second, weaker form for development:
clients without such cookies use the bearer form of a session.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from fastapi import Response

from api.auth.errors import SessionEnded, SignInAttemptUnknown
from api.auth.tokens import Attempt, Carrier, SessionToken

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fastapi import Request

    from api.auth.errors import AuthError

ATTEMPT: Final = "__Host-seats_attempt"
SESSION: Final = "__Host-seats_session"


def attempt_in(request: Request) -> Attempt | None:
    """The attempt that this browser has begun.

    Raises:
        SignInAttemptUnknown: the cookie is there twice, so one of them is not ours.
    """
    return Attempt.parse(_only(request, ATTEMPT, SignInAttemptUnknown()) or "", Carrier.COOKIE)


def session_in(request: Request) -> str | None:
    """The value of the session's cookie, whatever it is; None when there is none.

    Raises:
        SessionEnded: the cookie is there twice, so one of them is not ours.
    """
    return _only(request, SESSION, SessionEnded(forgotten_session()))


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


def forgotten_session() -> str:
    """The Set-Cookie line that takes the session's cookie away."""
    answer = Response()
    forget_session(answer)
    return answer.headers["set-cookie"]


def _set(
    response: Response, name: str, value: str, max_age: int, same_site: Literal["lax", "strict"]
) -> None:
    response.set_cookie(
        name, value, max_age, path="/", secure=True, httponly=True, samesite=same_site
    )


def values_in(lines: Iterable[str], name: str) -> list[str]:
    """The values that a cookie has in the Cookie headers of a request, in their order."""
    values = []
    for line in lines:
        for entry in line.split(";"):
            # Nothing but a space and a tab is blank to browsers; a name with others is another's.
            named, _, value = entry.strip(" \t").partition("=")
            if named == name:
                values.append(value)
    return values


def _only(request: Request, name: str, refused: AuthError) -> str | None:
    values = values_in(request.headers.getlist("cookie"), name)
    if len(values) > 1:
        raise refused
    return values[0] if values else None
