"""Owns the canonical chain: which block stands at which height, and what was pushed out of it.

Refuses to answer for blocks that left the chain: by hash they are unknown, as on anvil, so that a
client that still asks for one learns it from an error or a null and not from silence. Only filters
see them, to report their events as removed.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from marketplace.devnet.logs import LogIndex

if TYPE_CHECKING:
    from eth_typing import Hash32

    from marketplace.devnet.blocks import Block, MinedTransaction

_ORPHANS_KEPT: Final = 4_096


class CanonicalChain:
    """Blocks from genesis to head with the indexes that follow them."""

    def __init__(self, genesis: Block) -> None:
        self._blocks = [genesis]
        self._numbers: dict[Hash32, int] = {genesis.hash: 0}
        self._transactions: dict[Hash32, tuple[int, int]] = {}
        self._orphans: OrderedDict[Hash32, Block] = OrderedDict()
        self.logs = LogIndex()

    @property
    def head(self) -> Block:
        """The newest block."""
        return self._blocks[-1]

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All blocks, genesis first."""
        return tuple(self._blocks)

    def at(self, number: int) -> Block | None:
        """The block at this height; None above the head."""
        return self._blocks[number] if 0 <= number < len(self._blocks) else None

    def with_hash(self, block_hash: Hash32) -> Block | None:
        """The canonical block with this hash; None when it is unknown or was pushed out."""
        number = self._numbers.get(block_hash)
        return None if number is None else self._blocks[number]

    def orphan(self, block_hash: Hash32) -> Block | None:
        """A block that a reorganisation pushed out, while it is remembered."""
        return self._orphans.get(block_hash)

    def transaction(self, transaction_hash: Hash32) -> tuple[Block, MinedTransaction] | None:
        """A mined transaction and its block; None when no canonical block holds it."""
        place = self._transactions.get(transaction_hash)
        if place is None:
            return None
        number, index = place
        block = self._blocks[number]
        return block, block.transactions[index]

    def append(self, block: Block) -> None:
        """Make this block the head; it must name the present head as its parent."""
        if block.header.parent_hash != self.head.hash:
            raise ValueError(f"Block {block.number} does not follow the head {self.head.number}.")
        self._numbers[block.hash] = block.number
        self._blocks.append(block)
        for mined in block.transactions:
            self._transactions[mined.transaction.hash] = (block.number, mined.index)
        self.logs.append(block)

    def replace_head_state(self, state_root: Hash32) -> None:
        """Let queries at the head see another state; the header stays as it was."""
        self._blocks[-1] = replace(self.head, state_root=state_root)

    def orphan_above(self, number: int) -> tuple[Block, ...]:
        """Push out every block above this height and remember them for the filters."""
        removed = self._drop_above(number)
        for block in removed:
            self._orphans[block.hash] = block
        while len(self._orphans) > _ORPHANS_KEPT:
            self._orphans.popitem(last=False)
        return removed

    def restore(self, blocks: tuple[Block, ...]) -> None:
        """Go back to blocks that were canonical earlier; what came since has never been."""
        shared = 0
        for mine, theirs in zip(self._blocks, blocks, strict=False):
            if mine.hash != theirs.hash:
                break
            shared += 1
        self._drop_above(shared - 1)
        # Equal hashes may still hide a state edited by hand.
        self._blocks[:] = blocks[:shared]
        for block in blocks[shared:]:
            self.append(block)

    def _drop_above(self, number: int) -> tuple[Block, ...]:
        removed = tuple(self._blocks[number + 1 :])
        self.logs.roll_back(above=number)
        for block in removed:
            del self._numbers[block.hash]
            for mined in block.transactions:
                del self._transactions[mined.transaction.hash]
        del self._blocks[number + 1 :]
        return removed
