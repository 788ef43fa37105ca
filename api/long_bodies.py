"""JSON bodies that may be longer than others, read once it is known who sends them.

Owns reading and decoding one inside a route. Refuses bounds: `api.edge` has them, by address.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.requests import ClientDisconnect

from api.errors import MalformedBody
from api.requests import json_only
from api.wire import WireModel

if TYPE_CHECKING:
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


async def read_body(request: Request, model: type[T]) -> T:
    """Read and check a body. Raises MalformedBody, UnsupportedMediaType, RequestValidationError."""
    octets = await _octets(request)
    # Not among the dependencies: those come before it is known who sends.
    await json_only(request)
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
