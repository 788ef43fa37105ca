"""One request and its answer.

Owns the connection, the bearer token or API key, and how a status becomes an error. Refuses
redirects and proxies of the environment, because both go to one origin alone; answers without an
end; and to send anything a second time but for what is done once by its key: of everything else,
whoever asked knows whether that does harm.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar
from uuid import uuid4

import httpx

from marketplace.client.answers.problem import Problem
from marketplace.client.errors import (
    AccessDenied,
    AnswerLost,
    AnswerUnexpected,
    ApiFailed,
    ApiRefused,
    ApiUnavailable,
    SignInRequired,
)
from marketplace.client.patience import Patience, until_answered
from marketplace.client.reading import read

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from marketplace.client.origin import ApiOrigin
    from marketplace.client.routes import Route
    from marketplace.domain.errors import SeatmarketError

_T = TypeVar("_T")

Query: TypeAlias = "Mapping[str, str | int | None]"
"""Query parameters; None is left out."""

Body: TypeAlias = "Mapping[str, object]"
"""A JSON body; uint256 are already text."""

MAX_ANSWER_BYTES: Final = 4 * 1024 * 1024
"""Longest answer that is read whole; recordings are streamed instead."""

_WHOLE_S: Final = 60.0
"""How long an answer's body may take, in seconds: a byte now and then would last for ever."""

_RETRY_S: Final = 5
_BROKEN: Final = 500
_MOST_RETRY_S: Final = 3_600
_TOO_MANY: Final = "too_many_requests"
_CODES: Final = {401: SignInRequired.code, 403: AccessDenied.code, 429: _TOO_MANY}
_PROBLEM: Final = "application/problem+json"
_KEY: Final = "Idempotency-Key"
_READING: Final = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Whole:
    """An answer that was read to its end."""

    headers: httpx.Headers
    body: bytes


@dataclass(slots=True)
class Transport:
    """A connection to the API.

    Attributes:
        token: Of the session; sent with every request once it is there.
        key: An API key; sent with every request, and then nobody signs in.
        patience: For an answer that was lost, where asking again does no harm.
    """

    origin: ApiOrigin
    http: httpx.Client
    token: str | None = field(default=None, repr=False)
    key: str | None = field(default=None, repr=False)
    patience: Patience = field(default_factory=Patience)

    @classmethod
    def to(
        cls,
        origin: ApiOrigin,
        timeout: float,
        transport: httpx.BaseTransport | None,
        key: str | None = None,
    ) -> Transport:
        """Set a connection up without asking anything yet; `timeout` is in seconds."""
        http = httpx.Client(
            base_url=origin.url,
            timeout=timeout,
            transport=transport,
            follow_redirects=False,
            # Neither a proxy nor a password file of the environment gets to see the token.
            trust_env=False,
            headers={"Accept-Encoding": "identity"},
        )
        return cls(origin, http, key=key)

    def ask(
        self,
        route: Route[_T],
        segments: Mapping[str, str | int] | None = None,
        *,
        body: Body | None = None,
        query: Query | None = None,
    ) -> _T:
        """Ask one of the API's addresses and read its JSON.

        Raises ApiRefused, ApiUnavailable, ApiFailed and AnswerUnexpected.
        """
        answer = self.whole(route, segments, body=body, query=query)
        return parsed(route, answer)

    def whole(
        self,
        route: Route[_T],
        segments: Mapping[str, str | int] | None = None,
        *,
        body: Body | None = None,
        query: Query | None = None,
    ) -> Whole:
        """Ask, and read the answer to its end, whatever it is of; raises as `ask`."""
        headers = {_KEY: str(uuid4())} if route.once else None

        def send() -> Whole:
            request = self.request(route, segments, query=query, json=body, headers=headers)
            with self.streamed(request) as answer, typed(request):
                octets = bounded(request, answer)
            return Whole(answer.headers, octets)

        return until_answered(send, self.patience) if route.once else send()

    def request(
        self,
        route: Route[_T],
        segments: Mapping[str, str | int] | None = None,
        *,
        query: Query | None = None,
        headers: Mapping[str, str] | None = None,
        json: Body | None = None,
        content: Iterator[bytes] | None = None,
    ) -> httpx.Request:
        """Prepare a request to the API's origin, with what shows who asks, where there is any."""
        params = {key: value for key, value in (query or {}).items() if value is not None}
        request = self.http.build_request(
            route.method,
            route.at(segments or {}),
            params=params or None,
            json=json,
            content=content,
            headers=headers,
        )
        shown = self.token if self.key is None else self.key
        if shown is not None:
            request.headers["Authorization"] = f"Bearer {shown}"
        return request

    @contextmanager
    def streamed(self, request: httpx.Request) -> Iterator[httpx.Response]:
        """Send, and give a good answer whose body is still to be read; raises as `ask`."""
        with typed(request):
            answer = self.http.send(request, stream=True)
        try:
            if not answer.is_success:
                with typed(request):
                    octets = bounded(request, answer)
                raise _failure(request, answer, octets)
            yield answer
        finally:
            answer.close()


