"""What every answer has of the document: its status, its code, its headers, an example like it.

Owns the comparison, which each answer goes through that a client in this process gets. Refuses to
look at addresses that the document does not have, and at headers that are the same everywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from api.edge import SECURITY_HEADERS
from api.openapi.codes import codes_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

EVERYWHERE: Final = frozenset(
    {
        *(name.lower() for name in SECURITY_HEADERS),
        "strict-transport-security",
        "connection",
        "content-length",
        "content-type",
        "transfer-encoding",
    }
) - {"cache-control"}
"""Headers of security and of transport."""


def faults_of(
    document: dict[str, Any], method: str, path: str, answer: httpx.Response
) -> list[str]:
    """What of an answer the document does not say.

    Args:
        document: The API's.
        method: Of the request.
        path: The route's own text; what the document does not have is not looked at.
        answer: What came.
    """
    operation = document["paths"].get(path, {}).get(method.lower())
    if operation is None:
        return []
    response = operation["responses"].get(str(answer.status_code))
    if response is None:
        return [f"{method} {path} answers {answer.status_code}, and the document does not say so"]
    named = f"{method} {path} {answer.status_code}"
    return [
        f"{named}: {fault}"
        for fault in (
            *_of_headers(document, response, answer),
            *_of_body(document, response, answer),
        )
    ]


def _of_headers(
    document: dict[str, Any], response: dict[str, Any], answer: httpx.Response
) -> Iterator[str]:
    said = {
        name.lower(): resolved(document, one).get("required", False)
        for name, one in response["headers"].items()
    }
    for name in answer.headers.keys() - EVERYWHERE - said.keys():
        yield f"the header {name} is sent and not documented"
    for name in (one for one, always in said.items() if always and one not in answer.headers):
        yield f"the header {name} is always sent, says the document, and was not"


def _of_body(
    document: dict[str, Any], response: dict[str, Any], answer: httpx.Response
) -> Iterator[str]:
    kind = answer.headers.get("content-type", "").partition(";")[0]
    content = response.get("content", {}).get(kind)
    if content is None or not kind.endswith("json") or not answer.content:
        return
    real = answer.json()
    examples = {
        name: resolved(document, one)["value"] for name, one in content.get("examples", {}).items()
    }
    if answer.is_error:
        if real["code"] not in codes_of(response):
            yield f"{real['code']} is not documented"
            return
        examples = {name: one for name, one in examples.items() if one["code"] == real["code"]}
    elif "$ref" not in content.get("schema", {}):
        # Other people's JSON: a drop's terms, a seat's metadata.
        return
    if not any(is_like(real, example) for example in examples.values()):
        yield f"it is like none of the examples {sorted(examples)}: {answer.text}"


def resolved(document: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    """What is said, or what is referred to."""
    while "$ref" in said:
        found: Any = document
        for step in said["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        said = found
    return said


def is_like(real: object, example: object) -> bool:
    """Whether both have the same members, as deep as both have any."""
    if isinstance(real, dict) and isinstance(example, dict):
        return real.keys() == example.keys() and all(
            is_like(value, example[name]) for name, value in real.items()
        )
    if isinstance(real, list) and isinstance(example, list) and example:
        return all(any(is_like(one, shown) for shown in example) for one in real)
    # What may be null shows one of both.
    if real is None or example is None:
        return True
    return isinstance(real, dict) is isinstance(example, dict)
