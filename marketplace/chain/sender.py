"""The only sender of transactions.

Owns the order: chain id, simulation, gas, fees, funds, nonce, signature, sending, waiting, and the
reason when a block holds a failure. Refuses to send what the simulation refuses, so that nobody
pays gas to learn it, and to send a transaction again by itself once a node may have taken it.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

from eth_utils.crypto import keccak

from marketplace.bindings.addresses import wire_address
from marketplace.bindings.node import (
    NodeRefused,
    NodeUnreachable,
    call,
    estimate_gas,
    typed_failures,
)
from marketplace.bindings.replay import failure_of
from marketplace.bindings.verification import require_chain
from marketplace.chain.errors import InsufficientFunds, NonceConflict, SendingUncertain
from marketplace.chain.fees import base_fee, quote_fees, suggested_tip
from marketplace.chain.keys import UnsignedTransaction
from marketplace.chain.nonces import Nonces
from marketplace.chain.receipts import Patience, Sent, mined, wait_for_receipt
from marketplace.domain.money import Wei

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from web3 import Web3

    from marketplace.bindings.transactions import Mined, PreparedTransaction
    from marketplace.chain.fees import FeeQuote
    from marketplace.chain.keys import Signer
    from marketplace.domain.addresses import ChecksumAddress

BeforeSending: TypeAlias = "Callable[[Sent], None]"
"""Told of a signed transaction before any node is; what it raises stops the sending."""

_MAX_FEE: Final = Wei(500 * 10**9)
_LEAST_GAS: Final = 21_000
"""What the cheapest transaction takes."""

_FUNDS_WORDS: Final = ("insufficient funds", "insufficient balance")
_NONCE_WORDS: Final = ("nonce too low", "nonce too high", "replacement transaction underpriced")
_KNOWN_WORDS: Final = ("already known", "already imported", "known transaction")


@dataclass(frozen=True, slots=True)
class SendingLimits:
    """What a sender may spend and how long it waits.

    Attributes:
        max_fee: Highest fee, in wei per gas.
        gas_margin: Added to the estimate, in percent: the state may change until the block.
        patience: How long to wait for a block.
    """

    max_fee: Wei = _MAX_FEE
    gas_margin: int = 20
    patience: Patience = field(default_factory=Patience)


_DEFAULT_LIMITS: Final = SendingLimits()


def _unnoted(_: Sent) -> None:
    """For whoever keeps no note of what was sent."""


class Sender:
    """Sends for one account on one chain; threads may share it.

    Raises WrongChain when the node serves another chain.
    """

    def __init__(
        self,
        web3: Web3,
        signer: Signer,
        chain_id: int,
        limits: SendingLimits = _DEFAULT_LIMITS,
    ) -> None:
        require_chain(web3, chain_id)
        self._web3 = web3
        self._signer = signer
        self._chain_id = chain_id
        self._limits = limits
        self._nonces = Nonces(self._pending_nonce)

    @property
    def address(self) -> ChecksumAddress:
        """The account that signs and pays."""
        return self._signer.address

    def balance(self) -> Wei:
        """What the account has, in wei."""
        with typed_failures():
            return Wei(self._web3.eth.get_balance(wire_address(self.address)))

    def simulate(self, transaction: PreparedTransaction) -> bytes:
        """Run the transaction without sending it; gives what it returns.

        Raises the ContractReverted that it would end in, InsufficientFunds and ChainUnavailable.
        """
        with self._funds_named(transaction):
            return call(self._web3, transaction, self.address)

    def send(
        self, transaction: PreparedTransaction, before_sending: BeforeSending = _unnoted
    ) -> Mined:
        """Simulate, sign, send, and wait until a block holds it.

        `before_sending` is called once for each signature: a second time only after the node has
        refused the first one's nonce.

        Raises:
            ContractReverted: The contract refuses, mostly before anything was sent.
            RuleViolated: InsufficientFunds, FeesAboveLimit.
            ChainUnavailable: No answer, a conflict of nonces, or no block in time.
        """
        self.simulate(transaction)
        sent = self.submit(transaction, before_sending)
        return self.wait(sent)

    def wait(self, sent: Sent) -> Mined:
        """Wait until a block holds what was sent, by this sender or an earlier one.

        Raises the ContractReverted that it ended in, and as `send`.
        """
        receipt = wait_for_receipt(self._web3, sent, self._limits.patience)
        if receipt["status"] != 1:
            raise failure_of(self._web3, sent.transaction_hash)
        return mined(receipt)

    def submit(
        self, transaction: PreparedTransaction, before_sending: BeforeSending = _unnoted
    ) -> Sent:
        """Sign and send without simulating and without waiting; raises as `send`."""
        with self._funds_named(transaction):
            estimate = estimate_gas(self._web3, transaction, self.address)
        gas = estimate * (100 + self._limits.gas_margin) // 100
        fees = quote_fees(base_fee(self._web3), suggested_tip(self._web3), self._limits.max_fee)
        self._require_funds(Wei(transaction.value + gas * fees.max_fee))
        try:
            return self._sign_and_send(transaction, gas, fees, before_sending)
        except NonceConflict:
            # Nothing was taken, and the count has been forgotten: ask the node once.
            return self._sign_and_send(transaction, gas, fees, before_sending)

    def _sign_and_send(
        self,
        transaction: PreparedTransaction,
        gas: int,
        fees: FeeQuote,
        before_sending: BeforeSending,
    ) -> Sent:
        with self._nonces.next() as nonce:
            raw = self._signer.sign_transaction(
                UnsignedTransaction(
                    chain_id=self._chain_id,
                    nonce=nonce,
                    gas=gas,
                    max_fee=fees.max_fee,
                    max_tip=fees.max_tip,
                    to=transaction.to,
                    value=transaction.value,
                    data=transaction.data,
                )
            )
            sent = Sent(keccak(raw), self.address, nonce, fees.max_fee)
            before_sending(sent)
            self._hand_over(raw, sent)
        return sent

    def _hand_over(self, raw: bytes, sent: Sent) -> None:
        try:
            with typed_failures():
                self._web3.eth.send_raw_transaction(raw)
        except NodeUnreachable as error:
            raise SendingUncertain(sent.transaction_hash, error.said) from error
        except NodeRefused as error:
            if _says(error, _KNOWN_WORDS):
                return
            if _says(error, _NONCE_WORDS):
                raise NonceConflict(sent.sender, sent.nonce, error.said) from error
            raise

    def _pending_nonce(self) -> int:
        with typed_failures():
            return self._web3.eth.get_transaction_count(wire_address(self.address), "pending")

    def _require_funds(self, need: Wei) -> None:
        balance = self.balance()
        if balance < need:
            raise InsufficientFunds(self.address, balance, need)

    @contextmanager
    def _funds_named(self, transaction: PreparedTransaction) -> Iterator[None]:
        """Say who lacks how much, where the node says only that somebody does."""
        try:
            yield
        except NodeRefused as error:
            if _says(error, _FUNDS_WORDS):
                least = _LEAST_GAS * base_fee(self._web3)
                self._require_funds(Wei(transaction.value + least))
            raise


def _says(error: NodeRefused, words: tuple[str, ...]) -> bool:
    said = error.said.lower()
    return any(word in said for word in words)
