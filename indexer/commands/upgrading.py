"""What `upgrade` tells of the steps that bring tables up to this program's version.

Owns how often and how fast. Refuses the steps.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Final

from indexer.sync.progress import Rate

if TYPE_CHECKING:
    from collections.abc import Callable

_EVERY_S: Final = 1.0


class Upgrading:
    """Told of each step, and of the rows that one copies; tells of rows at most once a second.

    `tell` is given `upgrading`, `copied` and `upgraded` and their fields. `clock` gives seconds
    that nobody sets.
    """

    def __init__(self, tell: Callable[..., None], clock: Callable[[], float] = monotonic) -> None:
        self._tell = tell
        self._clock = clock
        self._began = clock()
        self._told_at: float | None = None
        self._rate = Rate(clock)

    def begun(self, step: str, what: str, number: int, of: int) -> None:
        """Tell what begins."""
        self._tell("upgrading", step=step, what=what, number=number, of=of)
        self._began = self._clock()
        self._measure()

    def copied(self, table: str, rows: int, done: int, of: int) -> None:
        """Tell how far it is, how fast it goes and how long it will take."""
        rate = self._rate.went_on(done, of, rows)
        now = self._clock()
        if self._told_at is None or now - self._told_at >= _EVERY_S or done >= of:
            self._told_at = now
            speed = {"rows_per_s": rate.pop("events_per_s"), **rate} if rate else {}
            self._tell("copied", table=table, done=done, of=of, **speed)
        if done >= of:
            self._measure()

    def ended(self, step: str, number: int, of: int) -> None:
        """Tell how long it took."""
        took_s = round(self._clock() - self._began, 1)
        self._tell("upgraded", step=step, number=number, of=of, took_s=took_s)

    def _measure(self) -> None:
        self._told_at = None
        self._rate = Rate(self._clock)
        self._rate.begin(0)
