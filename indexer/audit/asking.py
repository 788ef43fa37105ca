"""Asking for the logs of final blocks once more, and in more than one way.

Owns the questions. Refuses to compare with the mirror, and to ask twice: what does not fit together
raises ViewChanged.

The logs of the last block, by its hash, are held against its bloom. With `every_header` each block
is: its header is linked to the next one's by hash up to the last, and wherever its bloom allows a
log of the contracts the block is asked for by hash. No log can be left out then, not even by a node
that leaves it out of a range.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.audit.comparing import Told
from indexer.rpc.consistency import may_hold, require_belonging, require_complete, tidied
from indexer.rpc.errors import ViewChanged

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from indexer.identity import Contracts
    from indexer.rpc.values import BlockHeader, Node, RawLog


def ask(
    node: Node,
    blocks: range,
    contracts: Contracts,
    bearing: Collection[int],
    *,
    every_header: bool,
) -> Told:
    """Ask for everything that the mirror should hold of some final blocks.

    Args:
        node: Whom.
        blocks: Which, at least one.
        contracts: Whose logs.
        bearing: The blocks that bear logs as the mirror has it.
        every_header: Whether every block is held against its bloom.

    Raises:
        ChainUnavailable: no answer, or answers that do not fit together (ViewChanged).
        LogsContradict: two different logs for one place.
    """
    answer = node.range_logs(blocks[0], blocks[-1], contracts.addresses)
    if answer.last is None:
        raise ViewChanged(f"the node that gave logs does not have block {blocks[-1]}")
    logs = [log for log in tidied(answer.logs) if log.address in contracts.addresses]
    if any(log.block_number not in blocks for log in logs):
        raise ViewChanged("a log is of a block that was not asked for")
    wanted = {*(log.block_number for log in logs), *bearing, blocks[-1]}
    headers = _headers(node, blocks if every_header else sorted(wanted))
    if headers[blocks[-1]].hash != answer.last.hash:
        raise ViewChanged(f"the node names two blocks {blocks[-1]}")
    require_belonging(logs, headers)
    proven = [headers[blocks[-1]]]
    if every_header:
        _require_linked(headers)
        proven = [one for one in headers.values() if may_hold(one, contracts.addresses)]
    return Told(_proven(node, proven, logs, contracts), headers)


def _proven(
    node: Node, headers: Sequence[BlockHeader], logs: Sequence[RawLog], contracts: Contracts
) -> tuple[RawLog, ...]:
    """Put what blocks say by their hash in the place of what the range says of them."""
    proven = {header.number for header in headers}
    found = [log for log in logs if log.block_number not in proven]
    answers = node.block_logs([header.hash for header in headers])
    for header, answer in zip(headers, answers, strict=True):
        told = tidied(answer)
        require_belonging(told, {header.number: header})
        require_complete(header, told)
        found += (log for log in told if log.address in contracts.addresses)
    return tuple(sorted(found, key=lambda log: (log.block_number, log.log_index)))


def _headers(node: Node, numbers: Sequence[int]) -> Mapping[int, BlockHeader]:
    headers = node.headers(numbers)
    found = {header.number: header for header in headers if header is not None}
    if len(found) != len(numbers):
        raise ViewChanged("the node does not have a block that is final")
    return found


def _require_linked(headers: Mapping[int, BlockHeader]) -> None:
    for number, header in headers.items():
        before = headers.get(number - 1)
        if before is not None and header.parent_hash != before.hash:
            raise ViewChanged(f"block {number} does not follow the block before it")
