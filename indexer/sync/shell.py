"""One pass: read the mirror, see the node, decide, gather, commit.

Owns the order of a pass and its one transaction. Nothing is remembered between passes but the size
of ranges and the fence: a pass that failed anywhere is begun again from the tables. Refuses retries
and waiting; the loop owns those.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, unique
from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError

from indexer.rpc.errors import ViewChanged
from indexer.rpc.probe import require_chain
from indexer.store import checkpoints, ledger
from indexer.store.checkpoints import BatchCollided, Checkpoint, CheckpointMoved, FenceLost
from indexer.sync import committing
from indexer.sync.committing import Commit
from indexer.sync.decision import (
    AskHeaders,
    AskParent,
    Backfill,
    Extend,
    Levels,
    RollBack,
    Stored,
    Wait,
    decide,
    levels_after_extending,
)
from indexer.sync.gathering import gather_extension, gather_range
from indexer.sync.ranges import RangeSize
from indexer.sync.steps import Step, Unwatched
from marketplace.domain.errors import ChainUnavailable, MirrorInconsistent, typed_error
from marketplace.storage.transactions import reading, writing

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from indexer.identity import Contracts, MirrorId
    from indexer.rpc.values import BlockHeader, Mark, Node, View
    from indexer.sync.gathering import Batch
    from indexer.sync.steps import Watcher


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


@unique
class Outcome(Enum):
    """What a pass came to; after PROGRESSED there may be more to do at once."""

    PROGRESSED = "progressed"
    CAUGHT_UP = "caught up"
    NODE_BEHIND = "node behind"


@dataclass(frozen=True, slots=True)
class Limits:
    """Most blocks of one backfill and of one extension."""

    range_blocks: int = 2_000
    head_blocks: int = 32


class Shell:
    """Passes over one mirror."""

    def __init__(
        self,
        engine: Engine,
        node: Node,
        mirror: MirrorId,
        contracts: Contracts,
        *,
        fence: int,
        limits: Limits | None = None,
        watcher: Watcher | None = None,
    ) -> None:
        self._engine = engine
        self._node = node
        self._mirror = mirror
        self._contracts = contracts
        self._fence = fence
        self._limits = limits or Limits()
        self._watcher = watcher or Unwatched()
        self._range = RangeSize(self._limits.range_blocks)

    def step(self) -> Outcome:
        """Do one pass.

        Raises:
            ChainUnavailable: ask again; nothing was changed.
            MirrorInconsistent: stop; nothing was changed.
            StorageError: the database is locked or unreachable; whether a commit that was under way
                came through is seen by the next pass.
        """
        before, stored = self._read()
        self._watcher.reached(Step.READ)
        view = self._node.view()
        self._watcher.reached(Step.SEEN)
        branch: tuple[BlockHeader, ...] = ()
        while True:
            decision = decide(
                stored,
                view,
                branch,
                range_blocks=self._range.blocks,
                head_blocks=self._limits.head_blocks,
            )
            if isinstance(decision, AskHeaders):
                branch = self._headers(decision)
            elif isinstance(decision, AskParent):
                branch = (self._parent(decision), *branch)
            else:
                break
        self._watcher.reached(Step.DECIDED)
        match decision:
            case Wait():
                return self._wait(before, stored, view, decision)
            case RollBack(ancestor):
                self._roll_back(before, stored, ancestor)
            case Backfill():
                self._backfill(before, view, decision)
            case Extend(headers):
                batch = gather_extension(self._node, headers, self._contracts)
                self._add(before, batch, levels_after_extending(stored, view, headers), before.head)
        return Outcome.PROGRESSED

    def _read(self) -> tuple[Checkpoint, Stored]:
        with reading(self._engine) as connection:
            before = checkpoints.load(connection, self._mirror)
            if before is None:
                raise CheckpointMoved(0)
            window = ledger.window(connection, self._mirror, before.finalized.number)
        if before.fence != self._fence:
            raise FenceLost(self._fence, before.fence)
        if len(window) != before.head.number - before.finalized.number + 1:
            raise WindowTorn(before.finalized.number, before.head.number)
        return before, Stored(before.head, before.safe, before.finalized, window)

    def _headers(self, wanted: AskHeaders) -> tuple[BlockHeader, ...]:
        """Ask for a branch; gives as many as follow each other."""
        branch: list[BlockHeader] = []
        for header in self._node.headers(range(wanted.first, wanted.last + 1)):
            if header is None or (branch and header.parent_hash != branch[-1].hash):
                break
            branch.append(header)
        if not branch:
            raise ViewChanged(f"the node does not have block {wanted.first}, though it is ahead")
        return tuple(branch)

    def _parent(self, wanted: AskParent) -> BlockHeader:
        header = self._node.header(wanted.hash)
        if header is None or header.number != wanted.number:
            raise ViewChanged(f"the node does not know the parent of block {wanted.number + 1}")
        return header

    def _wait(self, before: Checkpoint, stored: Stored, view: View, wait: Wait) -> Outcome:
        if wait.doubtful:
            # A node below what is final is behind, or began anew: its genesis tells.
            require_chain(self._node, self._mirror.chain_id, before.genesis_hash)
        levels = levels_after_extending(stored, view, ())
        if levels != Levels(before.safe, before.finalized):
            with writing(self._engine) as connection:
                committing.raise_levels(self._commit(connection, before), levels)
            self._watcher.reached(Step.COMMITTED)
        return Outcome.NODE_BEHIND if wait.behind else Outcome.CAUGHT_UP

    def _backfill(self, before: Checkpoint, view: View, wanted: Backfill) -> None:
        if view.finalized is None:
            raise ViewChanged("nothing is finalized")
        try:
            batch = gather_range(self._node, wanted, view.finalized, self._contracts)
        except ChainUnavailable:
            self._range = self._range.shrunk()
            raise
        levels = Levels(batch.last.mark, batch.last.mark)
        # The outbox begins where history first meets what may still be taken back.
        arrived = batch.last.mark if wanted.last == view.finalized.number else None
        self._add(before, batch, levels, arrived)
        self._range = self._range.grown(len(batch.logs))

    def _add(self, before: Checkpoint, batch: Batch, levels: Levels, origin: Mark | None) -> None:
        self._watcher.reached(Step.GATHERED)
        try:
            with writing(self._engine) as connection:
                committing.add_batch(self._commit(connection, before), batch, levels, origin)
        except IntegrityError as error:
            raise BatchCollided(before.head.number, str(error.orig)) from error
        self._watcher.reached(Step.COMMITTED)
        blocks = batch.last.number - before.head.number
        self._watcher.added(batch.last, blocks, len(batch.logs))

    def _roll_back(self, before: Checkpoint, stored: Stored, ancestor: Mark) -> None:
        with writing(self._engine) as connection:
            after = committing.roll_back(self._commit(connection, before), stored, ancestor)
        self._watcher.reached(Step.COMMITTED)
        self._watcher.rolled_back(before.head, ancestor, after.generation)

    def _commit(self, connection: Connection, before: Checkpoint) -> Commit:
        return Commit(connection, self._mirror, before, self._watcher)
