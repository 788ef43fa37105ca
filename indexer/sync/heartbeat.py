"""When the mirror may say that it is level with its node, and when it must say so again.

Owns the clock of a pass and the two rules about it. Refuses tables.

A mirror is level when its head is the node's head by hash. The moment noted is the one *before* the
node was asked: what the node answered was true no earlier.

    the chain stands still        noted again every `every_s`
    a batch ends at the head      noted with the batch
    a reorganisation              forgotten, until the new branch is mirrored to its end
    the node is behind, silent    nothing is noted: the moment ages
    it named a later block        nothing is noted until that is mirrored, or was long not named
    a later block was mirrored    the same, whoever mirrored it, and however long ago
    another process rolled back   the same, by what the tables say of it
"""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from indexer.rpc.values import BlockHeader


_REMEMBERED_S: Final = 60


@dataclass(frozen=True, slots=True)
class Sighting:
    """A head that was seen at a second, and that the mirror has not reached, or has left.

    Behind one address there may be machines that have not seen it yet. To those a mirror that was
    rolled back looks level, at a block from which both branches go on.
    """

    number: int
    at: float

    def is_remembered(self, now: float) -> bool:
        """Whether it still counts."""
        # A chain may really have grown shorter: then nobody names the block any more.
        return now - self.at < _REMEMBERED_S

    def holds_back(self, number: int, now: float) -> bool:
        """Whether a mirror that ends at a block must not be called level for its sake."""
        return number < self.number and self.is_remembered(now)


class Ahead:
    """The blocks that were seen lately: in the node's answers, or in the mirror and rolled back.

    Args:
        clock: Gives seconds, from any moment on, that nobody sets: a wall clock that is set back or
            leaps ahead would forget them.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._seen: list[Sighting] = []
        """A lower one only behind a higher, which is forgotten before it."""

    def saw(self, number: int) -> None:
        """Note a block as seen now; those neither later nor remembered say nothing more."""
        now = self._clock()
        self._seen = [one for one in self._seen if one.holds_back(number, now)]
        self._seen.append(Sighting(number, now))

    def holds_back(self, number: int) -> bool:
        """Whether a mirror that ends at a block must not be called level."""
        now = self._clock()
        return any(one.holds_back(number, now) for one in self._seen)

    def latest(self) -> int:
        """The number of the latest block that is remembered; 0: none is."""
        now = self._clock()
        return max((one.number for one in self._seen if one.is_remembered(now)), default=0)


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The rules and the clock.

    Attributes:
        clock: Gives Unix seconds.
        every_s: Seconds after which a mirror that is still level says so again.
        max_head_age_s: The age at which a head is no longer believed to be the chain's; None: any
            head is, as on a development chain, which has no blocks while nobody does anything.
        max_ahead_s: How far in the future a head may be before the clock is not believed; None:
            however far, as on a development chain, whose time is moved by hand.
    """

    clock: Callable[[], float]
    every_s: int = 2
    max_head_age_s: int | None = None
    max_ahead_s: int | None = None

    def now(self) -> int:
        """The present Unix second; rounded down, so that nothing is noted too late."""
        return int(self.clock())

    def believes(self, head: BlockHeader, asked_at: int) -> bool:
        """Whether a node's head is young enough to be the chain's, and the clock may be right."""
        ahead_s = head.timestamp_s - asked_at
        is_past = self.max_ahead_s is None or ahead_s <= self.max_ahead_s
        return is_past and not self.is_stale(head, asked_at)

    def is_stale(self, head: BlockHeader, asked_at: int) -> bool:
        """Whether a node's head is too old to be the chain's: the node, or the chain, is stuck."""
        return self.max_head_age_s is not None and asked_at - head.timestamp_s > self.max_head_age_s

    def is_due(self, last: int | None, asked_at: int) -> bool:
        """Whether what was last noted is too old, or from a future that a clock has left."""
        return last is None or not 0 <= asked_at - last < self.every_s
