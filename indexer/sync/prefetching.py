"""The next range, asked for while the last one is being committed.

Owns one thread and one question at a time. Refuses to let the node be asked by two at once: who is
about to ask it settles first, so the questions come in one order, whatever the threads do. Refuses
to believe what was gathered for another head than the one that stands when it is taken.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from indexer.rpc.values import Mark
    from indexer.sync.decision import Backfill
    from indexer.sync.gathering import Batch


class Prefetcher:
    """Gathers one range ahead; not for several threads."""

    def __init__(self, gather: Callable[[Backfill, Mark], Batch]) -> None:
        self._gather = gather
        self._thread: ThreadPoolExecutor | None = None
        self._under_way: tuple[Mark, Backfill, Future[Batch]] | None = None

    def begin(self, after: Mark, wanted: Backfill, finalized: Mark) -> None:
        """Gather a range that follows a block; what was gathered before is forgotten."""
        self.forget()
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="prefetch")
        self._under_way = (after, wanted, self._thread.submit(self._whole, wanted, finalized))

    def settle(self) -> None:
        """Wait until the node is not being asked."""
        if self._under_way is not None:
            wait([self._under_way[2]])

    def take(self, head: Mark, wanted: Backfill) -> Batch | None:
        """What was gathered for this head, if it is part of what is wanted.

        Raises whatever gathering it raised.
        """
        if self._under_way is None:
            return None
        after, gathered, future = self._under_way
        self._under_way = None
        wait([future])
        if after != head or gathered.first != wanted.first or gathered.last > wanted.last:
            return None
        return future.result()

    def forget(self) -> None:
        """Leave what was gathered; afterwards the node is not being asked."""
        self.settle()
        self._under_way = None

    def close(self) -> None:
        """End the thread."""
        self.forget()
        if self._thread is not None:
            self._thread.shutdown()
            self._thread = None

    def _whole(self, wanted: Backfill, finalized: Mark) -> Batch:
        batch = self._gather(wanted, finalized)
        # Decoding is the longer half of the work: it is done here, where nobody waits for it.
        len(batch.entries)
        return batch
