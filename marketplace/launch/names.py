"""Owns the names in a launch file: each stands once, and phases and sessions name tiers that are.

Owns also that a resale's turns go with its audience. Refuses to compare names loosely: "Access" and
"access" are two names.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from marketplace.launch.faults import Place
    from marketplace.launch.sections import Draft, Faults


def unique(table: str, names: Sequence[str | None], faults: Faults) -> None:
    """Note every name that an earlier entry of the same list has."""
    first: dict[str, int] = {}
    for index, name in enumerate(names):
        if name is None:
            continue
        if name in first:
            why = f'"{name}" is already the name of {table}[{first[name] + 1}]'
            faults.add((table, index, "name"), why, "choose another")
        else:
            first[name] = index


def tier_indexes(draft: Draft, faults: Faults) -> dict[str, int]:
    """Map tier names to their places, and note phases and sessions of tiers that there are not.

    While a tier could not be read, its name is unknown and nobody is blamed for it.
    """
    indexes: dict[str, int] = {}
    for index, tier in enumerate(draft.tiers):
        if tier is not None:
            indexes.setdefault(tier.name, index)
    if None in draft.tiers or not draft.tiers:
        return indexes
    for index, phase in enumerate(draft.phases):
        if phase is not None:
            _known(phase.tier, indexes, ("phases", index, "tier"), faults)
    for index, session in enumerate(draft.sessions):
        named = (session.tiers or ()) if session is not None else ()
        for position, name in enumerate(named):
            place = ("sessions", index, "tiers", position)
            _known(name, indexes, place, faults)
            if name in named[:position]:
                faults.add(place, f'"{name}" stands in the list twice', "name it once")
    return indexes


def _known(name: str, indexes: dict[str, int], place: Place, faults: Faults) -> None:
    if name not in indexes:
        near = difflib.get_close_matches(name, indexes, n=1)
        remedy = f'did you mean "{near[0]}"' if near else f"known are {', '.join(indexes)}"
        faults.add(place, f'there is no tier "{name}"', remedy)


def turns_with_a_wait_list(draft: Draft, faults: Faults) -> None:
    """Note a wait-list without a turn, and a turn without a wait-list."""
    resale = draft.resale
    if resale is None or (resale.audience == "wait_list") is (resale.turn is not None):
        return
    if resale.turn is None:
        faults.add(
            ("resale", "turn"),
            "it is missing",
            'add how long each account of the wait-list has a seat to itself, as in "12 hours"',
        )
    else:
        faults.add(
            ("resale", "turn"),
            "nobody has turns",
            'remove it, or write audience = "wait_list"',
        )
