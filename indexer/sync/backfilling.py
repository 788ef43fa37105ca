"""Reading history: range by range, one ahead of what is being committed.

Owns when a range grows and shrinks, what is asked for ahead, the indexes that are built late, when
the database is to look at how full its tables are, and telling how far it is. Refuses to commit,
and to decide what is wanted.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from indexer.store import late, statistics
from indexer.sync.decision import Backfill
from indexer.sync.gathering import gather_range
from indexer.sync.prefetching import Prefetcher
from indexer.sync.steps import Step
from marketplace.domain.errors import ChainUnavailable

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection, Engine

    from indexer.identity import Contracts
    from indexer.rpc.values import Mark, Node
    from indexer.sync.gathering import Batch
    from indexer.sync.progress import Progress
    from indexer.sync.ranges import Sizes
    from indexer.sync.steps import Watcher


LOOK_AFTER: Final = 10_000
"""Events of history after which the database looks at its tables; then after four times as many."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is asked for and committed at once.

    Attributes:
        range_blocks: Most blocks of one backfill.
        head_blocks: Most blocks of one extension.
        prefetch: Whether the next range is asked for while the last one is committed.
        late_index_blocks: Blocks of history from which on a mirror that begins leaves the indexes
            that only readers need for the end; 0: never.
    """

    range_blocks: int = 2_000
    head_blocks: int = 32
    prefetch: bool = True
    late_index_blocks: int = 0


class Backfiller:
    """Gathers the ranges of one mirror's history."""

    def __init__(
        self,
        engine: Engine,
        node: Node,
        contracts: Contracts,
        limits: Limits,
        sizes: Sizes,
        watcher: Watcher,
        progress: Progress | None,
    ) -> None:
        self._engine = engine
        self._node = node
        self._contracts = contracts
        self._limits = limits
        self._watcher = watcher
        self._progress = progress
        self._sizes = sizes
        self._ahead = Prefetcher(self._asked)
        self._indexed = False
        self._read = 0
        self._looks_at = LOOK_AFTER

    @property
    def blocks(self) -> int:
        """How many blocks the next range may have."""
        return self._sizes.history.blocks

    def gather(self, contracts: Contracts, head: Mark, wanted: Backfill, finalized: Mark) -> Batch:
        """The wanted range or its beginning; what follows it is asked for meanwhile.

        Raises as `gather_range`; the next range is then smaller.
        """
        if contracts != self._contracts:
            # What was asked for ahead lacks the logs of a contract that has joined since.
            self._ahead.forget()
            self._contracts = contracts
        if self._progress is not None:
            self._progress.begin(head.number)
        try:
            batch = self._ahead.take(head, wanted) or self._asked(wanted, finalized)
        except ChainUnavailable:
            self._sizes.history = self._sizes.history.shrunk()
            raise
        self._sizes.history = self._sizes.history.grown(len(batch.logs))
        last = batch.last
        if self._limits.prefetch and last.number < finalized.number:
            end = min(finalized.number, last.number + self._sizes.history.blocks)
            self._ahead.begin(last.mark, Backfill(last.number + 1, end), finalized)
        return batch

    def committed(self, batch: Batch, finalized: Mark) -> None:
        """Note that a range is in the tables; now and then the database looks at them."""
        self._read += len(batch.logs)
        if self._read >= self._looks_at:
            statistics.gather(self._engine)
            self._looks_at = 4 * self._read
        if self._progress is not None:
            self._progress.went_on(batch.last.number, finalized.number, len(batch.logs))

    def leave_indexes(self, connection: Connection, head: Mark, finalized: Mark) -> None:
        """Where a mirror begins and has much to read: drop the indexes that can wait."""
        least = self._limits.late_index_blocks
        if not least or head.number > 0:
            return
        if finalized.number - self._contracts.first_block + 1 >= least:
            late.drop(connection)

    def build_indexes(self) -> None:
        """Build every index that is not there; looks once in the life of a process."""
        if self._indexed:
            return
        missing = late.missing(self._engine)
        for number, index in enumerate(missing, start=1):
            with self._told_of(str(index.name), number, len(missing)):
                late.build(self._engine, index)
            self._watcher.reached(Step.INDEXED)
        self._indexed = True

    def settle(self) -> None:
        """Wait until the node is not being asked."""
        self._ahead.settle()

    def forget(self) -> None:
        """Leave what was asked for ahead."""
        self._ahead.forget()

    def close(self) -> None:
        """End what runs beside."""
        self._ahead.close()

    def _told_of(self, index: str, number: int, of: int) -> AbstractContextManager[None]:
        return (
            nullcontext() if self._progress is None else self._progress.indexing(index, number, of)
        )

    def _asked(self, wanted: Backfill, finalized: Mark) -> Batch:
        return gather_range(self._node, wanted, finalized, self._contracts)
