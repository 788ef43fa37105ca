"""What is sent and what came of it, as values.

Owns the prepared transaction, the mined one and the port through which bindings send. Refuses to
implement the port: `marketplace.chain.sender` is the only sender.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from marketplace.domain.money import NO_MONEY, Wei

if TYPE_CHECKING:
    from marketplace.domain.addresses import ChecksumAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedTransaction:
    """A call that somebody may sign: whom, with what, for how much, and in words.

    Attributes:
        to: The contract; None creates one from `data`.
        summary: What it does, for a person who is asked to sign it.
    """

    to: ChecksumAddress | None
    data: bytes
    summary: str
    value: Wei = NO_MONEY


@dataclass(frozen=True, slots=True, kw_only=True)
class RawLog:
    """A log as a node tells it, with its place on the chain."""

    address: ChecksumAddress
    topics: tuple[bytes, ...]
    data: bytes
    block_number: int
    block_hash: bytes
    transaction_hash: bytes
    log_index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mined:
    """A transaction that succeeded in a block; `contract` is what it created, if it did."""

    transaction_hash: bytes
    block_number: int
    block_hash: bytes
    sender: ChecksumAddress
    contract: ChecksumAddress | None
    gas_used: int
    gas_price: Wei
    logs: tuple[RawLog, ...]

    @property
    def cost(self) -> Wei:
        """What the sender paid for gas."""
        return Wei(self.gas_used * self.gas_price)


class Sends(Protocol):
    """Signs, sends and waits for one account; raises a typed error unless it succeeded."""

    @property
    def address(self) -> ChecksumAddress:
        """The account that pays."""

    def send(self, transaction: PreparedTransaction) -> Mined:
        """Send and wait until it is mined."""
