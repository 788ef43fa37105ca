"""How names of the ABI are written in Python.

Owns one rule for fields and one for error classes, so that parity can be tested by machine.
"""

from __future__ import annotations

import re
from collections import Counter
from keyword import iskeyword
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def snake_name(name: str) -> str:
    """Write a Solidity name in snake case: `maxTotal` is `max_total`, `from` is `from_`."""
    snake = _HUMP.sub("_", name).lower()
    return f"{snake}_" if iskeyword(snake) else snake


def error_class_names(names: Iterable[str]) -> Mapping[str, str]:
    """Name the Python class of each Solidity error.

    The room's prefix goes (`SeatMarket_ListingExpired` is `ListingExpired`), except where two
    rooms would then share a name: both keep it, without the underscore (`SeatDropsPaused`).
    """
    full = list(names)
    short = {name: name.rpartition("_")[2] for name in full}
    seen = Counter(short.values())
    return {name: short[name] if seen[short[name]] == 1 else name.replace("_", "") for name in full}
