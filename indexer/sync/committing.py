"""One transaction for each batch: checkpoint first, then blocks, events, folds and outbox.

Owns the order of writing and what each step of a commit contains. The checkpoint moves by
compare-and-swap before anything else is written, so a second writer changes nothing. Refuses to
open a transaction or to ask a node.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from indexer import outbox
from indexer.folds.folding import fold, needs_of
from indexer.folds.registry import FOLDS
from indexer.store import (
    audits,
    checkpoints,
    heartbeats,
    ledger,
    notices,
    states,
)
from indexer.store.audits import Finding
from indexer.sync.decision import levels_after_rolling_back
from indexer.sync.steps import Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from indexer.decoding import Entry
    from indexer.folds.folding import Row
    from indexer.identity import MirrorId
    from indexer.rpc.values import Mark
    from indexer.store.checkpoints import Checkpoint
    from indexer.store.ledger import OutboxRow
    from indexer.sync.decision import FinalizedReplaced, Levels, Stored
    from indexer.sync.gathering import Batch
    from indexer.sync.steps import Watcher


@dataclass(frozen=True, slots=True)
class Commit:
    """What all commits of one pass share.

    Attributes:
        before: The checkpoint as it was read.
        level_at: The Unix second at which the mirror, as this commit leaves it, was level with its
            node; None: it was not, or that need not be said again.
    """

    connection: Connection
    mirror: MirrorId
    before: Checkpoint
    watcher: Watcher
    level_at: int | None = None


def add_batch(commit: Commit, batch: Batch, levels: Levels, origin: Mark | None) -> Checkpoint:
    """Mirror a batch that follows the head.

    Args:
        commit: Where to.
        batch: What to add.
        levels: Safe and finalized afterwards.
        origin: Where the outbox begins if it has not begun yet; None when it is still too early.
            Events above where it began are told.

    Raises:
        CheckpointMoved, FenceLost: another writer came first.
        MirrorInconsistent: an event is unknown or cannot follow what is stored.
    """
    connection, mirror, before = commit.connection, commit.mirror, commit.before
    entries = batch.entries
    begun = ledger.outbox_origin(connection, mirror)
    since = begun or origin
    # Headers rise: where the last one is not told, none is.
    messages = (
        []
        if since is None or batch.last.number <= since.number
        else outbox.applied(one for one in entries if one.log.block_number > since.number)
    )
    after = replace(
        before,
        head=batch.last.mark,
        safe=levels.safe,
        finalized=levels.finalized,
        next_seq=before.next_seq + len(messages),
    )
    checkpoints.move(connection, mirror, before, after)
    _beat(commit)
    commit.watcher.reached(Step.MOVED)
    ledger.insert_blocks(connection, mirror, batch.headers)
    # Folded before the first insert: while SQLite inserts, and only then, the thread that reads the
    # next range has Python to itself.
    rows = _folded(connection, mirror, entries)
    ledger.insert_events(connection, mirror, entries)
    commit.watcher.reached(Step.LEDGERED)
    states.insert_rows(connection, mirror, rows)
    commit.watcher.reached(Step.FOLDED)
    if begun is None and origin is not None:
        ledger.set_outbox_origin(connection, mirror, origin)
    tell(connection, mirror, before.next_seq, messages)
    ledger.prune_blocks(connection, mirror, before.finalized.number, after.finalized.number)
    commit.watcher.reached(Step.TOLD)
    return after


def raise_levels(commit: Commit, levels: Levels) -> Checkpoint:
    """Raise safe and finalized where the head stands, and say that it is the node's.

    The levels may be the ones before. Raises as `add_batch` for other writers.
    """
    after = replace(commit.before, safe=levels.safe, finalized=levels.finalized)
    checkpoints.move(commit.connection, commit.mirror, commit.before, after)
    _beat(commit)
    ledger.prune_blocks(
        commit.connection,
        commit.mirror,
        commit.before.finalized.number,
        after.finalized.number,
    )
    commit.watcher.reached(Step.MOVED)
    return after


def roll_back(commit: Commit, stored: Stored, ancestor: Mark) -> Checkpoint:
    """Forget everything above an ancestor, and say so in the outbox; raises as `add_batch`."""
    connection, mirror, before = commit.connection, commit.mirror, commit.before
    gone = list(ledger.events_above(connection, mirror, ancestor.number))
    # Nothing above finalized was mirrored before the outbox began.
    messages = outbox.retracted(gone)
    levels = levels_after_rolling_back(stored, ancestor)
    after = replace(
        before,
        head=ancestor,
        safe=levels.safe,
        finalized=levels.finalized,
        generation=before.generation + 1,
        next_seq=before.next_seq + len(messages),
    )
    checkpoints.move(connection, mirror, before, after)
    # What the left branch sold is forgotten and what the new one sold is not yet known: until its
    # end is mirrored, nobody shall decide on this.
    heartbeats.leave(connection, mirror, before.head.number)
    commit.watcher.reached(Step.MOVED)
    ledger.delete_above(connection, mirror, ancestor.number)
    commit.watcher.reached(Step.LEDGERED)
    states.delete_above(connection, mirror, ancestor.number)
    commit.watcher.reached(Step.FOLDED)
    tell(connection, mirror, before.next_seq, messages)
    commit.watcher.reached(Step.TOLD)
    return after


def stop(commit: Commit, replaced: FinalizedReplaced, found_at: int) -> None:
    """Write down that the chain has replaced a final block, and forget that the mirror was level.

    Whoever begins next holds that block against the chain first, as after an audit.

    Raises as `add_batch` for other writers.
    """
    checkpoints.move(commit.connection, commit.mirror, commit.before, commit.before)
    found = Finding(
        block_number=replaced.number,
        what="the hash of the final block",
        mirrored=replaced.stored,
        on_chain=replaced.found,
        about={},
        found_at=found_at,
    )
    audits.note(commit.connection, commit.mirror, found)
    heartbeats.stop(commit.connection, commit.mirror)


def _beat(commit: Commit) -> None:
    if commit.level_at is not None:
        heartbeats.beat(commit.connection, commit.mirror, commit.level_at)


def fold_entries(connection: Connection, mirror: MirrorId, entries: Iterable[Entry]) -> None:
    """Fold events, in the order of the chain, and append what comes of them."""
    states.insert_rows(connection, mirror, _folded(connection, mirror, entries))


def tell(
    connection: Connection, mirror: MirrorId, first_seq: int, messages: Sequence[OutboxRow]
) -> None:
    """Append messages, numbered upwards from `first_seq`, and wake who waits for them."""
    if messages:
        ledger.insert_outbox(connection, mirror, first_seq, messages)
        notices.ring(connection, mirror)


def _folded(connection: Connection, mirror: MirrorId, entries: Iterable[Entry]) -> tuple[Row, ...]:
    occurrences = [entry.occurrence for entry in entries]
    known = states.load_states(connection, mirror, needs_of(occurrences, FOLDS))
    return fold(occurrences, known, FOLDS)
