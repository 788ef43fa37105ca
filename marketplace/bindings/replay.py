"""Why a mined transaction failed.

Owns running it again on the state of the parent block, because a receipt does not keep the reason,
and where that succeeds on the state of its own block: something in that block came first then.
Refuses to be certain: no node runs half a block.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hexbytes import HexBytes
from web3.exceptions import TransactionNotFound

from marketplace.bindings.addresses import parse_address
from marketplace.bindings.node import call, typed_failures
from marketplace.bindings.reverts.plain import RevertedSilently
from marketplace.bindings.transactions import PreparedTransaction
from marketplace.domain.errors import ContractReverted
from marketplace.domain.money import Wei

if TYPE_CHECKING:
    from web3 import Web3


def failure_of(web3: Web3, transaction_hash: bytes) -> ContractReverted:
    """Find the error that a mined and failed transaction ended in.

    Gives RevertedSilently when it ran out of gas, when running it again succeeds, and when the
    node does not know it. Raises ChainUnavailable.
    """
    key = HexBytes(transaction_hash)
    with typed_failures():
        try:
            found = web3.eth.get_transaction(key)
            receipt = web3.eth.get_transaction_receipt(key)
        except TransactionNotFound:
            return RevertedSilently("there is no such transaction")
    recipient = found.get("to")
    again = PreparedTransaction(
        to=None if recipient is None else parse_address(recipient),
        data=bytes(HexBytes(found["input"])),
        summary="run again",
        value=Wei(found["value"]),
    )
    for block in (receipt["blockNumber"] - 1, receipt["blockNumber"]):
        try:
            call(web3, again, parse_address(found["from"]), block)
        except ContractReverted as reason:
            return reason
    if receipt["gasUsed"] >= found["gas"]:
        return RevertedSilently(f"it used up its {found['gas']} gas")
    return RevertedSilently("running it again succeeds")
