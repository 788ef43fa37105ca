"""What one process remembers of its node and its mirror, from each of its terms to the next.

Owns the blocks that were seen lately, what the tables say of one that was left by another process
(a mirror that was rolled back and not level since), and how much is asked for at once. Refuses
tables and nodes, and whatever a wall clock says.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from indexer.sync.heartbeat import Ahead
from indexer.sync.ranges import RangeSize, Sizes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from indexer.rpc.values import View
    from indexer.sync.backfilling import Limits


class Memory:
    """Of one process over one mirror, however often it leads.

    Args:
        clock: Gives seconds, from any moment on, that nobody sets.

    Attributes:
        ahead: Blocks that the node has named, or that the mirror has held and left.
        called_final: Blocks that the node has called final.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self.ahead = Ahead(clock)
        self.called_final = Ahead(clock)
        self._generation = 0
        self._sizes: Sizes | None = None

    def sizes(self, limits: Limits) -> Sizes:
        """The sizes of questions, as the term before has left them."""
        if self._sizes is None:
            careful = RangeSize.careful(limits.range_blocks)
            self._sizes = Sizes(careful, RangeSize(limits.head_blocks))
        return self._sizes

    def read(self, generation: int, noted_at: int | None, left: int | None) -> None:
        """Hear from the tables how often the mirror was rolled back, and when it last was level.

        Args:
            generation: One more at each rollback.
            noted_at: None: not level since a rollback, of which this process may know nothing.
            left: The latest block that was rolled back since; None: nothing was, and it is not
                known to be level for another reason.
        """
        if noted_at is None and left is not None and generation != self._generation:
            self.ahead.saw(left)
        self._generation = generation

    def saw(self, view: View, held: Mapping[int, str]) -> None:
        """Hear what the node names; `held`: the mirror's blocks that are not final, by number."""
        if view.finalized is not None:
            self.called_final.saw(view.finalized.number)
        if held.get(view.head.number) != view.head.hash:
            self.ahead.saw(view.head.number)

    def left(self, number: int, generation: int) -> None:
        """Note that the mirror ended at a block, and was rolled back into a generation."""
        self.ahead.saw(number)
        self._generation = generation
