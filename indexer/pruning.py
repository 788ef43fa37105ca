"""Throwing away messages of the outbox that are old enough and that nobody is known to need.

Owns how old that is, and the pace: some at a time, on a thread of its own beside the loop that
mirrors, so that no block waits for more than one piece. Refuses to throw away a message that a
known consumer has not read (`indexer.consumers`), and to be hurried by one wrong clock: that
messages had been told is dated by the later of this machine's clock and the head's time, and judged
by the earlier of the two. One that is fenced off notes nothing; what it throws away was to go.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Protocol

from indexer.companions import Companion, at_work
from indexer.reads.levels import mirror_status
from indexer.store import audits, checkpoints, pruning
from indexer.store.checkpoints import CheckpointMoved
from marketplace.storage.errors import StorageError
from marketplace.storage.transactions import reading, writing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from indexer.companions import Stops
    from indexer.sync.hold import Hold
    from indexer.sync.loop import Pace

DAY_S: Final = 86_400
PIECE: Final = 2_000
"""Messages in one transaction: a block of SQLite's waits for no more."""

_MARKS: Final = 24
"""So many moments are noted in the time for which a message is kept: that much later it may go."""

_LOOK_S: Final = 60.0


class PruneWatcher(Protocol):
    """Is told what goes."""

    def write(self, event: str, **fields: str | float | bool) -> None:
        """Tell of it."""


class Pruner:
    """Keeps the outbox of one mirror short.

    Args:
        hold: The right to write the mirror.
        keep_s: Seconds for which a message is kept at least.
        clock: Gives Unix seconds.
    """

    def __init__(self, hold: Hold, keep_s: int, clock: Callable[[], float]) -> None:
        self._hold = hold
        self._keep_s = keep_s
        self._clock = clock

    def step(self) -> int:
        """Note what has been told by now, and throw away one piece; gives how many went.

        Raises:
            FenceLost: another indexer has taken over.
            StorageError: the database is locked or unreachable.
        """
        engine, mirror = self._hold.engine, self._hold.mirror
        now = int(self._clock())
        with reading(engine) as connection:
            status = mirror_status(connection, mirror)
            last = pruning.last_mark(connection, mirror)
            head_s = status.head.timestamp_s
            told = pruning.told_before(connection, mirror, min(now, head_s) - self._keep_s)
            first = pruning.first_kept(connection, mirror)
        told_at = max(now, head_s)
        is_due = last is None or abs(told_at - last[1]) * _MARKS >= self._keep_s
        if is_due and (last is None or last[0] < status.next_seq):
            self._mark(told_at)
        if first is None or first >= told:
            return 0
        with writing(engine) as connection:
            if not pruning.may_delete(connection, mirror):
                return 0
            needed = pruning.needed_from(connection, mirror)
            end = told if needed is None else min(told, needed)
            return pruning.delete_below(connection, mirror, end, PIECE)

    def _mark(self, told_at: int) -> None:
        mirror = self._hold.mirror
        with writing(self._hold.engine) as connection:
            found = checkpoints.load(connection, mirror)
            if found is None:
                raise CheckpointMoved(0)
            # Alone: nobody tells a message meanwhile, and nobody else notes the same.
            audits.require_held(connection, mirror, self._hold.fence, found.config_hash, alone=True)
            held = checkpoints.load(connection, mirror)
            last = pruning.last_mark(connection, mirror)
            if held is not None and (last is None or last[0] < held.next_seq):
                pruning.mark(connection, mirror, held.next_seq, told_at)


class _Beside(Companion):
    """Runs a pruner until it is stopped."""

    def __init__(self, pruner: Pruner, pace: Pace, watcher: PruneWatcher) -> None:
        super().__init__()
        self._pruner = pruner
        self._pace = pace
        self._watcher = watcher

    def _work(self) -> None:
        failures = gone = 0
        while not self._stopped.is_set():
            try:
                went = self._pruner.step()
            except StorageError as error:
                if not error.retry_helps:
                    raise
                failures += 1
                wait_s = self._pace.after(failures)
                self._watcher.write(
                    "prune_retrying",
                    code=error.code,
                    said=str(error),
                    failures=failures,
                    wait_s=wait_s,
                )
                self._stopped.wait(wait_s)
                continue
            failures = 0
            gone += went
            if not went and gone:
                self._watcher.write("pruned", messages=gone)
                gone = 0
            self._stopped.wait(self._pace.poll_s if went else _LOOK_S)


@contextmanager
def pruned(pruner: Pruner, pace: Pace, watcher: PruneWatcher, stopper: Stops) -> Iterator[None]:
    """Throw away what is old while the block lasts.

    Raises:
        StorageError: the database is not as it must be; the block's own work was stopped.
    """
    with at_work(_Beside(pruner, pace, watcher), "pruner", stopper):
        yield
