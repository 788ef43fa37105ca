"""A node over a tree that does not always tell the truth.

Owns the ways in which single answers go wrong, by dice. Refuses whatever the wire does; that is
tested where the wire is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec import structs

from indexer.rpc.errors import NodeRefused, NodeSilent
from indexer.rpc.values import BlockHeader, Mark, RangeLogs, RawLog, View
from tests.integration.indexer.tree import Block, TreeNode, bloom_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from marketplace.domain.addresses import ChecksumAddress


@dataclass
class FaultyTreeNode(TreeNode):
    """With dice, each answer goes wrong with the chance `fault_rate`."""

    dice: Random | None = None
    fault_rate: float = 0.0

    def view(self) -> View:
        path = self._path()
        head = path[-1]
        safe = path[max(0, head.number - self.tree.safe_depth)]
        final = self.tree.finalized if head is self.tree.tip else path[0]
        return View(head.header, _higher(safe, final).header.mark, self._known_final(path, final))

    def headers(self, numbers: Sequence[int]) -> tuple[BlockHeader | None, ...]:
        path = self._path()
        return tuple(path[number].header if number < len(path) else None for number in numbers)

    def header(self, block_hash: str) -> BlockHeader | None:
        self._fall_silent()
        if self._occurs("unknown_hash"):
            return None
        block = self.tree.blocks.get(block_hash)
        return None if block is None else block.header

    def block_logs(self, hashes: Sequence[str]) -> tuple[tuple[RawLog, ...], ...]:
        self._fall_silent()
        if self._occurs("unknown_hash") or any(one not in self.tree.blocks for one in hashes):
            raise NodeRefused("eth_getLogs", -32000, "unknown block")
        return tuple(self._spoilt(self.tree.blocks[one]) for one in hashes)

    def range_logs(self, first: int, last: int, addresses: Sequence[ChecksumAddress]) -> RangeLogs:
        path = self._path()
        if self._occurs("clamped_range"):
            path = path[:last]
        logs = [
            log
            for block in path[first : last + 1]
            for log in block.logs
            if log.address in addresses
        ]
        return RangeLogs(path[last].header if last < len(path) else None, self._messed_up(logs))

    def _path(self) -> list[Block]:
        """The branch that this answer is of."""
        self._fall_silent()
        path = self.tree.tip.path()
        if self.dice is not None and self._occurs("lag"):
            return path[: max(1, len(path) - self.dice.randint(1, 3))]
        if self.dice is not None and self._occurs("other_branch"):
            # Two machines behind one address can disagree above what is final, never below.
            others = [
                block
                for block in self.tree.blocks.values()
                if block.number >= self.tree.finalized.number
                and block.path()[self.tree.finalized.number] is self.tree.finalized
            ]
            return self.dice.choice(others).path()
        return path

    def _known_final(self, path: list[Block], final: Block) -> Mark | None:
        return final.header.mark if final in path else path[0].header.mark

    def _spoilt(self, block: Block) -> tuple[RawLog, ...]:
        logs = list(block.logs)
        if self._occurs("no_logs"):
            logs = []
        if self.dice is not None and logs and self._occurs("missing_log"):
            # One whose contents no other log repeats: the bloom cannot tell repeated ones apart.
            logs.pop(self.dice.randrange(len(logs)))
            if bloom_of(logs) == block.header.logs_bloom:
                logs = list(block.logs)
        if self.dice is not None and self._occurs("foreign_logs"):
            sibling = self.dice.choice(sorted(self.tree.blocks))
            logs = list(self.tree.blocks[sibling].logs)
        return self._messed_up(logs)

    def _messed_up(self, logs: list[RawLog]) -> tuple[RawLog, ...]:
        if self.dice is not None and logs and self._occurs("duplicates"):
            logs = [*logs, structs.replace(self.dice.choice(logs))]
            self.dice.shuffle(logs)
        return tuple(logs)

    def _fall_silent(self) -> None:
        if self._occurs("silence"):
            raise NodeSilent("no answer in time")

    def _occurs(self, _fault: str) -> bool:
        return self.dice is not None and self.dice.random() < self.fault_rate


def _higher(one: Block, other: Block) -> Block:
    return one if one.number >= other.number else other
