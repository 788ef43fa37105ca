"""What is true at every block that a chain ever had: who owned each seat, and when it counted.

Owns the truth that `load` holds answers against, by block hash, so that each side of a
reorganisation has its own. It is read past the indexer: `Transfer` as ERC-721 has it, from the node
by the block's hash, and the contract's own `ownerOf` at that block beside it. Refuses blocks that
it is not told to look for: whoever makes blocks calls `look` after each, and nobody else makes any.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from hexbytes import HexBytes

from marketplace.bindings.addresses import checksum_address
from marketplace.domain.ids import SeatId
from scripts.toolchain.errors import ToolFailedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from marketplace.domain.addresses import ChecksumAddress
    from tests.integration.marketplace.world import Market

TRANSFER: Final = HexBytes("0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef")
"""keccak of `Transfer(address,address,uint256)`."""


@dataclass(slots=True)
class Block:
    """A block that was once on the chain.

    Attributes:
        hash: 0x and 64 hex digits, as the API writes it.
        parent: The same of the block before.
        owners: Of every seat, after this block.
        until: The Unix second at which it was no longer the head, at the latest; None: it is.
    """

    number: int
    hash: str
    parent: str
    owners: Mapping[SeatId, ChecksumAddress]
    until: float | None = None


@dataclass(slots=True)
class Truths:
    """All blocks since one that nothing takes back, by hash.

    Args:
        market: The chain, and the contract that is asked.
        head: The newest block; at first the one that all others come after.
    """

    market: Market
    head: Block
    blocks: dict[str, Block] = field(default_factory=dict)

    @classmethod
    def since_now(cls, market: Market, seats: Iterable[SeatId]) -> Truths:
        """Begin at the chain's head, with these seats and no others."""
        found = market.web3.eth.get_block("latest")
        owners = {seat: market.contract.owner_of(seat, found["hash"]) for seat in seats}
        head = Block(
            found["number"], found["hash"].to_0x_hex(), found["parentHash"].to_0x_hex(), owners
        )
        return cls(market, head, {head.hash: head})

    def look(self) -> tuple[Block, ...]:
        """Learn what has become of the chain since the last look.

        Gives the new blocks, in their order. Raises ToolFailedError when node and contract do not
        agree about an owner: then there is no truth to hold anything against.
        """
        found = self.market.web3.eth.get_block("latest")
        # Now at the latest, whatever was the head before is none: it was asked for before this.
        at = time.time()
        newer = []
        while found["hash"].to_0x_hex() not in self.blocks:
            newer.append((found["number"], found["hash"], found["parentHash"].to_0x_hex()))
            found = self.market.web3.eth.get_block(found["parentHash"])
        head = self.blocks[found["hash"].to_0x_hex()]
        learnt = []
        for number, name, parent in reversed(newer):
            head.until = at
            head = Block(number, name.to_0x_hex(), parent, self._owners(name, head))
            self.blocks[head.hash] = head
            learnt.append(head)
        if head is not self.head:
            self.head.until = at
        head.until = None
        self.head = head
        return tuple(learnt)

    def newest(self, count: int) -> Iterator[Block]:
        """The newest blocks of the chain as it is, the head first."""
        block = self.head
        for _ in range(count):
            yield block
            block = self.blocks[block.parent]

    def _owners(self, name: HexBytes, parent: Block) -> Mapping[SeatId, ChecksumAddress]:
        owners = dict(parent.owners)
        logs = self.market.web3.eth.get_logs(
            {"blockHash": name, "address": self.market.web3.to_checksum_address(self._contract)}
        )
        for log in logs:
            if log["topics"][0] == TRANSFER:
                owners[SeatId(int.from_bytes(log["topics"][3], "big"))] = checksum_address(
                    bytes(log["topics"][2][12:])
                )
        moved = [seat for seat, owner in owners.items() if owner != parent.owners[seat]]
        # One that has not moved as well, each time another.
        still = sorted(owners)[int.from_bytes(name[-4:], "big") % len(owners)]
        for seat in {*moved, still}:
            said = self.market.contract.owner_of(seat, name)
            if said != owners[seat]:
                raise ToolFailedError(
                    "the oracle",
                    f"At block {name.to_0x_hex()} seat {seat} is {said}'s by the contract and "
                    f"{owners[seat]}'s by its events.",
                )
        return owners

    @property
    def _contract(self) -> ChecksumAddress:
        return self.market.contract.address