@contextmanager
def typed(request: httpx.Request) -> Iterator[None]:
    """Turn whatever the connection raises into ApiUnavailable.

    Where the request may have changed something, and was sent, that is AnswerLost.
    """
    try:
        yield
    except httpx.TimeoutException as error:
        raise _absence(request, error, "no answer in time") from error
    except httpx.RemoteProtocolError as error:
        raise _absence(request, error, "the connection was cut") from error
    except (httpx.TransportError, httpx.DecodingError) as error:
        raise _absence(request, error, _short(error)) from error


def _absence(request: httpx.Request, error: httpx.HTTPError | None, said: str) -> ApiUnavailable:
    unsent = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)
    harmless = unsent or request.method in _READING
    return (ApiUnavailable if harmless else AnswerLost)(said, _RETRY_S)


def media_type(headers: httpx.Headers) -> str:
    """What an answer is of, without parameters, in lower case."""
    return str(headers.get("Content-Type", "")).partition(";")[0].strip().lower()


def asked_of(request: httpx.Request) -> str:
    """Method and path, for messages."""
    return f"{request.method} {request.url.path}"


def parsed(route: Route[_T], answer: Whole) -> _T:
    """Read the JSON of an answer. Raises AnswerUnexpected."""
    kind = media_type(answer.headers)
    if kind != "application/json":
        raise AnswerUnexpected(route.name, f"it is of type {kind or 'unknown'}")
    return read(route.answer, answer.body, route.name)


def bounded(request: httpx.Request, answer: httpx.Response) -> bytes:
    """Read a body to its end, if that is near. Raises AnswerUnexpected and ApiUnavailable."""
    if "Content-Encoding" in answer.headers:
        # A few bytes may unpack to gigabytes, and nothing packed was asked for.
        raise AnswerUnexpected(asked_of(request), "it is compressed")
    octets, deadline = bytearray(), time.monotonic() + _WHOLE_S
    for chunk in answer.iter_bytes():
        if time.monotonic() > deadline:
            raise _absence(request, None, "its answer does not end")
        octets += chunk
        if len(octets) > MAX_ANSWER_BYTES:
            raise AnswerUnexpected(asked_of(request), f"it is longer than {MAX_ANSWER_BYTES} bytes")
    return bytes(octets)


def _failure(request: httpx.Request, answer: httpx.Response, body: bytes) -> SeatmarketError:
    """The error that a status other than success is."""
    status, asked = answer.status_code, asked_of(request)
    if media_type(answer.headers) != _PROBLEM:
        return _stranger(asked, answer)
    problem = _unsaid(answer) if request.method == "HEAD" else read(Problem, body, asked)
    if problem.status != status:
        return AnswerUnexpected(asked, f"status {status} with a problem of {problem.status}")
    if status == HTTPStatus.SERVICE_UNAVAILABLE or problem.code == _TOO_MANY:
        return ApiUnavailable(f"{problem.code}: {problem.title}", _retry_after(answer), problem)
    return ApiFailed(problem) if status >= _BROKEN else _refusal(problem)


def _unsaid(answer: httpx.Response) -> Problem:
    """The problem of an answer to HEAD, which has no body to say it in."""
    return Problem(
        status=answer.status_code,
        code=_CODES.get(answer.status_code, "refused"),
        title=f"Status {answer.status_code}",
        detail="This says no more than its status: ask with GET for the reason.",
        request_id=answer.headers.get("X-Request-Id", "unknown"),
    )


def _stranger(asked: str, answer: httpx.Response) -> SeatmarketError:
    if answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
        # Above its limit of connections the server answers before the API is asked.
        return ApiUnavailable("it is overloaded or starting", _retry_after(answer))
    where = " that leads elsewhere" if answer.has_redirect_location else ""
    return AnswerUnexpected(asked, f"status {answer.status_code}{where}, and no problem of ours")


def _refusal(problem: Problem) -> ApiRefused:
    if problem.status == HTTPStatus.UNAUTHORIZED:
        return SignInRequired(problem)
    return AccessDenied(problem) if problem.code == AccessDenied.code else ApiRefused(problem)


def _retry_after(answer: httpx.Response) -> int:
    text = answer.headers.get("Retry-After", "")
    seconds = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else _RETRY_S  # noqa: PLR2004 - no wait of days
    return min(seconds, _MOST_RETRY_S)


def _short(error: httpx.HTTPError) -> str:
    """Name a failure without its text, which may hold whole addresses."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror.lower()
        cause = cause.__cause__ or cause.__context__
    return type(error).__name__
