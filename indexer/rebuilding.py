"""Folding a mirror's whole ledger again, by whoever leads the mirror, in steps.

Owns when that may be done: never beside a leader, whose lead is taken only where that is wished. It
keeps the lead meanwhile, so that every indexer stands by, and raises the fence first, so that one
that was paused changes nothing. The folding is that of tables that an older fold made
(`indexer.sync.rebuilding`): what a death leaves is gone on with by the next rebuild, or by the next
indexer before it follows the chain, and nobody is answered out of it until then. Refuses the chain:
what the ledger holds is what is folded, and an event that was never mirrored is not found by this.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.reads.levels import MirrorMissing
from indexer.store import checkpoints, fold_versions, ledger
from indexer.store.states import TABLES
from indexer.sync.hold import Hold
from indexer.sync.rebuilding import rebuild_stale
from marketplace.domain.errors import ChainUnavailable, typed_error
from marketplace.storage.transactions import writing

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from sqlalchemy import Engine

    from indexer.identity import MirrorId
    from indexer.leading import Lead
    from indexer.waking import Stopper, Term


@typed_error
class IndexerLeads(ChainUnavailable):
    """An indexer leads the mirror."""

    code = "indexer_leads"

    contract_set: str

    def _sentence(self) -> str:
        return (
            f"An indexer leads the mirror {self.contract_set} and shows life. Stop it first, or "
            "let it wait (--beside-running): it stands by until everything is folded again, and "
            "doors are closed meanwhile, as they are for any rebuild."
        )


@typed_error
class RebuildBrokenOff(ChainUnavailable):
    """The folding was stopped, or the lead was lost, before everything was folded."""

    code = "rebuild_broken_off"

    contract_set: str
    events: int

    def _sentence(self) -> str:
        return (
            f"Folding the mirror {self.contract_set} again was broken off after {self.events} "
            "events. Nothing is answered out of it until somebody goes on: `seats index rebuild` "
            "again, or an indexer that is started."
        )


@dataclass(frozen=True, slots=True)
class Rebuilding:
    """The right to fold one mirror again, while the lead is kept.

    Attributes:
        left: Events that are still to be folded.
    """

    hold: Hold
    term: Term
    left: int

    def finish(self, told: Callable[[int], object]) -> int:
        """Fold what is left; gives the number of events. `told` hears of each further piece.

        Raises:
            RebuildBrokenOff: stopped, or the lead is lost; what was folded stays.
            FenceLost: another indexer has taken over, and goes on with it.
            MirrorInconsistent: an event is unknown or cannot follow the ones before.
            StorageError: the database is locked or unreachable.
        """
        heard = _Heard(told)
        if not rebuild_stale(self.hold, heard, self.term.is_stopped):
            raise RebuildBrokenOff(self.hold.mirror.contract_set, heard.events)
        return heard.events


@contextmanager
def rebuilding(
    engine: Engine, mirror: MirrorId, lead: Lead, stopper: Stopper, *, beside_running: bool
) -> Iterator[Rebuilding]:
    """Take the lead and the fence, and mark every table as one that is to be built.

    A rebuild that was broken off is gone on with.

    Args:
        engine: Of the mirror's database.
        mirror: Which mirror.
        lead: Of that mirror.
        stopper: Ends the folding between two steps.
        beside_running: Take the lead from an indexer that has it, which then stands by.

    Raises:
        IndexerLeads: another leads, and shall not be taken over from.
        MirrorMissing: there is none.
        FoldTooNew: a later program made one of the tables.
        StorageError: the database is locked or unreachable; nothing changed.
    """
    led = lead.seize(stopper) if beside_running else lead.take_if_silent(stopper)
    if not led:
        raise IndexerLeads(mirror.contract_set)
    with lead.kept(stopper) as term:
        hold, left = _begun(engine, mirror)
        yield Rebuilding(hold, term, left)


def _begun(engine: Engine, mirror: MirrorId) -> tuple[Hold, int]:
    with writing(engine) as connection:
        taken = checkpoints.take_over(connection, mirror)
        if taken is None:
            raise MirrorMissing(mirror.chain_id, mirror.contract_set)
        found = fold_versions.stale(connection, mirror)
        next_block = 0
        if found is not None and found.begun and found.kinds == TABLES.keys():
            next_block = found.next_block
        else:
            fold_versions.forget(connection, mirror)
        left = ledger.count_above(connection, mirror, next_block - 1)
    return Hold(engine, mirror, taken.fence), left


class _Heard:
    """Counts what was folded, and passes it on."""

    def __init__(self, told: Callable[[int], object]) -> None:
        self._told = told
        self.events = 0

    def rebuilt(self, folds: Collection[str], events: int, *, done: int, of: int) -> None:  # noqa: ARG002 - a watcher's
        self.events += events
        self._told(events)
