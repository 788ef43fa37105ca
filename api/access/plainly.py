"""The access check's short way: a question in its plainest form, read without the framework.

Owns recognising that form, which is how every client writes a question that is one: known names,
each once, values that need no escapes and fit. Whatever else comes goes the framework's way, which
takes several times as long, decides what is refused and says why; so there is one set of rules, and
this is an excerpt of it. Refuses to refuse anything.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from api.access.asked import Asked
from api.access.bodies import MAX_RECORDING_CHARACTERS
from api.gate.values import Action, Level
from api.places import MAX_BLOCK, MAX_SESSION
from api.requests import JsonRoute
from marketplace.domain.ids import MAX_DROP

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from fastapi import Request, Response

_NUMBER: Final = re.compile(rb"0|[1-9][0-9]{0,15}")
_ID: Final = re.compile(rb"[A-Za-z0-9_-]{1,%d}" % MAX_RECORDING_CHARACTERS)
_ACTIONS: Final = {action.value.encode(): action for action in Action}
_LEVELS: Final = {level.value.encode(): level for level in Level}
_NAMES: Final = frozenset({b"action", b"drop", b"session", b"recording", b"level", b"min_block"})
"""Of all parameters; the two that a question must have come first."""


def plain_question(query: bytes) -> tuple[Asked, int] | None:
    """What a query string asks, with its `min_block`; None when the framework has to read it."""
    parts = query.split(b"&")
    given: dict[bytes, bytes] = {}
    for part in parts:
        name, _, value = part.partition(b"=")
        given[name] = value
    if len(given) != len(parts) or not given.keys() <= _NAMES:
        return None
    action = _ACTIONS.get(given.get(b"action", b""))
    drop = _number(given, b"drop", 1, MAX_DROP)
    session = _number(given, b"session", 1, MAX_SESSION)
    least_block = _number(given, b"min_block", 0, MAX_BLOCK)
    recording = given.get(b"recording")
    level = _LEVELS.get(given.get(b"level", b"latest"))
    if (
        action is None
        or drop is None
        or level is None
        or (session is None and b"session" in given)
        or (least_block is None and b"min_block" in given)
        or (recording is not None and not _ID.fullmatch(recording))
    ):
        return None
    asked = Asked(action, drop, session, None if recording is None else recording.decode(), level)
    return None if any(asked.faults("")) else (asked, least_block or 0)


def _number(given: dict[bytes, bytes], name: bytes, least: int, most: int) -> int | None:
    text = given.get(name)
    if text is None or not _NUMBER.fullmatch(text):
        return None
    number = int(text)
    return number if least <= number <= most else None


def short_way(
    answer: Callable[[Request, Asked, int], Coroutine[Any, Any, Response]],
) -> type[JsonRoute]:
    """Make the class of a route that answers plain questions at once.

    Args:
        answer: Does what the route's own function does, with what its parameters would be.
    """

    class ShortWay(JsonRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handle = super().get_route_handler()

            async def handled(request: Request) -> Response:
                plain = plain_question(request.scope["query_string"])
                if plain is None:
                    return await handle(request)
                return await answer(request, *plain)

            return handled

    return ShortWay
