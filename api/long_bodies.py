"""JSON bodies that may be longer than others, read once it is known who sends them.

Owns reading and decoding one inside a route, beside the event loop, and that one process does no
more than one such piece of work at a time: a list of 25,000 accounts takes seconds of a core, in
which everybody else is to be answered. Of one account there is never a second, not even one that
waits: whoever sends hundreds holds up nobody else's turn. Of all accounts only so many wait, and
the next is told to come again. Refuses bounds of bytes: `api.edge` has them, by address.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from api.errors import LongBodiesBusy, LongBodyUnderWay, MalformedBody
from api.requests import has_json, require_unambiguous
from api.wire import WireModel

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from fastapi import Request

    from marketplace.domain.addresses import ChecksumAddress

T = TypeVar("T", bound=WireModel)


MAX_WAITING: Final = 8
"""Bodies that wait for their turn in one process; each may have 1.5 MiB and holds a connection."""


class Turns:
    """Whose long body one process is working on, and whose wait."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._senders: set[ChecksumAddress] = set()
        self._waiting = 0

    @contextmanager
    def of(self, sender: ChecksumAddress) -> Iterator[None]:
        """The sender's one long body is read and worked on. Raises LongBodyUnderWay."""
        if sender in self._senders:
            raise LongBodyUnderWay
        self._senders.add(sender)
        try:
            yield
        finally:
            self._senders.discard(sender)

    def require_room(self) -> None:
        """Return when one more may wait. Raises LongBodiesBusy."""
        if self._waiting >= MAX_WAITING:
            raise LongBodiesBusy(MAX_WAITING)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for what was there before, and let the next wait. Raises LongBodiesBusy."""
        self.require_room()
        self._waiting += 1
        try:
            await self._turn.acquire()
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._turn.release()


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

    Nobody's turn waits for bytes that are still to come, and no place among those that wait is
    held by them.

    Raises LongBodyUnderWay, LongBodiesBusy, MalformedBody, UnsupportedMediaType,
    RequestValidationError.
    """
    turns = cast("Turns", request.app.state.long_bodies)
    with turns.of(sender):
        # Before a byte is read, and again when it has come to waiting.
        turns.require_room()
        octets = await _octets(request)
        has_json(request)
        async with turns.turn():
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
