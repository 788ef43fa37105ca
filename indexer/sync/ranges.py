"""How many blocks the next range asks for.

Owns growth and shrinking. Until something has failed a range doubles; from then on it grows by a
tenth. It never grows beyond what the density of the last answer lets expect to be enough. A node
says in many ways that a range is too large (a count, a size, a timeout, a text of its own), so
every failure of a range is taken for that: the next one is half as large, and what was not about
size costs little.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

ENOUGH_LOGS: Final = 10_000
"""About as many logs as one answer should hold."""

_FIRST: Final = 100


@dataclass(frozen=True, slots=True)
class RangeSize:
    """The size of the next range, between one block and `most`; `failed` once one was too large."""

    most: int
    asked: int = 0
    failed: bool = False

    @classmethod
    def careful(cls, most: int) -> RangeSize:
        """Begin small: how dense the chain is, nobody has said yet."""
        return cls(most, min(most, _FIRST))

    @property
    def blocks(self) -> int:
        """How many blocks to ask for."""
        return self.asked or self.most

    def shrunk(self) -> RangeSize:
        """After a failure."""
        return RangeSize(self.most, max(1, self.blocks // 2), failed=True)

    def grown(self, logs: int) -> RangeSize:
        """After an answer with so many logs."""
        wider = self.blocks + max(1, self.blocks // 10 if self.failed else self.blocks)
        enough = max(1, self.blocks * ENOUGH_LOGS // logs) if logs else wider
        return RangeSize(self.most, min(self.most, wider, enough), self.failed)


@dataclass(slots=True)
class Sizes:
    """The sizes of one process's next questions: for a range of history, and at the head."""

    history: RangeSize
    head: RangeSize
