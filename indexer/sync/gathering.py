"""Asking for everything that one commit needs, and believing only what fits together.

Owns the questions of a range and of an extension and the checks on their answers. Refuses to write,
and to ask twice: what does not fit raises ViewChanged, and the loop begins the pass again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

from indexer.decoding import decode
from indexer.identity import Kind
from indexer.rpc.consistency import require_belonging, require_complete, tidied
from indexer.rpc.errors import ViewChanged

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from indexer.decoding import Entry
    from indexer.identity import Contracts
    from indexer.rpc.values import BlockHeader, Mark, Node, RawLog
    from indexer.sync.decision import Backfill
    from marketplace.domain.addresses import ChecksumAddress

_NEVER: Final = 2**63
"""The number of no block."""


@dataclass(frozen=True)
class Batch:
    """Blocks to mirror, and the contracts' logs in them.

    Attributes:
        headers: In order; every block that holds a log, and the last one.
        logs: In the order of the chain.
        kinds: What the contracts are that are not the seats' own.
    """

    headers: tuple[BlockHeader, ...]
    logs: tuple[RawLog, ...]
    kinds: Mapping[ChecksumAddress, Kind] = field(default_factory=dict)

    @property
    def last(self) -> BlockHeader:
        """The mirror's head after this batch."""
        return self.headers[-1]

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The logs, decoded once. Raises MirrorInconsistent for one that is of no known event."""
        times = {header.number: header.timestamp_s for header in self.headers}
        kinds, seats = self.kinds, Kind.SEATS
        return tuple(
            [
                decode(log, times[log.block_number], kinds.get(log.address, seats))
                for log in self.logs
            ]
        )


def gather_extension(node: Node, headers: tuple[BlockHeader, ...], contracts: Contracts) -> Batch:
    """Ask for the logs of blocks by their hashes. Raises ChainUnavailable, LogsContradict."""
    logs: list[RawLog] = []
    answers = node.block_logs([header.hash for header in headers])
    for header, answer in zip(headers, answers, strict=True):
        found = tidied(answer)
        require_belonging(found, {header.number: header})
        require_complete(header, found)
        logs += found
    return Batch(headers, counted(logs, contracts), contracts.kinds)


def gather_range(node: Node, wanted: Backfill, finalized: Mark, contracts: Contracts) -> Batch:
    """Ask for the logs of a finalized range and the headers of the blocks that hold them.

    Raises:
        ChainUnavailable: no answer, or the node does not have the range (ViewChanged).
        LogsContradict: two different logs for one place.
    """
    logs: tuple[RawLog, ...] = ()
    asked_of: BlockHeader | None = None
    if wanted.last >= contracts.first_block:
        first = max(wanted.first, contracts.first_block)
        answer = node.range_logs(first, wanted.last, contracts.addresses)
        asked_of = answer.last
        if asked_of is None:
            # A node that is behind gives the logs that it has, as if there were no others.
            raise ViewChanged(f"the node that gave logs does not have block {wanted.last}")
        logs = tuple([log for log in tidied(answer.logs) if log.address in contracts.addresses])
        numbers = {log.block_number for log in logs}
        if any(not first <= number <= wanted.last for number in numbers):
            raise ViewChanged("a log is of a block that was not asked for")
        logs = counted(logs, contracts)
    headers = _headers(node, sorted({log.block_number for log in logs} | {wanted.last}))
    require_belonging(logs, {header.number: header for header in headers})
    if asked_of is not None and headers[-1].hash != asked_of.hash:
        # Two machines behind one address: without a log, nothing else would tell.
        raise ViewChanged(f"the node names two blocks {wanted.last}")
    if wanted.last == finalized.number and headers[-1].hash != finalized.hash:
        raise ViewChanged("the finalized block has another hash by number")
    return Batch(headers, logs, contracts.kinds)


def counted(logs: Iterable[RawLog], contracts: Contracts) -> tuple[RawLog, ...]:
    """The logs of the contracts, each from its own first block on, however blocks are cut."""
    begins = {address: contracts.begins(address) for address in contracts.addresses}
    return tuple([log for log in logs if log.block_number >= begins.get(log.address, _NEVER)])


def _headers(node: Node, numbers: list[int]) -> tuple[BlockHeader, ...]:
    found = tuple(header for header in node.headers(numbers) if header is not None)
    if len(found) != len(numbers):
        raise ViewChanged("the node does not have a block whose logs it gave")
    return found
