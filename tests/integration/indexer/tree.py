"""A chain as a tree of blocks in this process, and a node over it that can be made to misbehave.

It owns blocks, branches and the faults of a node. It refuses HTTP: what faults look like on the
wire is tested where the wire is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from eth_utils.crypto import keccak

from indexer.rpc.errors import NodeRefused
from indexer.rpc.values import BlockHeader, Identity, RangeLogs, RawLog, View
from tests.integration.indexer.market import (
    Action,
    Market,
    Place,
    is_there,
    logs_of,
    perform,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from marketplace.domain.addresses import ChecksumAddress

CHAIN_ID: Final = 31_337
GENESIS_TIME: Final = 1_800_000_000


@dataclass(frozen=True, eq=False)
class Block:
    """A block, what it holds, and the market after it."""

    header: BlockHeader
    parent: Block | None
    actions: tuple[Action, ...]
    logs: tuple[RawLog, ...]
    market: Market

    @property
    def number(self) -> int:
        return self.header.number

    def path(self) -> list[Block]:
        """From genesis to this block."""
        found: list[Block] = []
        block: Block | None = self
        while block is not None:
            found.append(block)
            block = block.parent
        return found[::-1]


def bloom_of(logs: Sequence[RawLog]) -> int:
    """The bloom of a block's logs (yellow paper, 4.4.3), bit by bit."""
    bloom = 0
    for log in logs:
        for item in (bytes.fromhex(log.address[2:]), *log.topics):
            digest = keccak(item)
            for start in (0, 2, 4):
                bloom |= 1 << (int.from_bytes(digest[start : start + 2], "big") % 2048)
    return bloom


class Tree:
    """All blocks that ever were, and which of them is the tip."""

    def __init__(
        self, safe_depth: int = 2, final_depth: int = 6, spacing_s: int = 12, salt: int = 0
    ) -> None:
        # Of trees with the same salt the first blocks have the same hashes.
        self._salt = salt
        self._spacing_s = spacing_s
        self.safe_depth, self.final_depth = safe_depth, final_depth
        self.genesis = self._sealed(None, ())
        self.blocks = {self.genesis.header.hash: self.genesis}
        self.tip = self.genesis
        self.finalized = self.genesis

    def grow(
        self,
        actions: Sequence[Action] = (),
        parent: Block | None = None,
        after_s: int | None = None,
    ) -> Block:
        """Add a block, so many seconds after its parent, and make it the tip."""
        block = self._sealed(parent or self.tip, tuple(actions), after_s)
        self.blocks[block.header.hash] = block
        self.move(block)
        return block

    def move(self, tip: Block) -> None:
        """Make a block the tip, whatever was before."""
        self.tip = tip
        final = tip.path()[max(0, tip.number - self.final_depth)]
        if final.number > self.finalized.number:
            self.finalized = final

    def _sealed(
        self, parent: Block | None, actions: tuple[Action, ...], after_s: int | None = None
    ) -> Block:
        self._salt += 1
        number = 0 if parent is None else parent.number + 1
        block_hash = f"0x{keccak(text=f'block {self._salt}').hex()}"
        after_s = self._spacing_s if after_s is None else after_s
        timestamp = GENESIS_TIME if parent is None else parent.header.timestamp_s + after_s
        market = Market() if parent is None else parent.market.copied()
        logs: list[RawLog] = []
        for index, action in enumerate(actions):
            tx_hash = f"0x{keccak(text=repr(action)).hex()}"
            told = perform(market, action, timestamp)
            logs += logs_of(told, Place(number, block_hash, tx_hash, index), len(logs))
        header = BlockHeader(
            number=number,
            hash=block_hash,
            parent_hash=f"0x{0:064x}" if parent is None else parent.header.hash,
            timestamp_s=timestamp,
            logs_bloom=bloom_of(logs),
        )
        return Block(header, parent, actions, tuple(logs), market)


@dataclass
class TreeNode:
    """A node over a tree that tells the truth."""

    tree: Tree

    def identity(self) -> Identity:
        return Identity(CHAIN_ID, self.tree.genesis.header)

    def code(self, address: ChecksumAddress) -> bytes:
        return bytes.fromhex(address[2:])

    def code_then(self, address: ChecksumAddress, number: int) -> bytes | None:
        path = self.tree.tip.path()
        # The contract names its owner when it is created, and this tree makes no other.
        known = number < len(path) and is_there(path[number].market)
        return self.code(address) if known else b""

    def view(self) -> View:
        path = self.tree.tip.path()
        head, final = path[-1], self.tree.finalized
        safe = max(path[max(0, head.number - self.tree.safe_depth)], final, key=_number)
        return View(head.header, safe.header.mark, final.header.mark)

    def headers(self, numbers: Sequence[int]) -> tuple[BlockHeader | None, ...]:
        path = self.tree.tip.path()
        return tuple(path[number].header if number < len(path) else None for number in numbers)

    def header(self, block_hash: str) -> BlockHeader | None:
        block = self.tree.blocks.get(block_hash)
        return None if block is None else block.header

    def block_logs(self, hashes: Sequence[str]) -> tuple[tuple[RawLog, ...], ...]:
        if any(one not in self.tree.blocks for one in hashes):
            raise NodeRefused("eth_getLogs", -32000, "unknown block")
        return tuple(self.tree.blocks[one].logs for one in hashes)

    def range_logs(self, first: int, last: int, addresses: Sequence[ChecksumAddress]) -> RangeLogs:
        path = self.tree.tip.path()
        logs = [
            log
            for block in path[first : last + 1]
            for log in block.logs
            if log.address in addresses
        ]
        return RangeLogs(path[last].header if last < len(path) else None, tuple(logs))


def _number(block: Block) -> int:
    return block.number
