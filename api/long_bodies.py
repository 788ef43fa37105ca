"""JSON bodies that may be longer than others, read once it is known who sends them.

Owns reading and decoding one inside a route, beside the event loop, and that one process does no
more than one such piece of work at a time: a list of 25,000 accounts takes seconds of a core, in
which everybody else is to be answered. Refuses bounds: `api.edge` has them, by address.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar, cast

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from api.errors import MalformedBody
from api.requests import has_json, require_unambiguous
from api.wire import WireModel

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncIterator

    from fastapi import Request

T = TypeVar("T", bound=WireModel)


def described(model: type[WireModel]) -> dict[str, Any]:
    """What OpenAPI says of such a body, which FastAPI does not see."""
    return {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": model.model_json_schema()}},
        }
    }


@asynccontextmanager
async def long_body(request: Request, model: type[T]) -> AsyncIterator[T]:
    """Read and check a body, and do with it what the block does; others wait for their turn.

    Nobody's turn waits for bytes that are still to come.

    Raises MalformedBody, UnsupportedMediaType, RequestValidationError.
    """
    octets = await _octets(request)
    has_json(request)
    turns = cast("asyncio.Lock", request.app.state.long_bodies)
    async with turns:
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
