"""Owns the chain's time: the machine's clock, shifted by what a test asks for.

Refuses to go backwards: a block is always later than its parent.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from marketplace.devnet.errors import InvalidParams

Now: TypeAlias = Callable[[], int]
"""Gives the present Unix second."""


LAST_SECOND: Final = 2**53 - 1
"""Beyond it a timestamp no longer fits into a JSON number, which is what clients make of it."""


def system_now() -> int:
    """The machine's clock in Unix seconds."""
    return int(time.time())


@dataclass(frozen=True, slots=True)
class ClockState:
    """What a snapshot keeps of the clock.

    Attributes:
        offset: Seconds by which the chain runs ahead of the machine (or behind it).
        exact: Timestamp that the next block shall have, whatever the clock says.
    """

    offset: int = 0
    exact: int | None = None


class ChainClock:
    """Says which second the next block bears."""

    def __init__(self, now: Now) -> None:
        self._now = now
        self.state = ClockState()

    def now(self) -> int:
        """The chain's present second."""
        return self._now() + self.state.offset

    def next_timestamp(self, parent_timestamp: int) -> int:
        """Timestamp of a block built at this moment; nothing is used up."""
        if self.state.exact is not None and self.state.exact > parent_timestamp:
            return self.state.exact
        return max(parent_timestamp + 1, self.now())

    def mined(self, timestamp: int) -> None:
        """Note that a block was mined; an exact timestamp is used up and time runs on from it."""
        if self.state.exact is not None:
            self.state = ClockState(offset=timestamp - self._now())

    def advance(self, seconds: int, head_timestamp: int) -> int:
        """Shift the chain's time forward; gives the whole offset in seconds.

        Blocks mined in the same second run ahead of the clock, so the later of the two counts.
        """
        later = max(self.now(), head_timestamp) + seconds
        _check_second(later)
        self.state = ClockState(later - self._now(), self.state.exact)
        return self.state.offset

    def set_next(self, timestamp: int, head_timestamp: int) -> None:
        """Fix the timestamp of the next block.

        Raises:
            InvalidParams: If it is not later than the head's.
        """
        _check_second(timestamp)
        if timestamp <= head_timestamp:
            raise InvalidParams(
                f"Timestamp error: {timestamp} is not later than the head's {head_timestamp}."
            )
        self.state = ClockState(self.state.offset, timestamp)


def _check_second(timestamp: int) -> None:
    if timestamp > LAST_SECOND:
        raise InvalidParams(f"Timestamp error: {timestamp} lies beyond {LAST_SECOND}.")
