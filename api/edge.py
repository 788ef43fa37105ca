"""The outermost layer: what holds for every request, whatever it asks.

Owns the request's id, the bound on a body's size and on its time, the security headers, one access
line per request, and the last word when something breaks. Refuses to know routes and callers: the
addresses that take longer bodies are told to it, and nothing in a request makes another one such.
It is plain ASGI: a stream stays a stream.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING, Final

from opentelemetry.trace import get_current_span
from starlette.datastructures import Headers, MutableHeaders

from api.answers import problem_response
from api.errors import ApiError, BodyTooLarge, BodyTooSlow
from api.logs import ACCESS, FAULTS, new_request_id, request_id

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping, Sequence

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from api.figures import Figures

SECURITY_HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    # Answers depend on who asks and when: nothing may keep them unless a route says so.
    "Cache-Control": "no-store",
}
_HTTPS_ONLY: Final = "max-age=31536000"
_BROKEN: Final = 500
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_OTHER_METHOD: Final = "_OTHER"


@dataclass(frozen=True, slots=True)
class BodyBounds:
    """What a body may cost.

    Attributes:
        max_bytes: Its largest size.
        timeout_s: Seconds in which all of it must arrive.
    """

    max_bytes: int
    timeout_s: int


@dataclass(frozen=True, slots=True)
class LongBody:
    """An address whose bodies may be longer. Its route must know the caller before it reads.

    Attributes:
        method: Of the request.
        path: That the whole path must match.
    """

    method: str
    path: re.Pattern[str]
    bounds: BodyBounds

    def is_for(self, scope: Scope) -> bool:
        """Whether a request comes to this address."""
        return scope["method"] == self.method and self.path.fullmatch(scope["path"]) is not None


@dataclass(slots=True)
class _Answered:
    """What is known of the answer so far, and whether what was asked has been read."""

    status: int = 0
    began: float = field(default_factory=perf_counter)
    closes_early: bool = False


class Edge:
    """ASGI middleware around the whole application.

    Args:
        app: What is inside.
        bodies: What a request's body may cost.
        long_bodies: Where it may cost more.
        https: Whether browsers shall be told to come by https only.
        figures: Who counts requests; None: nobody does.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        bodies: BodyBounds,
        long_bodies: Sequence[LongBody],
        https: bool,
        figures: Figures | None = None,
    ) -> None:
        self._app = app
        self._figures = figures
        self._bodies = bodies
        self._long_bodies = tuple(long_bodies)
        self._headers = dict(SECURITY_HEADERS)
        if https:
            self._headers["Strict-Transport-Security"] = _HTTPS_ONLY

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        # A task of the server's own per request: nothing has to be put back.
        request_id.set(new_request_id())
        get_current_span().set_attribute("seats.request", request_id.get())
        answered = _Answered()
        if self._figures is not None:
            self._figures.began()
        outgoing = self._sending(send, answered)
        try:
            await self._guarded(scope, receive, outgoing, answered)
        finally:
            self._note(scope, answered)

    async def _guarded(
        self, scope: Scope, receive: Receive, send: Send, answered: _Answered
    ) -> None:
        longer = next((one for one in self._long_bodies if one.is_for(scope)), None)
        bounds = self._bodies if longer is None else longer.bounds
        # Whoever is turned away before a long body has come need not send it to the end.
        answered.closes_early = longer is not None
        declared = Headers(scope=scope).get("content-length", "0")
        if declared.isdecimal() and int(declared) > bounds.max_bytes:
            await problem_response(BodyTooLarge(bounds.max_bytes))(scope, receive, send)
            return
        try:
            await self._app(scope, self._receiving(receive, bounds, answered), send)
        except ApiError as error:
            if answered.status:
                raise
            await problem_response(error)(scope, receive, send)
        except Exception as error:
            FAULTS.exception("The request broke off.")
            if answered.status:
                # Headers are out: only cutting the connection tells that the rest is missing.
                raise
            await problem_response(error)(scope, receive, send)

    def _receiving(self, receive: Receive, bounds: BodyBounds, answered: _Answered) -> Receive:
        received = 0
        complete = False
        # One for the whole body: whoever sends a byte now and then does not stay.
        deadline = asyncio.get_running_loop().time() + bounds.timeout_s

        async def bounded() -> Message:
            nonlocal received, complete
            if complete:
                # What comes now is the end of the connection, which may be hours away.
                return await receive()
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError:
                raise BodyTooSlow(bounds.timeout_s) from None
            received += len(message.get("body", b""))
            complete = not message.get("more_body", False)
            if complete:
                answered.closes_early = False
            if received > bounds.max_bytes:
                raise BodyTooLarge(bounds.max_bytes)
            return message

        return bounded

    def _sending(self, send: Send, answered: _Answered) -> Send:
        async def outgoing(message: Message) -> None:
            if message["type"] == "http.response.start":
                answered.status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id.get()
                if answered.closes_early:
                    headers["Connection"] = "close"
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        return outgoing

    def _note(self, scope: Scope, answered: _Answered) -> None:
        # The route's own text: paths may name things that neither logs nor figures should hold.
        route = str(getattr(scope.get("route"), "path", "unknown"))
        status = answered.status or _BROKEN
        seconds = perf_counter() - answered.began
        # Any token is a method: whoever makes them up makes no figure each.
        method = scope["method"] if scope["method"] in _METHODS else _OTHER_METHOD
        if self._figures is not None:
            self._figures.answered(method, route, status, seconds)
        ACCESS.info(
            "answered",
            extra={
                "seen": {
                    "method": method,
                    "route": route,
                    "status": status,
                    "ms": round(seconds * 1_000, 3),
                }
            },
        )
