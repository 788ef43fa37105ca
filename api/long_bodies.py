"""JSON bodies that may be longer than others, read once it is known who sends them.

Owns reading and decoding one inside a route, beside the event loop, and that one process does no
more than one such piece of work at a time: a list of 25,000 accounts takes seconds of a core, in
which everybody else is to be answered. Of one account there is never a second, not even one that
waits: whoever sends hundreds holds up nobody else's turn. Refuses bounds: `api.edge` has them, by
address.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any, TypeVar, cast

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from api.errors import LongBodyUnderWay, MalformedBody
from api.requests import has_json, require_unambiguous
from api.wire import WireModel

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from fastapi import Request

    from marketplace.domain.addresses import ChecksumAddress

T = TypeVar("T", bound=WireModel)


class Turns:
    """Whose long body one process is working on, and whose wait."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._senders: set[ChecksumAddress] = set()

    @contextmanager
    def of(self, sender: ChecksumAddress) -> Iterator[asyncio.Lock]:
        """What the sender's one long body waits for. Raises LongBodyUnderWay."""
        if sender in self._senders:
            raise LongBodyUnderWay
        self._senders.add(sender)
        try:
            yield self._turn
        finally:
            self._senders.discard(sender)


def described(model: type[WireModel]) -> dict[str, Any]:
    """What OpenAPI says of such a body, which FastAPI does not see."""
    return {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": model.model_json_schema()}},
        }
    }


@asynccontextmanager
async def long_body(request: Request, model: type[T], sender: ChecksumAddress) -> AsyncIterator[T]:
    """Read and check a body, and do with it what the block does; others wait for their turn.

    Nobody's turn waits for bytes that are still to come.

    Raises LongBodyUnderWay, MalformedBody, UnsupportedMediaType, RequestValidationError.
    """
    turns = cast("Turns", request.app.state.long_bodies)
    with turns.of(sender) as turn:
        octets = await _octets(request)
        has_json(request)
        async with turn:
            yield await run_in_threadpool(_decoded, octets, model)


def _decoded(octets: bytes, model: type[T]) -> T:
    # Not among the dependencies: those come before it is known who sends.
    require_unambiguous(octets)
    try:
        return model.model_validate_json(octets)
    except ValidationError as error:
        # As the framework reports a body that it has read itself.
        faults = error.errors(include_url=False, include_input=False)
        raise RequestValidationError(
            [{**fault, "loc": ("body", *fault["loc"])} for fault in faults]
        ) from error


async def _octets(request: Request) -> bytes:
    try:
        return await request.body()
    except ClientDisconnect as error:
        raise MalformedBody("the connection ended before it did") from error
