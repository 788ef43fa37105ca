"""Paths of names in tokens: `drop.tiers[i].sales`, and who is asked about one.

Owns finding their ends. Refuses to know what a name means.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.toolchain.tokens import closing, opening

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scripts.toolchain.tokens import Token


def path_to(tokens: Sequence[Token], end: int) -> tuple[int, bool]:
    """Where the last name of the path that ends at `end` is, and whether it is looked up in."""
    indexed = tokens[end].text == "]"
    while tokens[end].text == "]":
        end = opening(tokens, end) - 1
    return end, indexed


def path_from(tokens: Sequence[Token], start: int) -> tuple[int, bool]:
    """Where the last name of the path that begins at `start` is, and whether it is looked up in."""
    last, indexed, place = start, False, start
    while place + 1 < len(tokens) and tokens[place + 1].text in {".", "["}:
        indexed = tokens[place + 1].text == "["
        if indexed:
            place = closing(tokens, place + 1)
        else:
            last = place = place + 2
    return last, indexed


def asked_by(tokens: Sequence[Token], place: int) -> int | None:
    """Where the name of the call is whose whole argument stands at `place`."""
    around = [tokens[it].text if 0 <= it < len(tokens) else "" for it in (place - 1, place + 1)]
    if around[0] not in {"(", ","} or around[1] not in {",", ")"}:
        return None
    depth = 0
    for start in range(place - 1, 0, -1):
        depth += (tokens[start].text in {")", "]", "}"}) - (tokens[start].text in {"(", "[", "{"})
        if depth < 0:
            named = tokens[start].text == "(" and tokens[start - 1].kind == "word"
            return start - 1 if named else None
    return None
