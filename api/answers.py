"""How an error becomes an answer: RFC 9457 problems, all of one shape.

Owns the shape, the handlers of one application and what its OpenAPI document says about problems.
Refuses to know codes: `api.problems` has the table. A request that cannot be read as JSON is 400;
one that can, and does not fit, is 422 with every fault; there is no third shape.
"""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException as StarletteHTTPException

from api.describing import described
from api.errors import (
    ApiError,
    FieldFault,
    InvalidRequest,
    MalformedBody,
    MethodNotAllowed,
    NotFound,
)
from api.links import describe_links
from api.logs import FAULTS, request_id
from api.openapi.wording import say_words
from api.problems import PROBLEMS, kind_of
from marketplace.domain.errors import SeatmarketError
from marketplace.storage.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from api.links import Link
    from api.problem_kind import ProblemKind

MEDIA_TYPE: Final = "application/problem+json"


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="Names the code; relative to this API.")
    title: str = Field(description="The same for every occurrence of the code.")
    status: int = Field(description="The status of this answer.")
    detail: str = Field(description="What happened here, and what to do.")
    code: str = Field(description="Stable: compare this.")
    request_id: str = Field(description="Names this request in the operator's log.")
    cause: str | None = Field(default=None, description="The finer code, where there is one.")


def problem_response(error: Exception) -> Response:
    """Write the problem that an error is."""
    kind = kind_of(error)
    body: dict[str, object] = {
        "type": f"/v1/problems/{kind.code}",
        "title": kind.title,
        "status": int(kind.status),
        "detail": str(error) if kind.shows_sentence else f"{kind.title}. {kind.advice}",
        "code": kind.code,
        "request_id": request_id.get(),
    }
    cause = getattr(error, "code", None)
    if kind.shows_sentence and cause not in {None, kind.code}:
        body["cause"] = cause
    headers: dict[str, str] = {}
    if kind.retry_after_s is not None:
        headers["Retry-After"] = str(kind.retry_after_s)
    if isinstance(error, ApiError):
        body |= error.extensions
        headers |= error.headers
    return JSONResponse(body, kind.status, headers, MEDIA_TYPE)


def answer_with_problems(
    app: FastAPI,
    links: Iterable[Link] = (),
    also: Iterable[Callable[[dict[str, Any]], None]] = (),
    last: Iterable[Callable[[dict[str, Any]], None]] = (),
) -> None:
    """Make every failure of an application a problem, and describe it so.

    Args:
        app: The application.
        links: What its answers lead to.
        also: Each says something more in its OpenAPI document.
        last: Each does so when names and problems are what they will be.
    """
    app.add_exception_handler(SeatmarketError, _failed)
    app.add_exception_handler(StorageError, _failed)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(StarletteHTTPException, _plain)
    openapi = partial(_described, app, links, also, last)
    app.openapi = openapi  # type: ignore[method-assign] # FastAPI's own way


def documented(*codes: str) -> dict[int | str, dict[str, Any]]:
    """Name the problems that a route can answer with, in the form that FastAPI takes."""
    by_status: dict[int | str, list[ProblemKind]] = {}
    for code in dict.fromkeys(codes):
        by_status.setdefault(int(PROBLEMS[code].status), []).append(PROBLEMS[code])
    return {
        status: {
            "model": Problem,
            "description": "; ".join(f"{kind.title} (`{kind.code}`)" for kind in kinds),
        }
        for status, kinds in by_status.items()
    }


async def _failed(_: Request, error: Exception) -> Response:
    answer = problem_response(error)
    if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        FAULTS.error("%s", error, extra={"seen": {"code": getattr(error, "code", "")}})
    return answer


async def _invalid(_: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    faults = error.errors()
    unreadable = next((one for one in faults if one["type"] == "json_invalid"), None)
    if unreadable is not None:
        return problem_response(MalformedBody(str(unreadable["ctx"]["error"])))
    return problem_response(
        InvalidRequest(tuple(FieldFault(_pointer(one["loc"]), _said(one)) for one in faults))
    )


async def _plain(request: Request, error: Exception) -> Response:
    # FastAPI and its router raise these by number; our own code raises errors that have a code.
    if not isinstance(error, HTTPException | StarletteHTTPException):
        raise error
    match error.status_code:
        case 404:
            return problem_response(NotFound())
        case 405:
            allowed = (error.headers or {}).get("Allow", "")
            return problem_response(MethodNotAllowed(request.method, allowed))
        case 400 if isinstance(error.__cause__, ApiError):
            # The edge refused the body while it was being read.
            return problem_response(error.__cause__)
        case 400:
            return problem_response(MalformedBody("it cannot be decoded"))
        case _:
            FAULTS.error("An error came by number: %s", error)
            return problem_response(error)


def _pointer(place: Sequence[object]) -> str:
    return "/" + "/".join(str(step).replace("~", "~0").replace("/", "~1") for step in place)


def _said(fault: Mapping[str, Any]) -> str:
    # The value that was sent is not repeated: it may be a secret in the wrong field.
    return str(fault["msg"]).removeprefix("Value error, ").rstrip(".")


def _described(
    app: FastAPI,
    links: Iterable[Link],
    also: Iterable[Callable[[dict[str, Any]], None]],
    last: Iterable[Callable[[dict[str, Any]], None]],
) -> dict[str, Any]:
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes
        )
        for say in also:
            say(document)
        for path in document["paths"].values():
            for operation in path.values():
                _say_problems(operation["responses"])
        schemas = document["components"]["schemas"]
        # FastAPI's own shape of a 422, which is never sent here.
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        schemas[Problem.__name__] = Problem.model_json_schema()
        document = described(document)
        describe_links(document, links)
        say_words(document)
        for say in last:
            say(document)
        app.openapi_schema = document
    return app.openapi_schema


def _say_problems(responses: dict[str, Any]) -> None:
    for status, response in responses.items():
        if int(status) >= HTTPStatus.BAD_REQUEST:
            response["content"] = {
                MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{Problem.__name__}"}}
            }
