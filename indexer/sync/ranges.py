"""How many blocks the next range asks for.

Owns additive growth and multiplicative shrinking. A node says in many ways that a range is too
large (a count, a size, a timeout, a text of its own), so every failure of a range is taken for
that: the next one is half as large, and what was not about size costs little.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

ENOUGH_LOGS: Final = 10_000
"""About as many logs as one answer should hold."""


@dataclass(frozen=True, slots=True)
class RangeSize:
    """The size of the next range, between one block and `most`."""

    most: int
    asked: int = 0

    @property
    def blocks(self) -> int:
        """How many blocks to ask for."""
        return self.asked or self.most

    def shrunk(self) -> RangeSize:
        """After a failure."""
        return RangeSize(self.most, max(1, self.blocks // 2))

    def grown(self, logs: int) -> RangeSize:
        """After an answer with so many logs."""
        if logs > ENOUGH_LOGS:
            return RangeSize(self.most, max(1, self.blocks * ENOUGH_LOGS // logs))
        return RangeSize(self.most, min(self.most, self.blocks + max(1, self.most // 20)))
