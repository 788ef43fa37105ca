"""A chain as a tree of blocks in this process, and a node over it that can be made to misbehave.

It owns blocks, branches and the faults of a node. It refuses HTTP: what faults look like on the
wire is tested where the wire is read.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from eth_utils.crypto import keccak

from indexer.rpc.errors import NodeRefused, NodeSilent
from indexer.rpc.values import BlockHeader, Identity, Mark, RangeLogs, RawLog, View
from tests.integration.indexer.market import Action, Market, Place, logs_of, perform

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

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

    def __init__(self, safe_depth: int = 2, final_depth: int = 6) -> None:
        self._salt = 0
        self.safe_depth, self.final_depth = safe_depth, final_depth
        self.genesis = self._sealed(None, ())
        self.blocks = {self.genesis.header.hash: self.genesis}
        self.tip = self.genesis
        self.finalized = self.genesis

    def grow(self, actions: Sequence[Action] = (), parent: Block | None = None) -> Block:
        """Add a block and make it the tip."""
        block = self._sealed(parent or self.tip, tuple(actions))
        self.blocks[block.header.hash] = block
        self.move(block)
        return block

    def move(self, tip: Block) -> None:
        """Make a block the tip, whatever was before."""
        self.tip = tip
        final = tip.path()[max(0, tip.number - self.final_depth)]
        if final.number > self.finalized.number:
            self.finalized = final

    def _sealed(self, parent: Block | None, actions: tuple[Action, ...]) -> Block:
        self._salt += 1
        number = 0 if parent is None else parent.number + 1
        block_hash = f"0x{keccak(text=f'block {self._salt}').hex()}"
        timestamp = GENESIS_TIME + 12 * number
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


FAULTS: Final = (
    "silence",
    "lag",
    "other_branch",
    "missing_log",
    "no_logs",
    "duplicates",
    "foreign_logs",
    "clamped_range",
    "unknown_hash",
)


@dataclass
class TreeNode:
    """A node over a tree. With dice, each answer goes wrong with the chance `fault_rate`."""

    tree: Tree
    dice: Random | None = None
    fault_rate: float = 0.0
    happened: Counter[str] = field(default_factory=Counter)

    def identity(self) -> Identity:
        return Identity(CHAIN_ID, self.tree.genesis.header)

    def code(self, address: ChecksumAddress) -> bytes:
        return bytes.fromhex(address[2:])

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
            logs = [*logs, replace(self.dice.choice(logs))]
            self.dice.shuffle(logs)
        return tuple(logs)

    def _fall_silent(self) -> None:
        if self._occurs("silence"):
            raise NodeSilent("no answer in time")

    def _occurs(self, fault: str) -> bool:
        if self.dice is None or self.dice.random() >= self.fault_rate:
            return False
        self.happened[fault] += 1
        return True


def _higher(one: Block, other: Block) -> Block:
    return one if one.number >= other.number else other
