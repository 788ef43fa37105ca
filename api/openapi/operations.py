"""What the document says of an operation beside its route's docstring.

Owns the summary, which is the docstring's first sentence up to a colon or semicolon, and what
follows from the operation's own credentials, parameters and quota, so that it is written nowhere
twice. Refuses to say what a route does: its docstring does.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from api.limits.classes import class_of, cost_of
from api.openapi.schemas import operations_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.openapi.schemas import Json

_UNSAID: Final = "Successful Response"
"""What FastAPI says where nothing was said."""

_KEY: Final = frozenset({"key"})
_SESSION: Final = frozenset({"session", "cookie"})

_WHO: Final = {
    (frozenset[str](), False): "anybody; no credential is looked at.",
    (_SESSION, False): "anybody; the answer depends on who is signed in, if somebody is. "
    "No API key is taken.",
    (_SESSION | _KEY, False): "anybody; the answer depends on who is signed in, if somebody is. "
    "An API key is taken with the scope that is named above.",
    (_SESSION, True): "whoever is signed in. No API key is taken.",
    (_SESSION | _KEY, True): "whoever is signed in, or a program whose API key has the scope that "
    "is named above.",
    (_KEY, True): "a program whose API key has the scope that is named above.",
}
"""By what an operation can be shown, and whether it must be."""

_WITH: Final = {
    "level": "**As of** the newest mirrored block, unless `level` asks for an older one that is "
    "more certain.",
    "block": "**As of** the newest mirrored block, unless `level` asks for an older one that is "
    "more certain, or `block` for one by its number.",
    "min_block": "**Lately changed?** Name the block of the change as `min_block`: what our copy "
    "of the chain has not reached yet is 503 `mirror_behind`, and never a no.",
    "Idempotency-Key": "**Sent again** with the same `Idempotency-Key` it is done once, and "
    "answered as the first time.",
    "limit": "**Pages:** give `next` as `after` to get the next one; null: this is the last.",
    "if-none-match": "**Kept already?** `If-None-Match` with the ETag that came with it: 304, "
    "without a body.",
}
"""What a parameter, or a member of the body, says about the whole."""


def say_operations(document: Json) -> None:
    """Give every operation its summary, what follows from its parts, and its good answers."""
    for path, method, operation in operations_of(document):
        said = operation.get("description", "")
        operation["summary"] = summary_of(said)
        operation["description"] = "\n\n".join([said, *_following(document, path, method)])
        for status, response in operation["responses"].items():
            if response["description"] == _UNSAID:
                response["description"] = _answered(document, int(status), response)


def summary_of(docstring: str) -> str:
    """The first sentence of a docstring, up to a colon or semicolon, without its full stop."""
    return re.split(r"[.:;](?:\s|$)", docstring, maxsplit=1)[0]


def who_may_ask(operation: Json) -> str:
    """Who may ask for an operation, by the credentials that it names."""
    shown = operation.get("security", [])
    schemes = frozenset(scheme for one in shown for scheme in one)
    return _WHO[schemes, bool(shown) and {} not in shown]


def _following(document: Json, path: str, method: str) -> Iterator[str]:
    operation = document["paths"][path][method]
    yield f"**Who may ask:** {who_may_ask(operation)}"
    named = {one["name"] for one in operation.get("parameters", ())}
    named |= _members_of_body(document, operation)
    if "block" in named:
        named -= {"level"}
    if path.startswith("/v1/access/"):
        # There it is the right that must be so settled; the block is the newest.
        named -= {"level"}
    yield from (said for name, said in _WITH.items() if name in named)
    counted, cost = class_of(method.upper(), path), cost_of(path)
    if counted is not None:
        many = "one request" if cost == 1 else f"{cost} requests"
        yield f"**Counts as** {many} of the class `{counted}`."


def _members_of_body(document: Json, operation: Json) -> set[str]:
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    name = schema.get("$ref", "").rpartition("/")[2]
    found = document["components"]["schemas"].get(name, schema)
    # Of the body only what is a parameter elsewhere; `level` there is of one question of many.
    return {name for name in ("min_block",) if name in found.get("properties", {})}


def _answered(document: Json, status: int, response: Json) -> str:
    if status == HTTPStatus.NO_CONTENT:
        return "Done; there is nothing to say."
    schema = response.get("content", {}).get("application/json", {}).get("schema", {})
    name = schema.get("$ref", "").rpartition("/")[2]
    described: str = document["components"]["schemas"].get(name, {}).get("description", "")
    return described.partition("\n\n")[0]
