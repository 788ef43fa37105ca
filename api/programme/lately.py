"""Programmes that were read a moment ago.

Owns keeping them for a few seconds, so that a door that hundreds stand before does not read and
compare the same text for each. Refuses to be the last word: a drop's number can be given to another
drop at any block. Whoever uses what is kept here has its terms hash compared with the mirror's in
the moment of deciding, as the gate does for every resource that names one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.programme.values import Programme
    from marketplace.domain.ids import DropId

KEPT_S: Final = 5
"""Seconds. A text that agrees with its drop goes on doing so: caps only fall, terms stay."""

_MOST: Final = 1_000


@dataclass(frozen=True, slots=True)
class Lately:
    """The programmes of one API that were read lately, and when."""

    _kept: dict[DropId, tuple[int, Programme]] = field(default_factory=dict)

    def programme(self, drop: DropId, now: int, read: Callable[[], Programme]) -> Programme:
        """Give a drop's programme, read anew when the last time is `KEPT_S` ago.

        Args:
            drop: Whose.
            now: Unix second.
            read: Reads it; what it raises is not kept.
        """
        kept = self._kept.get(drop)
        if kept is not None and 0 <= now - kept[0] < KEPT_S:
            return kept[1]
        found = read()
        if len(self._kept) >= _MOST:
            # All at once: which are asked for often shows again within one read each.
            self._kept.clear()
        self._kept[drop] = (now, found)
        return found

    def __len__(self) -> int:
        """How many are kept."""
        return len(self._kept)

    def forget(self, drop: DropId) -> None:
        """Read a drop's programme anew the next time: it may be another drop now."""
        self._kept.pop(drop, None)
