"""Owns the names inside a launch file: each stands once, and a phase names a tier that exists.

Refuses to compare names loosely: "Access" and "access" are two names.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    """Map tier names to their places, and note phases of tiers that there are not.

    While a tier could not be read, its name is unknown and no phase is blamed for it.
    """
    indexes: dict[str, int] = {}
    for index, tier in enumerate(draft.tiers):
        if tier is not None:
            indexes.setdefault(tier.name, index)
    if None in draft.tiers or not draft.tiers:
        return indexes
    for index, phase in enumerate(draft.phases):
        if phase is None or phase.tier in indexes:
            continue
        near = difflib.get_close_matches(phase.tier, indexes, n=1)
        remedy = f'did you mean "{near[0]}"' if near else f"known are {', '.join(indexes)}"
        faults.add(("phases", index, "tier"), f'there is no tier "{phase.tier}"', remedy)
    return indexes
