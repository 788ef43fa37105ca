"""The storage layout as people read it: labels instead of the compiler's identifiers.

Owns the shape of the layout in artifacts and in the committed snapshot. Refuses to judge a
change: a test compares, and a reviewer decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scripts.toolchain.solc_json import StorageLayout, StorageType, StorageVariable


class Place(TypedDict):
    """Where a variable or struct member lies: slot (relative within a struct) and byte offset."""

    label: str
    slot: int
    offset: int
    bytes: int
    type: str


class ReadableLayout(TypedDict):
    """State variables in order, and the members of every struct that they lead to."""

    variables: list[Place]
    structs: dict[str, list[Place]]


def readable(layout: StorageLayout) -> ReadableLayout:
    """Rewrite the compiler's `layout` without identifiers that change with unrelated edits."""
    types = layout["types"] or {}
    structs = {
        kind["label"]: _places(kind["members"], types)
        for kind in types.values()
        if "members" in kind
    }
    return ReadableLayout(
        variables=_places(layout["storage"], types), structs=dict(sorted(structs.items()))
    )


def _places(variables: Sequence[StorageVariable], types: Mapping[str, StorageType]) -> list[Place]:
    return [
        Place(
            label=variable["label"],
            slot=int(variable["slot"]),
            offset=variable["offset"],
            bytes=int(types[variable["type"]]["numberOfBytes"]),
            type=types[variable["type"]]["label"],
        )
        for variable in variables
    ]
