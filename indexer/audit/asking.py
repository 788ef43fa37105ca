"""Asking for the logs of final blocks once more, and in more than one way.

Owns the questions. Refuses to compare with the mirror, and to ask twice: what does not fit together
raises ViewChanged.

The logs of the last block, by its hash, are held against its bloom, and so are those of the blocks
that are to be proven: wherever a bloom allows a log of the contracts the block is asked for by
hash, and headers of neighbours are linked by hash. Of such a block no log can be left out, not even
by a node that leaves it out of a range.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from indexer.audit.comparing import Told
from indexer.rpc.consistency import may_hold, require_belonging, require_complete, tidied
from indexer.rpc.errors import ViewChanged
from indexer.sync.gathering import counted

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from indexer.identity import Contracts
    from indexer.rpc.values import BlockHeader, Node, RawLog

PROVEN_AT_ONCE: Final = 50
"""Blocks whose logs are held in memory together: all of them, whoever wrote them."""


def ask(
    node: Node,
    blocks: range,
    contracts: Contracts,
    bearing: Collection[int],
    proven: Collection[int],
) -> Told:
    """Ask for everything that the mirror should hold of some final blocks.

    Args:
        node: Whom.
        blocks: Which, at least one.
        contracts: Whose logs.
        bearing: The blocks that bear logs as the mirror has it.
        proven: The blocks that are held against their bloom, besides the last.

    Raises:
        ChainUnavailable: no answer, or answers that do not fit together (ViewChanged).
        LogsContradict: two different logs for one place.
    """
    answer = node.range_logs(blocks[0], blocks[-1], contracts.addresses)
    if answer.last is None:
        raise ViewChanged(f"the node that gave logs does not have block {blocks[-1]}")
    logs = counted(tidied(answer.logs), contracts)
    if any(log.block_number not in blocks for log in logs):
        raise ViewChanged("a log is of a block that was not asked for")
    wanted = {*(log.block_number for log in logs), *bearing, *proven, blocks[-1]}
    headers = _headers(node, sorted(wanted))
    if headers[blocks[-1]].hash != answer.last.hash:
        raise ViewChanged(f"the node names two blocks {blocks[-1]}")
    require_belonging(logs, headers)
    _require_linked(headers)
    held = [headers[number] for number in sorted(proven)]
    to_prove = [one for one in held if may_hold(one, contracts.addresses)]
    if blocks[-1] not in proven:
        to_prove.append(headers[blocks[-1]])
    return Told(_proven(node, to_prove, logs, contracts), headers)


def _proven(
    node: Node, headers: Sequence[BlockHeader], logs: Sequence[RawLog], contracts: Contracts
) -> tuple[RawLog, ...]:
    """Put what blocks say by their hash in the place of what the range says of them."""
    proven = {header.number for header in headers}
    found = [log for log in logs if log.block_number not in proven]
    for first in range(0, len(headers), PROVEN_AT_ONCE):
        some = headers[first : first + PROVEN_AT_ONCE]
        answers = node.block_logs([header.hash for header in some])
        for header, answer in zip(some, answers, strict=True):
            told = tidied(answer)
            require_belonging(told, {header.number: header})
            require_complete(header, told)
            found += counted(told, contracts)
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
