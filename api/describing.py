"""What the OpenAPI document says beyond its operations: names, and what a request shows.

Owns the short names of what two rooms call alike, and the schemes of sessions and keys. Who may
ask is read off the problems that an operation documents, so that nothing is said twice. Refuses
problems, links and words: `api.answers`, `api.links` and `api.openapi` have them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from api.auth.cookies import SESSION

if TYPE_CHECKING:
    from collections.abc import Iterator

_SCHEMAS: Final = "#/components/schemas/"
_SCHEMES: Final[dict[str, dict[str, str]]] = {
    "session": {
        "type": "http",
        "scheme": "bearer",
        "description": "The `token` of POST /v1/auth/verify.",
    },
    "cookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": SESSION,
        "description": "A browser's session; with everything but GET also X-CSRF-Token.",
    },
    "key": {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key, of POST /v1/api-keys.",
    },
}


def operation_name(route: Any) -> str:  # noqa: ANN401 - FastAPI's own type of any route
    """An operation is called as its function is; two of one name fail when they are described."""
    return str(route.name)


def described(document: dict[str, Any]) -> dict[str, Any]:
    """A document with short names and with what a request shows."""
    found = _with_short_names(document)
    # Where it was read, whichever address that was; some programs want it said.
    found["servers"] = [{"url": "/"}]
    found["components"]["securitySchemes"] = dict(_SCHEMES)
    named: set[str] = set()
    for operation in _operations(found):
        name = operation["operationId"]
        if name in named:
            raise ValueError(f"two operations are called {name}")
        named.add(name)
        shown: list[dict[str, list[str]]] = [
            {scheme: []} for scheme in _shown(operation["responses"])
        ]
        if shown:
            operation["security"] = shown if _is_required(operation["responses"]) else [{}, *shown]
    return found


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in document["paths"].values():
        yield from path.values()


def _shown(responses: dict[str, Any]) -> Iterator[str]:
    refused = responses.get("401", {}).get("description", "")
    if "`session_ended`" in refused:
        yield from ("session", "cookie")
    if "`api_key_ended`" in refused:
        yield "key"


def _is_required(responses: dict[str, Any]) -> bool:
    refused = responses["401"]["description"]
    # Where a session may be over and need not be there, a key is needed for a part alone.
    keys_alone = "`api_key_required`" in refused and "`session_ended`" not in refused
    return "`sign_in_required`" in refused or keys_alone


def _with_short_names(document: dict[str, Any]) -> dict[str, Any]:
    """Call `api__auth__bodies__SessionAnswer` after its room: `AuthSessionAnswer`."""
    text = json.dumps(document)
    schemas = document["components"]["schemas"]
    for name in [name for name in schemas if "__" in name]:
        _, room, *_, last = name.split("__")
        short = f"{room.capitalize()}{last}"
        if short in schemas:
            raise ValueError(f"two schemas are called {short}")
        text = text.replace(f'"{_SCHEMAS}{name}"', f'"{_SCHEMAS}{short}"')
        text = text.replace(f'"{name}": ', f'"{short}": ')
    found: dict[str, Any] = json.loads(text)
    return found
