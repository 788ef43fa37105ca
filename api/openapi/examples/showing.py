"""The examples of the document: whole requests and answers of one story.

Owns putting them where they belong, and that none is left over. Refuses problems:
`api.openapi.problems` shows them. An operation that answers several times alike (a listing that was
kept, now or before) shows the same.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from api.openapi.codes import is_problem, operations_of
from api.openapi.examples import (
    access,
    catalogue,
    holding,
    market,
    offers,
    people,
    rooms,
    seats,
    steering,
    waiting,
    webhooks,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from api.openapi.examples.story import Json, Shown

_ROOMS: Final = (
    people,
    access,
    catalogue,
    seats,
    holding,
    steering,
    market,
    offers,
    waiting,
    rooms,
    webhooks,
)


@cache
def bodies() -> Shown:
    """What requests hold, by the operation's name."""
    return _joined([room.bodies() for room in _ROOMS])


@cache
def answers() -> Shown:
    """What successful answers hold."""
    return _joined([room.answers() for room in _ROOMS])


def show_examples(document: dict[str, Any]) -> None:
    """Give each body and each successful answer its examples."""
    for operation in operations_of(document):
        for content in _shown(operation.said.get("requestBody", {})):
            _show(content, bodies().get(operation.name, {}))
        for status, response in operation.responses.items():
            if not is_problem(status):
                for content in _shown(response):
                    _show(content, answers().get(operation.name, {}))


def is_bytes(content: Mapping[str, Any]) -> bool:
    """Whether something is bytes, of which OpenAPI has no way to show an example."""
    schema: Mapping[str, Any] = content.get("schema", {})
    return schema.get("format") == "binary"


def _shown(said: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield from (one for one in said.get("content", {}).values() if not is_bytes(one))


def _show(content: dict[str, Any], shown: Mapping[str, Json]) -> None:
    if shown:
        content["examples"] = {name: {"value": value} for name, value in shown.items()}


def _joined(shown: list[Shown]) -> Shown:
    found = {name: one for part in shown for name, one in part.items()}
    if len(found) != sum(map(len, shown)):
        raise ValueError("two modules have examples of one operation")
    return found
