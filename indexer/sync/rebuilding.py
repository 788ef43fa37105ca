"""Building tables again that an older version of their fold made, from the ledger alone.

Owns the order, also where all are folded again by wish: what an older fold made is emptied, then
folded from the first block on, some thousand events to a transaction that says how far it came. All
other tables stay as they are; what a step needs of them is read as it was before the block. A
process may die anywhere and be started again. Refuses to ask a node, and to follow the chain
meanwhile: the loop begins when all is built.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Protocol

from indexer.decoding import decode
from indexer.folds.folding import fold, needs_of
from indexer.folds.registry import FOLDS
from indexer.identity import Kind
from indexer.store import audits, checkpoints, contracts, fold_versions, heartbeats, ledger, states
from indexer.store.checkpoints import CheckpointMoved, FenceLost
from marketplace.storage.transactions import writing

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from sqlalchemy import Connection

    from indexer.decoding import Entry
    from indexer.folds.states import State
    from indexer.sync.hold import Hold

AT_ONCE = 5_000
"""Events, about: whole blocks until there are as many."""


class RebuildWatcher(Protocol):
    """Is told how the building goes on."""

    def rebuilt(self, folds: Collection[str], events: int, *, done: int, of: int) -> None:
        """So many events more were folded into these tables: `done` by now, and `of` at the end."""


def rebuild_stale(
    hold: Hold, watcher: RebuildWatcher, is_stopped: Callable[[], bool] = lambda: False
) -> bool:
    """Build every table that is not this program's; False when somebody wished to stop before.

    Raises:
        FoldTooNew: a later program made one.
        FenceLost: another indexer has taken over.
        MirrorInconsistent: an event is unknown or cannot follow the ones before.
        StorageError: the database is locked or unreachable.
    """
    done, of = 0, None
    while not is_stopped():
        with writing(hold.engine) as connection:
            _require_held(connection, hold)
            found = fold_versions.stale(connection, hold.mirror)
            if found is None:
                return True
            if not found.begun:
                states.empty(connection, hold.mirror, found.kinds)
                fold_versions.restart(connection, hold.mirror, found.kinds)
                # Until it is full again, nobody shall decide on what is in it.
                heartbeats.stop(connection, hold.mirror)
                # What is owed was added up by the older fold: differences of the new one added to
                # that would stop a mirror that is right, for ever.
                audits.forget(connection, hold.mirror)
            if of is None:
                # The ledger stays as it is until the loop begins.
                of = ledger.count_above(connection, hold.mirror, -1)
                done = of - ledger.count_above(connection, hold.mirror, found.next_block - 1)
            events, next_block = _some(connection, hold, found.kinds, found.next_block)
            complete = next_block is None
            fold_versions.reach(
                connection, hold.mirror, found.kinds, next_block or 0, complete=complete
            )
        names = [states.TABLES[kind].name for kind in found.kinds]
        done += events
        watcher.rebuilt(names, events, done=done, of=of)
    return False


def _some(
    connection: Connection, hold: Hold, kinds: Collection[type[State]], first: int
) -> tuple[int, int | None]:
    """Fold some blocks; gives how many events, and the next block, or None at the end."""
    known = contracts.kinds(connection, hold.mirror)
    entries: list[Entry] = []
    next_block: int | None = None
    rows = ledger.events_above(connection, hold.mirror, first - 1)
    for number, block in groupby(rows, lambda row: row.log.block_number):
        if len(entries) >= AT_ONCE:
            next_block = number
            break
        entries += (
            decode(row.log, row.timestamp_s, known.get(row.log.address, Kind.SEATS))
            for row in block
        )
    rows.close()
    if entries:
        occurrences = [entry.occurrence for entry in entries]
        before = states.load_states(
            connection,
            hold.mirror,
            needs_of(occurrences, FOLDS),
            before=entries[0].log.block_number,
        )
        made = fold(occurrences, before, FOLDS)
        wanted = [row for row in made if type(row.state) in kinds]
        states.insert_rows(connection, hold.mirror, wanted)
    return len(entries), next_block


def _require_held(connection: Connection, hold: Hold) -> None:
    found = checkpoints.load(connection, hold.mirror)
    if found is None:
        raise CheckpointMoved(0)
    if found.fence != hold.fence:
        raise FenceLost(hold.fence, found.fence)
    # Holds the row to the end of the transaction: whoever takes over waits for it.
    checkpoints.move(connection, hold.mirror, found, found)
