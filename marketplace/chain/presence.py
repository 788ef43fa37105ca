"""Whether a chain still holds what was once seen on one.

Chains share ids and addresses: a development chain that began anew has those of the one before.
Owns telling them apart by hashes. Refuses to take a number, of a block or a drop, for proof.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hexbytes import HexBytes
from web3.exceptions import BlockNotFound, TransactionNotFound

from marketplace.bindings.node import typed_failures

if TYPE_CHECKING:
    from web3 import Web3


def holds(web3: Web3, block: int, block_hash: bytes, transaction_hash: bytes) -> bool:
    """Whether the chain has the block at its number, or the transaction in any block or none.

    A reorganisation moves a transaction to another block or back among the waiting ones; a node
    forgets where old transactions are, and never its blocks. Raises as `typed_failures`.
    """
    with typed_failures():
        return _has_block(web3, block, block_hash) or _has_transaction(web3, transaction_hash)


def _has_block(web3: Web3, block: int, block_hash: bytes) -> bool:
    try:
        found = web3.eth.get_block(block)
    except BlockNotFound:
        return False
    return bytes(found["hash"]) == block_hash


def _has_transaction(web3: Web3, transaction_hash: bytes) -> bool:
    try:
        web3.eth.get_transaction(HexBytes(transaction_hash))
    except TransactionNotFound:
        return False
    return True
