"""Folding a mirror's ledger again, in one transaction.

Owns when that may be done, and its transaction. Refuses the chain: what the ledger holds is what is
folded, and an event that was never mirrored is not found by this.

It holds the checkpoint's row from its first moment, so that nothing is committed in between; what
was folded before stays for readers until the end, and for good when it does not come to that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.reads.levels import MirrorMissing
from indexer.store import audits, checkpoints, heartbeats
from indexer.sync.committing import refold
from marketplace.domain.errors import ChainUnavailable, typed_error
from marketplace.storage.transactions import reading, writing

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

    from indexer.identity import MirrorId

_BEATS = 3


@typed_error
class IndexerRuns(ChainUnavailable):
    """An indexer is at work on the mirror."""

    code = "indexer_runs"

    level_s: int

    def _sentence(self) -> str:
        return (
            f"An indexer works on this mirror: it was level {self.level_s} seconds ago. Stop it "
            "first, or let it wait (--beside-running): it commits nothing until the folding has "
            "ended, and doors close meanwhile."
        )


def require_idle(engine: Engine, mirror: MirrorId, now: float, heartbeat_s: int) -> None:
    """Return when no indexer has said of late that the mirror is level. Raises IndexerRuns."""
    with reading(engine) as connection:
        level_at = heartbeats.last(connection, mirror)
    if level_at is not None and abs(now - level_at) <= _BEATS * heartbeat_s:
        raise IndexerRuns(max(0, int(now - level_at)))


def rebuild(engine: Engine, mirror: MirrorId, told: Callable[[int], object]) -> int:
    """Fold everything again; gives the number of events.

    Args:
        engine: Of the mirror's database.
        mirror: Which mirror.
        told: Is told how many more events are folded, now and then.

    Raises:
        MirrorMissing: there is none.
        MirrorInconsistent: an event is unknown or cannot follow the ones before; nothing changed.
        StorageError: the database is locked or unreachable; nothing changed.
    """
    with writing(engine) as connection:
        found = checkpoints.load(connection, mirror)
        if found is None:
            raise MirrorMissing(mirror.chain_id, mirror.contract_set)
        audits.require_held(connection, mirror, found.fence, found.config_hash, alone=True)
        return refold(connection, mirror, told)
