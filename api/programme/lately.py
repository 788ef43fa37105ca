"""Programmes that were read a moment ago.

Owns keeping them, so that a door that hundreds stand before does not read and compare the same text
for each: for a few seconds without a look, and for a minute while a look says that the drop is as
it was. Refuses to be the last word: a drop's number can be given to another drop at any block.
Whoever uses what is kept here has its terms hash and its mentor compared with the mirror's in the
moment of deciding, as the gate does for every resource that names them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from api.programme.values import Programme
    from marketplace.domain.ids import DropId

KEPT_S: Final = 5
"""Seconds. A text that agrees with its drop goes on doing so: caps only fall, terms stay, and what
is postponed has not begun."""

AFRESH_S: Final = 60
"""Seconds after which text and drop are read and compared again, whatever a look says."""

_MOST: Final = 1_000


@dataclass(frozen=True, slots=True)
class _Kept:
    """A programme, as what it was read, and when it was and when it was looked at last."""

    programme: Programme
    stands_at: Hashable
    read_at: int
    looked_at: int


@dataclass(frozen=True, slots=True)
class Lately:
    """The programmes of one API that were read lately, and when."""

    _kept: dict[DropId, _Kept] = field(default_factory=dict)

    def programme(
        self,
        drop: DropId,
        now: int,
        read: Callable[[], Programme],
        look: Callable[[], Hashable | None],
    ) -> Programme:
        """Give a drop's programme, read anew when that was too long ago or the drop has changed.

        Args:
            drop: Whose.
            now: Unix second.
            read: Reads it; what it raises is not kept.
            look: Gives what is another value whenever the drop is; None: there is none.
        """
        kept = self._kept.get(drop)
        if kept is not None and 0 <= now - kept.looked_at < KEPT_S:
            return kept.programme
        # Looked at first: a drop that changes while it is read differs the next time.
        stands_at = look()
        if (
            kept is not None
            and 0 <= now - kept.read_at < AFRESH_S
            and stands_at is not None
            and stands_at == kept.stands_at
        ):
            self._kept[drop] = replace(kept, looked_at=now)
            return kept.programme
        found = read()
        if len(self._kept) >= _MOST:
            # All at once: which are asked for often shows again within one read each.
            self._kept.clear()
        self._kept[drop] = _Kept(found, stands_at, now, now)
        return found

    def __len__(self) -> int:
        """How many are kept."""
        return len(self._kept)

    def forget(self, drop: DropId) -> None:
        """Read a drop's programme anew the next time: it may be another drop now."""
        self._kept.pop(drop, None)
