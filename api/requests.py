"""What every route checks before it reads a request.

Owns the dependencies that are the same everywhere: the parts of this application, no query
parameter that the route does not know, and JSON bodies said to be JSON and decoded within bounds.
Refuses callers: who they are is `api.auth.caller`'s.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any, Final, cast

from fastapi import Depends, Request
from fastapi.dependencies.utils import get_flat_params
from fastapi.params import Cookie, Header, Path
from fastapi.routing import APIRoute
from pydantic import TypeAdapter, ValidationError

from api.errors import FieldFault, InvalidRequest, MalformedBody, UnsupportedMediaType
from api.parts import Parts

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from fastapi import Response

_JSON: Final = "application/json"
_ANYTHING: Final = TypeAdapter[Any](Any)


async def parts_of(request: Request) -> Parts:
    """Give the parts that this application was created with."""
    return cast("Parts", request.app.state.parts)


ApiParts = Annotated[Parts, Depends(parts_of)]
"""The parts, for a route that asks for them."""


async def known_parameters_only(request: Request) -> None:
    """Refuse query parameters that the route does not declare, and those that are there twice."""
    route = request.scope.get("route")
    if not request.query_params or not isinstance(route, APIRoute):
        return
    declared = get_flat_params(route.dependant)
    # The fields of a model of parameters carry no mark of their own.
    elsewhere = (Path, Header, Cookie)
    known = {one.alias for one in declared if not isinstance(one.field_info, elsewhere)}
    counts = Counter(name for name, _ in request.query_params.multi_items())
    faults = [
        FieldFault(f"/query/{name}", "this parameter is unknown here")
        for name in counts
        if name not in known
    ]
    # One reader takes the first value and another the last.
    faults += [
        FieldFault(f"/query/{name}", "it is there twice")
        for name, count in counts.items()
        if name in known and count > 1
    ]
    if faults:
        raise InvalidRequest(tuple(faults))


async def json_only(request: Request) -> None:
    """Refuse a body that is not said to be JSON, or that two readers could read as two things."""
    if has_json(request):
        require_unambiguous(await request.body())


def has_json(request: Request) -> bool:
    """Whether there is a body, which must be said to be JSON. Raises UnsupportedMediaType.

    A form of another site can send only types that are not JSON without asking first.
    """
    headers = request.headers
    if headers.get("content-length", "0") == "0" and "transfer-encoding" not in headers:
        return False
    sent = headers.get("content-type", "nothing").partition(";")[0].strip().lower()
    if sent != _JSON:
        raise UnsupportedMediaType(sent)
    return True


def require_unambiguous(octets: bytes) -> None:
    """Refuse bytes that are no JSON, or that two readers could read as two things.

    Of a name that is there twice, one reader takes the first value and another the last (RFC 8259,
    4), and what is no number to JSON is one to Python.

    Raises MalformedBody.
    """
    _require_shallow(octets)
    try:
        json.loads(octets, object_pairs_hook=_named_once, parse_constant=_no_constant)
    except ValueError as error:
        raise MalformedBody("it cannot be decoded") from error


class JsonRoute(APIRoute):
    """A route with a JSON body, which the framework decodes before any dependency is asked."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Give the framework's own handler a request that is decoded within bounds."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            return await handle(_Bounded(request.scope, request.receive))

        return handled


class _Bounded(Request):
    async def json(self) -> object:
        _require_shallow(await self.body())
        return await super().json()


def _require_shallow(octets: bytes) -> None:
    """Refuse what nests more than 200 levels deep.

    Python's decoder goes as deep as the recursion limit lets it, which other code of a process may
    have raised beyond what the stack holds: then brackets end the process.
    """
    try:
        _ANYTHING.validate_json(octets)
    except ValidationError as error:
        raise MalformedBody(error.errors()[0]["ctx"]["error"]) from error


def _named_once(pairs: list[tuple[str, object]]) -> None:
    if len({name for name, _ in pairs}) != len(pairs):
        raise MalformedBody("a name is there twice in one object")


def _no_constant(_: str) -> None:
    raise MalformedBody("NaN and Infinity are no numbers")
