"""What became of a transaction that was signed earlier, perhaps by a process that is gone.

Owns the four answers. Refuses to send, and to take silence for an end: a transaction that this node
does not know may wait at another one, as long as its nonce is not used.
"""

from __future__ import annotations

from enum import Enum, unique
from typing import TYPE_CHECKING

from hexbytes import HexBytes
from web3.exceptions import TransactionNotFound

from marketplace.bindings.addresses import wire_address
from marketplace.bindings.node import typed_failures
from marketplace.chain.receipts import receipt_of

if TYPE_CHECKING:
    from web3 import Web3

    from marketplace.chain.receipts import Sent


@unique
class Fate(Enum):
    """What became of it."""

    MINED = "a block holds it; whether it succeeded says its receipt"
    WAITING = "the node has it and no block holds it yet"
    UNKNOWN = "the node does not have it, and it could still be mined"
    IMPOSSIBLE = "another transaction of the account has its nonce in a block"


def fate_of(web3: Web3, sent: Sent) -> Fate:
    """Find out on the chain what became of a transaction. Raises as `typed_failures`."""
    # The count is asked first: what is mined in between then shows as mined, never as impossible.
    with typed_failures():
        spent = web3.eth.get_transaction_count(wire_address(sent.sender), "latest")
    if receipt_of(web3, sent.transaction_hash) is not None:
        return Fate.MINED
    if spent > sent.nonce:
        return Fate.IMPOSSIBLE
    return Fate.WAITING if _is_known(web3, sent.transaction_hash) else Fate.UNKNOWN


def _is_known(web3: Web3, transaction_hash: bytes) -> bool:
    with typed_failures():
        try:
            web3.eth.get_transaction(HexBytes(transaction_hash))
        except TransactionNotFound:
            return False
    return True
