"""Owns finding the line of a field in a TOML text, which Python's TOML reader does not keep.

A TOML text is a row of statements, each of which is a TOML text of its own: a header or a key with
its value. A statement ends with the first line after which it can be read alone, so the reader
itself says where the statements are and this module needs no grammar of TOML.

Refuses to judge: it is only asked about texts that could be read as a whole.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from marketplace.launch.faults import Place, Step


_DEEPEST: Final = 8
"""Steps into one statement: no field lies deeper, and hostile brackets cost nothing."""


def lines_of_fields(text: str) -> Mapping[Place, int]:
    """Map each field and table of a valid TOML text to its line, counted from 1.

    Parts of a value that spans lines have the line on which the value begins.
    """
    places: dict[Place, int] = {}
    lengths: dict[Place, int] = {}
    table: Place = ()
    for line, statement in _statements(text):
        tables = tomllib.loads(statement, parse_float=str)
        if not tables:
            continue
        if statement.lstrip().startswith("["):
            table = _header(tables, lengths, counts=statement.lstrip().startswith("[["))
            _note(places, table, line)
        else:
            for below in _leaves(tables):
                _note(places, table + below, line)
    return places


def line_of(places: Mapping[Place, int], place: Place) -> int | None:
    """The line of a field; that of the nearest table around it where the field is missing."""
    for length in range(len(place), 0, -1):
        if place[:length] in places:
            return places[place[:length]]
    return None


def _note(places: dict[Place, int], place: Place, line: int) -> None:
    for length in range(1, len(place) + 1):
        places.setdefault(place[:length], line)


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """First line and text of each statement; comments and blank lines are statements too."""
    begun: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        begun.append(line)
        statement = "\n".join(begun)
        try:
            tomllib.loads(statement)
        except tomllib.TOMLDecodeError:
            continue
        yield number - len(begun) + 1, statement
        begun = []


def _header(tables: Mapping[str, object], lengths: dict[Place, int], *, counts: bool) -> Place:
    """The place that a header opens; inside lists of tables it is the newest entry."""
    place: Place = ()
    below: object = tables
    while isinstance(below, dict) and below:
        name, below = next(iter(below.items()))
        place += (name,)
        last = not isinstance(below, dict) or not below
        if last and counts:
            lengths[place] = lengths.get(place, 0) + 1
        if place in lengths:
            place += (lengths[place] - 1,)
    return place


def _leaves(value: object, depth: int = _DEEPEST) -> Iterator[Place]:
    """The places inside a statement, outer before inner; what lies deeper has the outer line."""
    if depth == 0:
        return
    children: list[tuple[Step, object]] = []
    if isinstance(value, dict):
        children = list(value.items())
    elif isinstance(value, list):
        children = list(enumerate(value))
    for step, child in children:
        yield (step,)
        yield from ((step, *rest) for rest in _leaves(child, depth - 1))
