"""The hashes from the finalized block to the head, kept between passes while they stay true.

Owns when they are read from the tables and when they need not be. A block's hash stands for all
blocks before it: where head and finalized are by hash what they were, so is everything between.
A chain may have thousands of blocks that are not final, and each block of it begins a pass.
Refuses to guess: what was rolled back, or failed, is read again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.store import ledger
from marketplace.domain.errors import MirrorInconsistent, typed_error

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from indexer.identity import MirrorId
    from indexer.rpc.values import BlockHeader, Mark
    from indexer.store.checkpoints import Checkpoint


@typed_error
class WindowTorn(MirrorInconsistent):
    """Blocks between finalized and head are missing from the tables."""

    code = "window_torn"

    finalized_number: int
    head_number: int

    def _sentence(self) -> str:
        return (
            f"The tables lack blocks between {self.finalized_number} (finalized) and "
            f"{self.head_number} (head). Something else has written to them: rebuild the mirror "
            "in a new database."
        )


class Window:
    """The hashes of one mirror's blocks that are not final, and of the last one that is."""

    def __init__(self, mirror: MirrorId) -> None:
        self._mirror = mirror
        self._hashes: dict[int, str] = {}
        self._ends: tuple[Mark, Mark] | None = None

    def read(self, connection: Connection, checkpoint: Checkpoint) -> Mapping[int, str]:
        """The hashes that belong to a checkpoint of this transaction; raises WindowTorn.

        They change with the next commit that is told, and are to be used before that.
        """
        first, last = ends = (checkpoint.finalized, checkpoint.head)
        if ends != self._ends:
            self._hashes = ledger.window(connection, self._mirror, first.number)
            if len(self._hashes) != last.number - first.number + 1:
                raise WindowTorn(first.number, last.number)
            self._ends = ends
        return self._hashes

    def went_on(
        self, before: Checkpoint, after: Checkpoint, headers: Iterable[BlockHeader] = ()
    ) -> None:
        """Note a commit that added these blocks, or none, to what was read last."""
        if self._ends != (before.finalized, before.head):
            return
        self._hashes.update((header.number, header.hash) for header in headers)
        # Not each number between the two: before the contract's first block there are millions.
        for number in [one for one in self._hashes if one < after.finalized.number]:
            del self._hashes[number]
        self._ends = (after.finalized, after.head)

    def forget(self) -> None:
        """Read them again the next time."""
        self._ends = None
