"""Heads that the node has named and that nobody can read yet.

Owns when each was first named, and which of them a commit makes visible: those in it, by hash, and
those that it builds on. A head that was named and then replaced by another block is forgotten, and
so are the first ones once there are more than `MOST`. Refuses clocks: it is told the moment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.rpc.values import BlockHeader

MOST: Final = 64
"""Heads that are remembered; of more that are named before one is visible, the last ones."""


class NamedHeads:
    """What the node has named, by hash."""

    def __init__(self) -> None:
        self._heads: dict[str, tuple[BlockHeader, float]] = {}

    def named(self, head: BlockHeader, moment_s: float) -> None:
        """Note a head; only the first time counts."""
        self._heads.setdefault(head.hash, (head, moment_s))
        if len(self._heads) > MOST:
            del self._heads[next(iter(self._heads))]

    def shown(self, headers: Sequence[BlockHeader], blocks: int) -> list[float]:
        """The moments at which those heads were named that a commit has made visible.

        Args:
            headers: Of the commit, the new head last; of history some are left out.
            blocks: How many blocks it added.
        """
        last = headers[-1].number
        branch = {hash_ for one in headers for hash_ in (one.hash, one.parent_hash)}
        passed = [found for found in self._heads.values() if found[0].number <= last]
        moments = []
        for head, moment_s in sorted(passed, key=lambda found: -found[0].number):
            if head.hash in branch:
                branch.add(head.parent_hash)
                # What was visible before may have been named again since.
                if head.number > last - blocks:
                    moments.append(moment_s)
            # Visible by now, or not on this branch: if it comes back, it is named again.
            del self._heads[head.hash]
        return moments

    def left(self, block_hash: str) -> None:
        """Forget a head that was visible and is no longer."""
        self._heads.pop(block_hash, None)
