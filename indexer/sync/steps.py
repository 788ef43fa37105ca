"""The steps of a pass, named, so that they can be watched.

Owns the names and the port. Refuses to depend on what a watcher does: one that raises makes the
pass fail at that step, as a crash there would.
"""

from __future__ import annotations

from enum import Enum, unique
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.rpc.values import BlockHeader, Mark


@unique
class Step(Enum):
    """A point of a pass; from MOVED to TOLD inside the transaction, COMMITTED after it.

    INDEXED comes before MOVED, after each index that was left for the end of history.
    """

    READ = "read"
    SEEN = "seen"
    DECIDED = "decided"
    GATHERED = "gathered"
    INDEXED = "indexed"
    MOVED = "moved"
    LEDGERED = "ledgered"
    FOLDED = "folded"
    TOLD = "told"
    COMMITTED = "committed"


class Watcher(Protocol):
    """Is told what happens, and may write it down."""

    def reached(self, step: Step) -> None:
        """A pass has come to this step."""

    def seen(self, head: BlockHeader) -> None:
        """The node has named its head."""

    def added(self, headers: Sequence[BlockHeader], blocks: int, events: int) -> None:
        """A batch was committed; the last header is the head now, some of history are left out."""

    def rolled_back(self, left: Mark, ancestor: Mark, generation: int) -> None:
        """The head was left and the mirror stands at the ancestor."""


class Unwatched:
    """A watcher that looks away."""

    def reached(self, step: Step) -> None:
        """Do nothing."""

    def seen(self, head: BlockHeader) -> None:
        """Do nothing."""

    def added(self, headers: Sequence[BlockHeader], blocks: int, events: int) -> None:
        """Do nothing."""

    def rolled_back(self, left: Mark, ancestor: Mark, generation: int) -> None:
        """Do nothing."""
