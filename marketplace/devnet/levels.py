"""Owns finality: how far `safe` and `finalized` trail the head, and that finalized never falls.

Refuses to follow a reorganisation below the finalized block, unless it is told to.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from marketplace.devnet.errors import InvalidParams, Rejected


@dataclass(frozen=True, slots=True)
class Levels:
    """The two trailing levels.

    Attributes:
        safe_depth: Blocks between head and safe.
        finalized_depth: Blocks between head and finalized.
        floor: Highest block that was ever finalized.
    """

    safe_depth: int
    finalized_depth: int
    floor: int = 0

    def __post_init__(self) -> None:
        if self.safe_depth > self.finalized_depth:
            raise InvalidParams(
                f"safe ({self.safe_depth} behind the head) cannot trail finalized "
                f"({self.finalized_depth} behind); choose a finalized depth at least as large."
            )

    def finalized(self, head: int) -> int:
        """Number of the finalized block; 0 while the chain is short."""
        return max(self.floor, head - self.finalized_depth)

    def safe(self, head: int) -> int:
        """Number of the safe block, never below the finalized one."""
        return max(self.finalized(head), head - self.safe_depth)

    def at_head(self, head: int) -> Levels:
        """Remember what this head finalizes."""
        return replace(self, floor=self.finalized(head))

    def with_depths(self, safe_depth: int, finalized_depth: int) -> Levels:
        """Other depths; what is final stays final."""
        return replace(self, safe_depth=safe_depth, finalized_depth=finalized_depth)

    def after_reorg_to(self, ancestor: int, head: int, *, force: bool) -> Levels:
        """Levels after every block above `ancestor` is replaced.

        Raises:
            Rejected: If that would undo a finalized block and is not forced.
        """
        finalized = self.finalized(head)
        if ancestor >= finalized:
            return replace(self, floor=finalized)
        if not force:
            raise Rejected(
                f"reorg refused: block {finalized} is finalized and the common ancestor would be "
                f"{ancestor}. Choose a smaller depth, or devnet_reorg with force."
            )
        return replace(self, floor=ancestor)
