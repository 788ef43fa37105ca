"""Filling in the history of a contract that a mirror was given later.

Owns one step of it, in a transaction of its own: a range of final blocks, or at the end the blocks
that are not final yet, after which the contract is followed with the others. A process may die
between any two steps. The others' logs are not asked for again, and the mirror goes on meanwhile.
Refuses waiting; whoever passes over the mirror does a step after each pass.

    what is final            by ranges, the contract's logs alone
    what is not, with the last of those
                             by the hashes that the mirror holds: the blocks whose bloom may have a
                             log of the contract, against their whole bloom

What lies above the block that the outbox begins with is told, so that replaying it still gives the
ledger; of older history nothing is told, as of the others'.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from sqlalchemy.exc import IntegrityError

from indexer import outbox
from indexer.decoding import decode
from indexer.rpc.consistency import may_hold, require_belonging, require_complete, tidied
from indexer.rpc.errors import ViewChanged
from indexer.store import audits, checkpoints, contracts, ledger
from indexer.store.checkpoints import BatchCollided, FenceLost
from indexer.store.partitions import EVENTS, OUTBOX, Room
from indexer.sync.committing import fold_entries, tell
from indexer.sync.ranges import RangeSize
from indexer.sync.steps import Step
from marketplace.domain.errors import ChainUnavailable
from marketplace.storage.transactions import reading, writing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from indexer.decoding import Entry
    from indexer.identity import Kind
    from indexer.rpc.values import BlockHeader, Node, RawLog
    from indexer.store.checkpoints import Checkpoint
    from indexer.store.contracts import Progress
    from indexer.sync.hold import Hold
    from indexer.sync.steps import Watcher

_MOST_PASSES = 256
"""So many passes are done at most before a step that failed is tried again."""


class FillWatcher(Protocol):
    """Is told how the history of an added contract comes in."""

    def filled(self, kind: Kind, next_block: int, events: int, *, of: int) -> None:
        """A range was filled in, up to and without `next_block`; ranges end with block `of`."""

    def joined(self, kind: Kind, head: int) -> None:
        """All of it is there; the contract is followed with the others."""

    def fill_failed(self, kind: Kind, error: ChainUnavailable, passes: int) -> None:
        """A step failed; the next one comes after so many passes."""


class UnwatchedFilling:
    """A watcher that looks away."""

    def filled(self, kind: Kind, next_block: int, events: int, *, of: int) -> None:
        """Do nothing."""

    def joined(self, kind: Kind, head: int) -> None:
        """Do nothing."""

    def fill_failed(self, kind: Kind, error: ChainUnavailable, passes: int) -> None:
        """Do nothing."""


@dataclass(frozen=True, slots=True)
class _Part:
    """What one step adds: logs of the contract, in blocks of the mirror's own branch."""

    headers: tuple[BlockHeader, ...]
    logs: tuple[RawLog, ...]
    next_block: int
    joins: bool


