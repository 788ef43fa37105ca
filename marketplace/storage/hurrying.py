"""How long an event loop stands for a server's answer, and when the server is not asked there.

Owns the bounds: as long as the loop's thread waits, everything else waits with it. A server that is
slow, or far away, is left to the threads that may wait, and tried again a second later. Refuses to
ask anything.
"""

from __future__ import annotations

from time import monotonic
from typing import Final

LONGEST_S: Final = 0.002
"""Seconds for one answer; it comes after 0.1 ms where server and program share a machine."""

USUAL_S: Final = 0.000_5
"""Seconds that answers may take on the average: where they take longer, another thread is cheaper
for everybody."""

REST_S: Final = 1.0
"""Seconds until a server that took longer is asked on a loop again."""

_WEIGHT: Final = 1 / 16
"""Of the newest answer in the average."""


class Pace:
    """How quickly a server has answered on a loop, and whether it is asked there now."""

    def __init__(self) -> None:
        self._mean_s = 0.0
        self._rests_until = 0.0

    def rests(self) -> bool:
        """Whether whoever must not wait leaves it alone."""
        return monotonic() < self._rests_until

    def took(self, seconds: float) -> None:
        """An answer came, after so long."""
        self._mean_s += (seconds - self._mean_s) * _WEIGHT
        if self._mean_s > USUAL_S:
            self.rest()

    def rest(self) -> None:
        """No answer came in time."""
        self._mean_s = 0.0
        self._rests_until = monotonic() + REST_S
