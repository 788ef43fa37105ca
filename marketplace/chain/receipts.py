"""Waiting for a block to hold a transaction.

Owns bounded polling, and telling apart why no block does. Refuses to wait for ever, and to take
silence for failure: what was sent may still be mined, and every error names its hash.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hexbytes import HexBytes
from web3.exceptions import TransactionNotFound

from marketplace.bindings.addresses import parse_address, wire_address
from marketplace.bindings.logs import raw_log
from marketplace.bindings.node import NodeUnreachable, typed_failures
from marketplace.bindings.transactions import Mined
from marketplace.chain.errors import ReceiptTimedOut, TransactionReplaced, TransactionStuck
from marketplace.chain.fees import base_fee
from marketplace.domain.money import Wei

if TYPE_CHECKING:
    from collections.abc import Callable

    from web3 import Web3
    from web3.types import TxReceipt

    from marketplace.domain.addresses import ChecksumAddress


@dataclass(frozen=True, slots=True)
class Sent:
    """A signed transaction that a node has, or is about to get; fees in wei per gas."""

    transaction_hash: bytes
    sender: ChecksumAddress
    nonce: int
    max_fee: Wei


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for a block, and how often to look.

    Attributes:
        seconds: Longest wait.
        interval: Seconds between two looks.
        pause: Waits so many seconds; a test passes its own.
        now: A clock in seconds that never goes back.
    """

    seconds: float = 180.0
    interval: float = 1.0
    pause: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.monotonic


def wait_for_receipt(web3: Web3, sent: Sent, patience: Patience) -> TxReceipt:
    """Wait until a block holds the transaction; a failed one has a receipt too.

    Raises TransactionReplaced, TransactionStuck and ReceiptTimedOut.
    """
    deadline = patience.now() + patience.seconds
    while True:
        # A node that is away for a moment does not undo what was sent: only the deadline ends it.
        try:
            receipt = _look(web3, sent)
        except NodeUnreachable:
            receipt = None
        if receipt is not None:
            return receipt
        if patience.now() >= deadline:
            raise _overdue(web3, sent, patience.seconds)
        patience.pause(patience.interval)


def mined(receipt: TxReceipt) -> Mined:
    """Take over a receipt as web3 gives it."""
    contract = receipt.get("contractAddress")
    return Mined(
        transaction_hash=bytes(receipt["transactionHash"]),
        block_number=receipt["blockNumber"],
        block_hash=bytes(receipt["blockHash"]),
        sender=parse_address(receipt["from"]),
        contract=None if contract is None else parse_address(contract),
        gas_used=receipt["gasUsed"],
        gas_price=Wei(receipt["effectiveGasPrice"]),
        logs=tuple(raw_log(log) for log in receipt["logs"]),
    )


def receipt_of(web3: Web3, transaction_hash: bytes) -> TxReceipt | None:
    """The receipt of a transaction; None while no block holds it."""
    with typed_failures():
        try:
            return web3.eth.get_transaction_receipt(_wire(transaction_hash))
        except TransactionNotFound:
            return None


def _look(web3: Web3, sent: Sent) -> TxReceipt | None:
    receipt = receipt_of(web3, sent.transaction_hash)
    if receipt is not None:
        return receipt
    with typed_failures():
        spent = web3.eth.get_transaction_count(wire_address(sent.sender), "latest")
    if spent <= sent.nonce:
        return None
    # It may have been mined between the two questions.
    receipt = receipt_of(web3, sent.transaction_hash)
    if receipt is None:
        raise TransactionReplaced(sent.transaction_hash, sent.sender, sent.nonce)
    return receipt


def _overdue(web3: Web3, sent: Sent, seconds: float) -> ReceiptTimedOut | TransactionStuck:
    try:
        base = base_fee(web3)
    except NodeUnreachable:
        return ReceiptTimedOut(sent.transaction_hash, seconds)
    if base > sent.max_fee:
        return TransactionStuck(sent.transaction_hash, sent.max_fee, base)
    return ReceiptTimedOut(sent.transaction_hash, seconds)


def _wire(transaction_hash: bytes) -> HexBytes:
    return HexBytes(transaction_hash)
