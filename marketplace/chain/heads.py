"""The block that an answer rests on.

Owns reading a chain's id, a block's number, hash and time, when the next one comes, and balances.
Refuses to say that a block will stay: only its level does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hexbytes import HexBytes
from web3.exceptions import BlockNotFound

from marketplace.bindings.addresses import wire_address
from marketplace.bindings.node import NodeRefused, typed_failures
from marketplace.domain.money import Wei

if TYPE_CHECKING:
    from web3 import Web3
    from web3.types import BlockIdentifier

    from marketplace.domain.addresses import ChecksumAddress


@dataclass(frozen=True, slots=True)
class Head:
    """A block; `hash` is 32 bytes, `time` is in UTC."""

    number: int
    hash: bytes
    time: datetime


def chain_id_of(web3: Web3) -> int:
    """The EIP-155 id of the chain that a node serves. Raises as `typed_failures`."""
    with typed_failures():
        return web3.eth.chain_id


def head_of(web3: Web3, block: BlockIdentifier = "latest") -> Head:
    """Read a block by number, hash or level. Raises as `typed_failures`."""
    with typed_failures():
        found = web3.eth.get_block(block)
    return Head(
        number=found["number"],
        hash=bytes(found["hash"]),
        time=datetime.fromtimestamp(found["timestamp"], UTC),
    )


def next_time_of(web3: Web3) -> datetime | None:
    """When the block comes that a node would build now; None where it shows none.

    A chain that makes no blocks while idle has a head from long ago. Raises as `typed_failures`.
    """
    try:
        with typed_failures():
            found = web3.eth.get_block("pending")
    except (BlockNotFound, NodeRefused):
        return None
    return datetime.fromtimestamp(found["timestamp"], UTC)


def balance_after(web3: Web3, account: ChecksumAddress, block_hash: bytes) -> Wei:
    """What an account has after a block, in wei. Raises as `typed_failures`."""
    with typed_failures():
        return Wei(web3.eth.get_balance(wire_address(account), HexBytes(block_hash)))
