"""How a route is told that it may be asked again: the header `Idempotency-Key`.

Owns the header, the dependencies of routes, and the answer that comes again. Refuses rules. A
route takes `OnceForCaller` or `OnceForAnybody`, and gives the room that makes something
`once.keeping(…)`; one that has to read first whether there is anything to do calls `once` itself.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import Depends, Header, Request, Response

from api.auth.actors import Caller
from api.auth.caller import SignedInCaller  # noqa: TC001 - FastAPI reads the annotations
from api.errors import FieldFault, InvalidRequest
from api.idempotency.attempts import AnsweredBefore, Asked, Once, attempt, nothing_to_see
from api.idempotency.sealing import Shown
from api.idempotency.values import Place
from api.peers import peer_of
from api.requests import ApiParts  # noqa: TC001 - FastAPI reads the annotations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fastapi import FastAPI

    from api.auth.actors import Actor
    from api.parts import Parts

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotency-Replayed"
MOST_CHARACTERS: Final = 255

LASTS_S: Final = 60
"""Seconds that a request may be under way: the database and the node have less for each step."""

REPEAT_PROBLEMS: Final = ("idempotency_key_reused", "idempotency_key_in_use", "answer_sealed")
"""What a route that takes the header can answer with, beside its own."""

Given = Annotated[
    str | None,
    Header(
        alias=HEADER,
        pattern=f"^[\\x21-\\x7e]{{1,{MOST_CHARACTERS}}}$",
        description="Chance of 1 to 255 visible characters that you make for one thing: sent again "
        "with it, it is done once.",
    ),
]


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends a request, and what shows it; where nobody need be signed in, nothing does."""

    name: str
    credential: str = ""


def sender_of(request: Request, actor: Actor) -> Sender:
    """Whoever is signed in, or the program that shows a key."""
    if isinstance(actor, Caller):
        return Sender(f"account {actor.account}", actor.token.secret)
    return Sender(f"API key {actor.id}", request.headers["authorization"].partition(" ")[2])


def anybody(request: Request) -> Sender:
    """Who sends a request where nobody need be signed in."""
    return Sender(f"address {peer_of(request.scope)}")


@contextmanager
def once(
    request: Request,
    parts: Parts,
    sender: Sender,
    body: bytes,
    *,
    lasts_s: int = LASTS_S,
    look: Callable[[], None] = nothing_to_see,
) -> Iterator[Once]:
    """Do what a request asks for once, if it has the header.

    Args:
        request: With the header, or without.
        parts: Of this application.
        sender: Within whose keys it counts.
        body: What is sent, or announced.
        lasts_s: Seconds that it may be under way.
        look: As `attempt` takes it; asked too where there is no header.

    Raises what `attempt` does, and InvalidRequest where the header is there twice.
    """
    keys = request.headers.getlist(HEADER)
    if not keys:
        look()
        yield Once()
        return
    if len(keys) > 1:
        raise InvalidRequest((FieldFault(f"/header/{HEADER.lower()}", "it is there twice"),))
    place = Place(parts.mirror_id, sender.name, request.method, request.url.path, keys[0])
    shown = Shown(sender.credential, keys[0], body)
    with attempt(parts, Asked(place, shown, request.url.query, lasts_s), look) as one:
        yield one


async def _body_of(request: Request) -> bytes:
    return await request.body()


Sent = Annotated[bytes, Depends(_body_of)]
"""The body's bytes, beside what the route makes of them."""


def _for_caller(
    request: Request, parts: ApiParts, caller: SignedInCaller, sent: Sent, key: Given = None
) -> Iterator[Once]:
    del key
    with once(request, parts, sender_of(request, caller), sent) as one:
        yield one


def _for_anybody(
    request: Request, parts: ApiParts, sent: Sent, key: Given = None
) -> Iterator[Once]:
    del key
    with once(request, parts, anybody(request), sent) as one:
        yield one


# What ends after the function and before the answer is sent, so that a claim is given back by then.
OnceForCaller = Annotated[Once, Depends(_for_caller, scope="function")]
"""For a route of whoever is signed in."""

OnceForAnybody = Annotated[Once, Depends(_for_anybody, scope="function")]
"""For a route that asks for nobody: a key counts for the address that it comes from."""


async def _again(_: Request, error: Exception) -> Response:
    if not isinstance(error, AnsweredBefore):
        raise error
    answer = error.answer
    headers = {**answer.headers, REPLAYED: "true"}
    return Response(answer.body, answer.status, headers, "application/json")


def answer_again(app: FastAPI) -> None:
    """Let an application answer as before what was done before."""
    app.add_exception_handler(AnsweredBefore, _again)