class Filler:
    """Steps for one mirror, each for the first contract that is not followed yet."""

    def __init__(
        self, hold: Hold, node: Node, range_blocks: int, watcher: Watcher, told: FillWatcher
    ) -> None:
        self._hold = hold
        self._node = node
        self._watcher = watcher
        self._told = told
        self._range = RangeSize(range_blocks)
        self._room = Room(hold.engine, hold.mirror)
        self._failures = 0
        self._passes_left = 0
        self._is_done = False

    @property
    def is_done(self) -> bool:
        """Whether every contract was found to be followed, so that no step does anything."""
        return self._is_done

    def step(self) -> bool:
        """Do a step; False when there is none to do now.

        A node that does not answer fails the step and not the pass that it follows: the head is
        not held up by history.

        Raises:
            MirrorInconsistent: stop; nothing was changed.
            StorageError: the database is locked or unreachable.
        """
        if self._is_done:
            return False
        if self._passes_left:
            self._passes_left -= 1
            return False
        with reading(self._hold.engine) as connection:
            found = contracts.load(connection, self._hold.mirror)
            waiting = [one for one in found.values() if not one.joined]
            before = checkpoints.load(connection, self._hold.mirror)
            # What has joined is never left out again.
            self._is_done = not waiting
            if not waiting or before is None:
                return False
            window = ledger.window(connection, self._hold.mirror, before.finalized.number)
        if before.fence != self._hold.fence:
            raise FenceLost(self._hold.fence, before.fence)
        progress = waiting[0]
        try:
            part = self._gather(progress, before, window)
        except ChainUnavailable as error:
            self._range = self._range.shrunk()
            self._failures += 1
            self._passes_left = min(_MOST_PASSES, 2**self._failures)
            self._told.fill_failed(progress.contract.kind, error, self._passes_left)
            return False
        self._failures = 0
        self._commit(progress, before, part)
        return True

    def _gather(self, progress: Progress, before: Checkpoint, window: Mapping[int, str]) -> _Part:
        first, final = progress.next_block, before.finalized.number
        if first > final:
            return self._gather_window(progress, before, window, first)
        address = progress.contract.address
        last = min(final, first + self._range.blocks - 1)
        answer = self._node.range_logs(first, last, (address,))
        if answer.last is None:
            raise ViewChanged(f"the node that gave logs does not have block {last}")
        logs = tuple(log for log in tidied(answer.logs) if log.address == address)
        if any(not first <= log.block_number <= last for log in logs):
            raise ViewChanged("a log is of a block that was not asked for")
        bearing = sorted({log.block_number for log in logs})
        # The final block of the mirror with them: history of another chain must not be filled in.
        headers = self._headers([*bearing, last, final])
        if headers[-1].hash != before.finalized.hash:
            raise ViewChanged("the node's chain lacks the block that is final here")
        if not any(header.hash == answer.last.hash for header in headers):
            raise ViewChanged(f"the node names two blocks {last}")
        require_belonging(logs, {header.number: header for header in headers})
        self._range = self._range.grown(len(logs))
        held = tuple(header for header in headers if header.number in bearing)
        if last < final:
            return _Part(held, logs, last + 1, joins=False)
        # In one step with the rest: where blocks become final with every pass, there would always
        # be another range.
        rest = self._gather_window(progress, before, window, final + 1)
        return replace(rest, headers=held, logs=(*logs, *rest.logs))

    def _gather_window(
        self, progress: Progress, before: Checkpoint, window: Mapping[int, str], first: int
    ) -> _Part:
        address = progress.contract.address
        numbers = range(first, before.head.number + 1)
        headers = self._headers(list(numbers)) if numbers else ()
        if any(header.hash != window[header.number] for header in headers):
            raise ViewChanged("the node is on another branch than the mirror")
        asked = [header for header in headers if may_hold(header, (address,))]
        logs: list[RawLog] = []
        answers = self._node.block_logs([one.hash for one in asked]) if asked else ()
        for header, answer in zip(asked, answers, strict=True):
            all_of_block = tidied(answer)
            require_belonging(all_of_block, {header.number: header})
            require_complete(header, all_of_block)
            logs += (log for log in all_of_block if log.address == address)
        past = max(first, before.head.number + 1)
        return _Part((), tuple(logs), past, joins=True)

    def _headers(self, numbers: Sequence[int]) -> tuple[BlockHeader, ...]:
        wanted = sorted(set(numbers))
        found = tuple(one for one in self._node.headers(wanted) if one is not None)
        if len(found) != len(wanted):
            raise ViewChanged("the node does not have a block that the mirror has")
        return found

    def _commit(self, progress: Progress, before: Checkpoint, part: _Part) -> None:
        kind = progress.contract.kind
        if part.logs:
            self._room.make(EVENTS, max(log.block_number for log in part.logs))
            self._room.make(OUTBOX, before.next_seq + len(part.logs))
        try:
            with writing(self._hold.engine) as connection:
                self._write(connection, progress, before, part)
        except IntegrityError as error:
            raise BatchCollided(before.head.number, str(error.orig)) from error
        self._watcher.reached(Step.COMMITTED)
        if part.joins:
            self._told.joined(kind, before.head.number)
        else:
            final = before.finalized.number
            self._told.filled(kind, part.next_block, len(part.logs), of=final)

    def _write(
        self, connection: Connection, progress: Progress, before: Checkpoint, part: _Part
    ) -> None:
        mirror, kind = self._hold.mirror, progress.contract.kind
        times = ledger.times(connection, mirror, {log.block_number for log in part.logs})
        times |= {header.number: header.timestamp_s for header in part.headers}
        entries = [decode(log, times[log.block_number], kind) for log in part.logs]
        messages = outbox.applied(self._to_be_told(connection, entries))
        # The head stays; that it is still there, and ours to move, is what the move asks.
        after = replace(before, next_seq=before.next_seq + len(messages))
        checkpoints.move(connection, mirror, before, after)
        self._watcher.reached(Step.MOVED)
        ledger.insert_missing_blocks(connection, mirror, part.headers)
        ledger.insert_events(connection, mirror, entries)
        self._watcher.reached(Step.LEDGERED)
        fold_entries(connection, mirror, entries)
        self._watcher.reached(Step.FOLDED)
        tell(connection, mirror, before.next_seq, messages)
        contracts.fill_to(connection, mirror, kind, part.next_block, joined=part.joins)
        if part.joins:
            # What was audited before it came says nothing of its history.
            audits.go_back(connection, mirror, progress.contract.start_block)
        self._watcher.reached(Step.TOLD)

    def _to_be_told(self, connection: Connection, entries: Sequence[Entry]) -> list[Entry]:
        """Those above the block that the outbox begins with, final or not."""
        origin = ledger.outbox_origin(connection, self._hold.mirror)
        if origin is None:
            return []
        return [entry for entry in entries if entry.log.block_number > origin.number]
