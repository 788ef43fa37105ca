"""How quickly a mirror reacts: to a new block, to a reorganisation, to a question.

Owns three measurements of a mirror that stands at the head of its chain. Refuses history: `sides`
reads that. What wakes a mirror is in one place (`_woken`): today that is the pass itself, begun
when the node has the block; what a poll or a wake-up over the wire adds comes on top.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from random import Random
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from indexer.queries import mirror_status, seat
from indexer.store.fold_tables import seat_states
from indexer.sync.backfilling import Limits
from indexer.sync.shell import Outcome
from indexer.sync.steps import Step
from marketplace.domain.ids import SeatId
from marketplace.storage.engines import open_engine
from marketplace.storage.transactions import reading
from scripts.toolchain.errors import ToolFailedError
from tests.benchmarks.history import FINAL_DEPTH, block_of_events, unchanged
from tests.benchmarks.mirrors import MIRROR, Counting, opened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

    from indexer.rpc.values import BlockHeader, Identity, Node, RangeLogs, RawLog, View
    from indexer.sync.shell import Shell
    from marketplace.domain.addresses import ChecksumAddress
    from tests.benchmarks.history import History

_LOOKUPS: Final = 2_000
_PASSES: Final = 10_000


@dataclass(frozen=True, slots=True)
class Reactions:
    """What one database came to.

    Attributes:
        head_ms: From the node having a block to the row being visible, for each block.
        rollback_ms: For each rollback of 64 blocks.
        lookup_us: Of one question for a seat's owner, in the middle.
        undone: Events of one rollback.
    """

    head_ms: tuple[float, ...]
    rollback_ms: tuple[float, ...]
    lookup_us: float
    undone: int


@dataclass
class _Forking:
    """A node that can be told to leave the chain below its head, and to come back to it."""

    node: Node
    fork: BlockHeader | None = None

    def identity(self) -> Identity:
        return self.node.identity()

    def view(self) -> View:
        seen = self.node.view()
        return seen if self.fork is None else replace(seen, head=self.fork)

    def headers(self, numbers: Sequence[int]) -> tuple[BlockHeader | None, ...]:
        if self.fork is None:
            return self.node.headers(numbers)
        return tuple(self.fork if number == self.fork.number else None for number in numbers)

    def header(self, block_hash: str) -> BlockHeader | None:
        return self.node.header(block_hash)

    def block_logs(self, hashes: Sequence[str]) -> tuple[tuple[RawLog, ...], ...]:
        return self.node.block_logs(hashes)

    def range_logs(self, first: int, last: int, addresses: Sequence[ChecksumAddress]) -> RangeLogs:
        return self.node.range_logs(first, last, addresses)

    def code(self, address: ChecksumAddress) -> bytes:
        return self.node.code(address)

    def code_then(self, address: ChecksumAddress, number: int) -> bytes | None:
        return self.node.code_then(address, number)


@dataclass
class _Timing(Counting):
    """Notes when a rollback begins and ends."""

    decided_at: float = 0.0
    took_s: float = 0.0
    depth: int = 0

    def reached(self, step: Step) -> None:
        if step is Step.DECIDED:
            self.decided_at = time.perf_counter()
        elif step is Step.COMMITTED:
            self.took_s = time.perf_counter() - self.decided_at

    def rolled_back(self, left: Any, ancestor: Any, generation: int) -> None:  # noqa: ANN401, ARG002 - as the watcher has it
        self.depth = left.number - ancestor.number


def measured(history: History, database: str, blocks: int, rounds: int) -> Reactions:
    """Follow a chain to its head, then measure.

    Args:
        history: The chain.
        database: An empty, migrated one.
        blocks: New blocks to mine and to follow.
        rounds: Rollbacks.
    """
    forking: list[_Forking] = []

    def seen(node: Node) -> Node:
        forking.append(_Forking(node))
        return forking[0]

    timing = _Timing()
    with (
        unchanged(history),
        opened(
            database, history.url, history.contract, history.start_block, Limits(), seen, timing
        ) as (shell, _),
    ):
        _caught_up(shell)
        rollbacks = tuple(_rollback(shell, forking[0], timing) for _ in range(rounds))
        undone = timing.events
        engine = open_engine(database)
        lookup_us = _lookup_us(engine)
        heads = tuple(_head_ms(history, shell, engine) for _ in range(blocks))
        engine.dispose()
    return Reactions(heads, rollbacks, lookup_us, undone)


def _woken(shell: Shell) -> None:
    """Let the mirror know that there may be a new block."""
    shell.step()


def _head_ms(history: History, shell: Shell, engine: Engine) -> float:
    # As the loop does: after a commit it looks again at once, and only then waits for word.
    _caught_up(shell)
    number = block_of_events(history)
    begun = time.perf_counter()
    _woken(shell)
    with reading(engine) as connection:
        head = mirror_status(connection, MIRROR).head.number
    took = time.perf_counter() - begun
    if head != number:
        raise ToolFailedError("the mirror", f"It stands at {head} and not at {number}.")
    return took * 1_000


def _rollback(shell: Shell, node: _Forking, timing: _Timing) -> float:
    """Leave the last 64 blocks for another block of the same parent, and come back."""
    head = node.view().head.number
    (header,) = node.headers([head - FINAL_DEPTH + 1])
    if header is None:
        raise ToolFailedError("the node", "It does not have a block that it had.")
    node.fork = replace(header, hash="0x" + "f0" * 32)
    shell.step()
    node.fork = None
    if timing.depth != FINAL_DEPTH:
        raise ToolFailedError("the mirror", f"It rolled {timing.depth} blocks back.")
    took_ms = timing.took_s * 1_000
    timing.events = 0
    _caught_up(shell)
    return took_ms


def _caught_up(shell: Shell) -> None:
    for _ in range(_PASSES):
        if shell.step() is Outcome.CAUGHT_UP:
            return
    raise ToolFailedError("the mirror", "It does not come to the head.")


def _lookup_us(engine: Engine) -> float:
    dice = Random(1)
    with reading(engine) as connection:
        seats = list(connection.scalars(select(seat_states.c.seat).distinct()))
        found = []
        for _ in range(_LOOKUPS):
            asked = SeatId(dice.choice(seats))
            begun = time.perf_counter()
            seat(connection, MIRROR, asked)
            found.append(time.perf_counter() - begun)
    return median(found) * 1_000_000
