"""What the document says of response headers: which are sent, where, and whether always.

Owns the table. What problems carry is read off their examples, which are real answers; what counted
requests are told follows from their class. A header stands once among the document's components.
Refuses headers of security and of transport, which are the same everywhere and nobody's to read:
docs/api.md names the former, and HTTP knows the latter.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from api.idempotency.asking import HEADER, REPLAYED
from api.limits.classes import class_of
from api.limits.errors import LIMIT, POLICY
from api.openapi.codes import codes_of, is_problem, operations_of
from api.openapi.examples.problems import examples_of, problem_examples

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.openapi.codes import Operation

_PLACE: Final = "#/components/headers/"
_REQUEST_ID: Final = "X-Request-Id"
_KEEPING: Final = "Cache-Control"

SAID: Final[Mapping[str, str]] = {
    _REQUEST_ID: "Names this request in the operator's log.",
    _KEEPING: "Whether the answer may be kept: `no-store` unless the operation says otherwise.",
    POLICY: "The quota that this counts under, the tighter of two: `q` requests in `w` seconds.",
    LIMIT: "What is left of it: `r` requests; all of them after `t` seconds.",
    "Retry-After": "Seconds after which asking again may help.",
    "WWW-Authenticate": "How clients authenticate.",
    "Set-Cookie": "Gives a browser a cookie, or takes it away; no other client gets one.",
    "ETag": "Names this state of what is shown: for If-None-Match, If-Match and If-Range.",
    REPLAYED: "`true`: it was done before, and this is what was answered then.",
    "Content-Range": "Which bytes these are, and of how many.",
    "Accept-Ranges": "That parts can be asked for.",
    "Content-Disposition": "A name for the file.",
    "X-Accel-Buffering": "`no`: a proxy in between shall pass on what comes as it comes.",
    "Seats-As-Of-Block": "The block that the bytes are of.",
    "Seats-Block-Hash": "The hash of that block.",
}
"""Every header that is documented, and what it is for."""

_PICTURE: Final = {"ETag": True, "Seats-As-Of-Block": True, "Seats-Block-Hash": True}
_FILE: Final = {"ETag": True, "Accept-Ranges": True, "Content-Disposition": True}
_COOKIE: Final = {"Set-Cookie": False}
_STREAM: Final = {"X-Accel-Buffering": True}
_TAGGED: Final = {"ETag": True}

_SENT: Final[Mapping[tuple[str, str], Mapping[str, bool]]] = {
    ("ask_for_nonce", "201"): _COOKIE,
    ("verify", "201"): _COOKIE,
    ("sign_out", "204"): _COOKIE,
    ("show_product", "200"): _TAGGED,
    ("show_product", "304"): _TAGGED,
    ("show_terms", "200"): _TAGGED,
    ("show_terms", "304"): _TAGGED,
    ("show_metadata", "200"): _PICTURE,
    ("show_metadata", "304"): _PICTURE,
    ("show_image", "200"): _PICTURE,
    ("show_image", "304"): _PICTURE,
    ("stream_recording", "200"): _FILE,
    ("stream_recording", "206"): {**_FILE, "Content-Range": True},
    ("stream_recording", "304"): _TAGGED,
    ("describe_stream", "200"): _FILE,
    ("describe_stream", "206"): {**_FILE, "Content-Range": True},
    ("describe_stream", "304"): _TAGGED,
    ("stream_events", "200"): _STREAM,
    ("stream_my_events", "200"): _STREAM,
    ("stream_presences", "200"): _STREAM,
    ("register_endpoint", "201"): _TAGGED,
    ("show_endpoint", "200"): _TAGGED,
    ("edit_endpoint", "200"): _TAGGED,
}
"""What is sent with what was asked for, by operation and status; true: always."""


def say_headers(document: dict[str, Any]) -> None:
    """Name the headers of every answer."""
    used: dict[str, Any] = document["components"].setdefault("headers", {})
    for operation in operations_of(document):
        for status, response in operation.responses.items():
            sent = {_REQUEST_ID: True, _KEEPING: True, **_counted(operation)}
            sent |= _of_problems(operation, response) if is_problem(status) else {}
            sent |= _of_answers(operation, status)
            for name, always in sent.items():
                component = name if always else f"{name}-sometimes"
                used.setdefault(component, _header(name, always=always))
            response["headers"] = {
                name: {"$ref": f"{_PLACE}{name if always else f'{name}-sometimes'}"}
                for name, always in sent.items()
            }


def _header(name: str, *, always: bool) -> dict[str, Any]:
    said: dict[str, Any] = {"description": SAID[name], "schema": {"type": "string"}}
    return {**said, "required": True} if always else said


def _counted(operation: Operation) -> dict[str, bool]:
    # An operator may set no quota, and then nothing is counted.
    counted = class_of(operation.method, operation.path) is not None
    return dict.fromkeys((POLICY, LIMIT), False) if counted else {}


def _of_answers(operation: Operation, status: str) -> Mapping[str, bool]:
    if is_problem(status):
        return {}
    repeated = HEADER.lower() in {name.lower() for name in operation.parameters}
    return {
        **({REPLAYED: False} if repeated else {}),
        **_SENT.get((operation.name, status), {}),
    }


def _of_problems(operation: Operation, response: dict[str, Any]) -> dict[str, bool]:
    shown = [
        problem_examples()[name].headers
        for code in codes_of(response)
        for name in examples_of(operation, code)
    ]
    known = {name.lower(): name for name in SAID}
    sent = Counter(known[name] for headers in shown for name in set(headers) & known.keys())
    return {
        name: count == len(shown) for name, count in sent.items() if name not in {POLICY, LIMIT}
    }
