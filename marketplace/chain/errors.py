"""What can go wrong between a prepared transaction and its block, or in asking for an old one.

    RuleViolated
    ├── InsufficientFunds      the account cannot pay value and gas
    └── FeesAboveLimit         the network asks more than the sender may pay
    ChainUnavailable (a retry helps, once the sentence's advice is followed)
    ├── NonceConflict          another program sends for this account
    ├── TransactionReplaced    another transaction took the place
    ├── TransactionStuck       its fee is below what blocks now ask
    ├── ReceiptTimedOut        it was sent and no block holds it yet
    ├── SendingUncertain       the node did not say whether it took it
    └── HistoryForgotten       the node no longer has what is asked of an old block

Refuses to hide a hash: whatever was sent is named, so that nobody sends it twice unknowingly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.domain.errors import ChainUnavailable, RuleViolated, typed_error
from marketplace.domain.money import Wei, ether_text

if TYPE_CHECKING:
    from marketplace.domain.addresses import ChecksumAddress


@typed_error
class InsufficientFunds(RuleViolated):
    """The account cannot pay the value and the most that gas may cost."""

    code = "insufficient_funds"

    address: ChecksumAddress
    balance: Wei
    need: Wei

    def _sentence(self) -> str:
        return (
            f"{self.address} has {ether_text(self.balance)} and needs {ether_text(self.need)} for "
            f"this transaction and its gas: send it {ether_text(Wei(self.need - self.balance))}."
        )


@typed_error
class FeesAboveLimit(RuleViolated):
    """The network asks a higher fee than the sender may pay; both in wei per gas."""

    code = "fees_above_limit"
    retry_helps = True

    asked: Wei
    limit: Wei

    def _sentence(self) -> str:
        return (
            f"Gas costs {self.asked} wei now, and the limit is {self.limit} wei: wait until the "
            "network is calmer, or raise the limit."
        )


@typed_error
class NonceConflict(ChainUnavailable):
    """The node has seen another transaction of this account with this nonce."""

    code = "nonce_conflict"

    address: ChecksumAddress
    nonce: int
    said: str

    def _sentence(self) -> str:
        return (
            f"Another program sends for {self.address} at the same time: the node refused nonce "
            f"{self.nonce} ({self.said}). Stop the other program, or wait for it, and try again."
        )


@typed_error
class TransactionReplaced(ChainUnavailable):
    """Another transaction of the account was mined in the place of this one."""

    code = "transaction_replaced"

    transaction_hash: bytes
    address: ChecksumAddress
    nonce: int

    def _sentence(self) -> str:
        return (
            f"Another transaction of {self.address} was mined with nonce {self.nonce}, so "
            f"0x{self.transaction_hash.hex()} never will be: look at what was mined, then send "
            "again if it is still needed."
        )


@typed_error
class TransactionStuck(ChainUnavailable):
    """The transaction waits, because blocks ask a higher fee now; fees in wei per gas."""

    code = "transaction_stuck"

    transaction_hash: bytes
    max_fee: Wei
    base_fee: Wei

    def _sentence(self) -> str:
        return (
            f"0x{self.transaction_hash.hex()} waits: it pays at most {self.max_fee} wei per gas, "
            f"and blocks ask {self.base_fee}. Wait for lower fees, or replace it from a wallet."
        )


@typed_error
class ReceiptTimedOut(ChainUnavailable):
    """No block held the transaction in time."""

    code = "receipt_timed_out"

    transaction_hash: bytes
    seconds: float

    def _sentence(self) -> str:
        return (
            f"0x{self.transaction_hash.hex()} was sent, and no block held it within "
            f"{self.seconds:g} seconds: look for it before you send it again."
        )


@typed_error
class SendingUncertain(ChainUnavailable):
    """The connection broke while the transaction was handed over."""

    code = "sending_uncertain"

    transaction_hash: bytes
    said: str

    def _sentence(self) -> str:
        return (
            f"The node did not say whether it took 0x{self.transaction_hash.hex()} "
            f"({self.said}): look for it before you send it again."
        )


@typed_error
class HistoryForgotten(ChainUnavailable):
    """A node does not, or no longer, say what is asked of an old block."""

    code = "history_forgotten"

    block: int

    def _sentence(self) -> str:
        return (
            f"The node does not say what was so after block {self.block}: ask an archive node, or "
            "one that gives its logs."
        )
