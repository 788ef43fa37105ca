"""One pass: read the mirror, see the node, decide, gather, commit.

Owns the order of a pass and its one transaction. Nothing is remembered between passes but the
fence, what the process remembers (`indexer.sync.memory`), the range that was asked for ahead, the
hashes of what is not final, and for a while what a pass without anything to do has read: the
compare-and-swap would find it changed. A pass that failed anywhere is begun again from the tables.
Refuses retries and waiting; the loop owns those.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy.exc import IntegrityError

from indexer.rpc.errors import ViewChanged
from indexer.rpc.probe import require_chain
from indexer.store import checkpoints, heartbeats, ledger
from indexer.store import contracts as contract_rows
from indexer.store.checkpoints import BatchCollided, CheckpointMoved, FenceLost
from indexer.store.partitions import EVENTS, OUTBOX, Room
from indexer.sync import committing
from indexer.sync.backfilling import Backfiller, Limits
from indexer.sync.committing import Commit
from indexer.sync.decision import (
    AskHeaders,
    AskParent,
    Backfill,
    Extend,
    FinalizedReplaced,
    Levels,
    RollBack,
    Stored,
    Wait,
    decide,
    levels_after_extending,
    require_end_of_history,
)
from indexer.sync.filling import Filler, UnwatchedFilling
from indexer.sync.gathering import gather_extension
from indexer.sync.memory import Memory
from indexer.sync.outcomes import Outcome
from indexer.sync.starts import Start, Tables
from indexer.sync.steps import Step, Unwatched
from indexer.sync.windows import Window, WindowTorn
from marketplace.domain.errors import ChainUnavailable
from marketplace.storage.transactions import reading, writing

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from indexer.identity import Contracts
    from indexer.rpc.values import BlockHeader, Mark, Node
    from indexer.sync.filling import FillWatcher
    from indexer.sync.gathering import Batch
    from indexer.sync.heartbeat import Heartbeat
    from indexer.sync.hold import Hold
    from indexer.sync.progress import Progress
    from indexer.sync.steps import Watcher

__all__ = ["Limits", "Outcome", "Shell", "WindowTorn"]


_READ_AGAIN: Final = 8
"""Passes after which the tables are read again, though nothing seems to have happened."""


class Shell:
    """Passes over one mirror."""

    def __init__(  # noqa: PLR0913 - what a pass is made of, and who is told of it
        self,
        hold: Hold,
        node: Node,
        contracts: Contracts,
        *,
        heartbeat: Heartbeat,
        limits: Limits | None = None,
        memory: Memory | None = None,
        watcher: Watcher | None = None,
        progress: Progress | None = None,
        told: FillWatcher | None = None,
    ) -> None:
        self._engine = hold.engine
        self._mirror = hold.mirror
        self._fence = hold.fence
        self._node = node
        self._contracts = contracts
        self._heartbeat = heartbeat
        limits = limits or Limits()
        self._watcher = watcher or Unwatched()
        self._memory = memory or Memory()
        self._sizes = self._memory.sizes(limits)
        self._history = Backfiller(
            hold.engine, node, contracts, limits, self._sizes, self._watcher, progress
        )
        self._filler = (
            Filler(hold, node, limits.range_blocks, self._watcher, told or UnwatchedFilling())
            if contracts.added
            else None
        )
        self._joined = None if contracts.added else contracts
        self._room = Room(hold.engine, hold.mirror)
        self._window = Window(hold.mirror)
        self._known: Tables | None = None
        self._unread = 0
        self._has_seen = False
        self._is_stale = False
        self._begun = False

    @property
    def has_seen(self) -> bool:
        """Whether the node has named its head to the last pass."""
        return self._has_seen

    @property
    def is_stale(self) -> bool:
        """Whether the head that the node has named last is too old to be the chain's."""
        return self._is_stale

    def step(self) -> Outcome:
        """Do one pass, and a step of filling in the history of an added contract.

        Raises:
            ChainUnavailable: ask again; nothing was changed.
            FinalizedReplaced: stop; that was written down, and the mirror is no longer level.
            MirrorInconsistent: stop; nothing was changed.
            StorageError: the database is locked or unreachable; whether a commit that was under way
                came through is seen by the next pass.
        """
        try:
            outcome = self._pass()
            # After the pass: history does not keep the head waiting.
            return Outcome.PROGRESSED if self._fill() else outcome
        except BaseException:
            # Nothing that was asked for ahead, or kept, outlives a pass that failed.
            self._history.forget()
            self._window.forget()
            raise

    def close(self) -> None:
        """End what runs beside the passes."""
        self._history.close()

    def _fill(self) -> bool:
        if self._filler is None or self._filler.is_done:
            return False
        self._history.settle()
        # Its commits change what the pass has read, and neither head nor generation tells.
        self._known = None
        return self._filler.step()

    def _pass(self) -> Outcome:
        start = self._begin()
        try:
            decision = self._decided(start)
        except FinalizedReplaced as error:
            self._stop(start, error)
            raise
        self._watcher.reached(Step.DECIDED)
        match decision:
            case Wait():
                return self._wait(start, decision)
            case RollBack(ancestor):
                self._roll_back(start, ancestor)
            case Backfill():
                self._backfill(start, decision)
            case Extend(headers):
                self._require_end_of_history(start)
                batch = self._extension(headers, start.contracts)
                levels = levels_after_extending(start.stored, start.view, headers)
                self._add(start, batch, levels, start.before.head)
        return Outcome.PROGRESSED

    def _decided(self, start: Start) -> Wait | RollBack | Backfill | Extend:
        branch: tuple[BlockHeader, ...] = ()
        while True:
            decision = decide(
                start.stored,
                start.view,
                branch,
                range_blocks=self._history.blocks,
                head_blocks=self._sizes.head.blocks,
                first_block=start.contracts.first_block,
            )
            if isinstance(decision, AskHeaders):
                branch = self._headers(decision, start)
            elif isinstance(decision, AskParent):
                branch = (self._parent(decision), *branch)
            else:
                return decision

    def _stop(self, start: Start, error: FinalizedReplaced) -> None:
        with writing(self._engine) as connection:
            commit = self._commit(connection, start, None)
            committing.stop(commit, error, start.asked_at)

    def _begin(self) -> Start:
        # Word of a head finds the tables read already: that is a third of what is left to do.
        tables, self._known = self._known, None
        self._unread += 1
        if tables is None or self._unread > _READ_AGAIN:
            tables, self._unread = self._read(), 0
        self._watcher.reached(Step.READ)
        self._history.settle()
        asked_at = self._heartbeat.now()
        self._has_seen = False
        view = self._node.view()
        self._has_seen = True
        self._is_stale = self._heartbeat.is_stale(view.head, asked_at)
        self._watcher.seen(view.head)
        self._memory.saw(view, tables.stored.window)
        self._watcher.reached(Step.SEEN)
        return Start(tables, asked_at, view)

    def _read(self) -> Tables:
        with reading(self._engine) as connection:
            before = checkpoints.load(connection, self._mirror)
            if before is None:
                raise CheckpointMoved(0)
            if before.fence != self._fence:
                raise FenceLost(self._fence, before.fence)
            window = self._window.read(connection, before)
            noted_at = heartbeats.last(connection, self._mirror)
            left = heartbeats.left(connection, self._mirror) if noted_at is None else None
            following = self._following(connection)
        self._memory.read(before.generation, noted_at, left)
        stored = Stored(before.head, before.safe, before.finalized, window)
        return Tables(before, stored, noted_at, following)

    def _following(self, connection: Connection) -> Contracts:
        """The contracts whose history is there, with the one that the mirror began with."""
        if self._joined is None:
            found = contract_rows.load(connection, self._mirror)
            joined = {kind for kind, one in found.items() if one.joined}
            following = self._contracts.following(joined)
            if any(one.kind not in joined for one in self._contracts.added):
                return following
            # What has joined is never left out again.
            self._joined = following
        return self._joined

    def _headers(self, wanted: AskHeaders, start: Start) -> tuple[BlockHeader, ...]:
        """Ask for a branch; gives as many as follow each other."""
        stored, seen = start.stored, start.view.head
        if stored.head.number < wanted.first == wanted.last == seen.number:
            # One block more, as nearly always: the node has given it already.
            return (seen,)
        branch: list[BlockHeader] = []
        for header in self._node.headers(range(wanted.first, wanted.last + 1)):
            if header is None or (branch and header.parent_hash != branch[-1].hash):
                break
            branch.append(header)
        if not branch:
            raise ViewChanged(f"the node does not have block {wanted.first}, though it is ahead")
        if stored.window.get(wanted.first) == branch[0].hash:
            # Named as another and given as ours: what is held must not be left for that.
            raise ViewChanged(f"the node names two blocks {wanted.first}")
        return tuple(branch)

    def _parent(self, wanted: AskParent) -> BlockHeader:
        header = self._node.header(wanted.hash)
        if header is None or header.number != wanted.number:
            raise ViewChanged(f"the node does not know the parent of block {wanted.number + 1}")
        return header

    def _wait(self, start: Start, wait: Wait) -> Outcome:
        before = start.before
        if wait.doubtful:
            # A node below what is final is behind, or began anew: its genesis tells.
            require_chain(self._node, self._mirror.chain_id, before.genesis_hash)
        levels = levels_after_extending(start.stored, start.view, ())
        level_at = self._level_at(start, before.head)
        noted_at = start.tables.noted_at
        beats = level_at is not None and self._heartbeat.is_due(noted_at, level_at)
        if beats or levels != Levels(before.safe, before.finalized):
            with writing(self._engine) as connection:
                commit = self._commit(connection, start, level_at)
                after = committing.raise_levels(commit, levels)
            self._window.went_on(before, after)
            self._watcher.reached(Step.COMMITTED)
        else:
            self._known = start.tables
        if wait.behind:
            return Outcome.NODE_BEHIND
        return Outcome.HEAD_STALE if self._is_stale else Outcome.CAUGHT_UP

    def _backfill(self, start: Start, wanted: Backfill) -> None:
        finalized = start.view.finalized
        if finalized is None:
            raise ViewChanged("nothing is finalized")
        if wanted.last == finalized.number:
            self._require_end_of_history(start)
        batch = self._history.gather(start.contracts, start.before.head, wanted, finalized)
        levels = Levels(batch.last.mark, batch.last.mark)
        # The outbox begins where history first meets what may still be taken back.
        arrived = batch.last.mark if batch.last.number == finalized.number else None
        self._add(start, batch, levels, arrived, finalized)
        self._history.committed(batch, finalized)

    def _require_end_of_history(self, start: Start) -> None:
        if not self._has_begun():
            named = self._memory.called_final.latest()
            require_end_of_history(start.stored, start.view, named)

    def _has_begun(self) -> bool:
        if not self._begun:
            with reading(self._engine) as connection:
                # For good: nothing takes it back.
                self._begun = ledger.outbox_origin(connection, self._mirror) is not None
        return self._begun

    def _extension(self, headers: tuple[BlockHeader, ...], contracts: Contracts) -> Batch:
        """Ask for the logs of blocks, next time of half as many when the node gives none."""
        try:
            batch = gather_extension(self._node, headers, contracts)
        except ChainUnavailable:
            self._sizes.head = self._sizes.head.shrunk()
            raise
        self._sizes.head = self._sizes.head.grown(len(batch.logs))
        return batch

    def _add(
        self,
        start: Start,
        batch: Batch,
        levels: Levels,
        origin: Mark | None,
        finalized: Mark | None = None,
    ) -> None:
        """Commit a batch; `finalized` is where the history ends that it is part of."""
        self._watcher.reached(Step.GATHERED)
        head = start.before.head
        if origin is not None:
            # From here on the mirror is live, and read.
            self._history.build_indexes()
        level_at = self._level_at(start, batch.last.mark)
        if batch.logs:
            self._room.make(EVENTS, batch.last.number)
            self._room.make(OUTBOX, start.before.next_seq + len(batch.logs))
        try:
            with writing(self._engine) as connection:
                commit = self._commit(connection, start, level_at)
                after = committing.add_batch(commit, batch, levels, origin)
                if finalized is not None and origin is None:
                    self._history.leave_indexes(connection, head, finalized)
        except IntegrityError as error:
            raise BatchCollided(head.number, str(error.orig)) from error
        self._window.went_on(start.before, after, batch.headers)
        self._watcher.reached(Step.COMMITTED)
        blocks = batch.last.number - head.number
        self._watcher.added(batch.headers, blocks, len(batch.logs))

    def _roll_back(self, start: Start, ancestor: Mark) -> None:
        with reading(self._engine) as connection:
            count = ledger.count_above(connection, self._mirror, ancestor.number)
        self._room.make(OUTBOX, start.before.next_seq + count)
        with writing(self._engine) as connection:
            commit = self._commit(connection, start, None)
            after = committing.roll_back(commit, start.stored, ancestor)
        # Whoever mirrored it: the branch that is left may be the chain, and the node a machine that
        # lags. Where the commit's answer is lost, the tables say so to the next pass.
        self._memory.left(start.before.head.number, after.generation)
        self._window.forget()
        self._watcher.reached(Step.COMMITTED)
        self._watcher.rolled_back(start.before.head, ancestor, after.generation)

    def _level_at(self, start: Start, last: Mark) -> int | None:
        """The moment at which a mirror that ends at a block was level; None when it is not."""
        head = start.view.head
        if last != head.mark:
            return None
        if self._memory.ahead.holds_back(last.number):
            return None
        # For a while to come, too: a machine that lags may have this block's uncle for its head.
        self._memory.ahead.saw(last.number)
        return start.asked_at if self._heartbeat.believes(head, start.asked_at) else None

    def _commit(self, connection: Connection, start: Start, level_at: int | None) -> Commit:
        return Commit(connection, self._mirror, start.before, self._watcher, level_at)
