"""What a node tells, as values.

Owns headers, logs and levels. Hashes are 0x and 64 lower-case hex digits, as the mirror keeps them;
topics and data are bytes, as decoding wants them. Refuses everything of a block that the mirror has
no use for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Sequence

    from marketplace.domain.addresses import ChecksumAddress


@dataclass(frozen=True, slots=True)
class Mark:
    """A block by number and hash."""

    number: int
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockHeader:
    """A block without its transactions.

    Attributes:
        timestamp_s: Unix seconds.
        logs_bloom: The 2048-bit filter over all logs of the block.
    """

    number: int
    hash: str
    parent_hash: str
    timestamp_s: int
    logs_bloom: int

    @property
    def mark(self) -> Mark:
        """The block by number and hash."""
        return Mark(self.number, self.hash)


class RawLog(Struct, frozen=True, gc=False):
    """A log with its place; indexes count from 0 within the block.

    A struct, not a dataclass: history has one for each event, and this one is made twelve times as
    fast. Only reading makes it by the order of its fields.
    """

    address: ChecksumAddress
    topics: tuple[bytes, ...]
    data: bytes
    block_number: int
    block_hash: str
    tx_hash: str
    tx_index: int
    log_index: int


@dataclass(frozen=True, slots=True)
class View:
    """Where a node stands: its head, and its levels as far as it has them.

    Attributes:
        answered_at: The Unix second of the answer by the clock of whoever gave it; None: not said.
            It is no part of where a node stands: two answers that differ in it alone are equal.
    """

    head: BlockHeader
    safe: Mark | None
    finalized: Mark | None
    answered_at: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class RangeLogs:
    """The logs of a range, and its last block as the same answer had it.

    `last` is None when the node does not have the range: then the logs mean nothing.
    """

    last: BlockHeader | None
    logs: tuple[RawLog, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A question to a contract: where to, and the encoded call."""

    to: ChecksumAddress
    data: bytes


@dataclass(frozen=True, slots=True)
class StateAnswers:
    """What the state after a block says.

    Attributes:
        balance: In wei, of the account that was asked for.
        results: Of each call, in order; None where the contract refused it.
    """

    balance: int
    results: tuple[bytes | None, ...]


@dataclass(frozen=True, slots=True)
class Identity:
    """Which chain a node serves."""

    chain_id: int
    genesis: BlockHeader


class Node(Protocol):
    """The questions that following a chain needs; each raises ChainUnavailable."""

    def identity(self) -> Identity:
        """Chain id and genesis."""

    def view(self) -> View:
        """Head, safe and finalized."""

    def headers(self, numbers: Sequence[int]) -> tuple[BlockHeader | None, ...]:
        """The canonical headers at these numbers; None beyond the node's head."""

    def header(self, block_hash: str) -> BlockHeader | None:
        """The header with this hash; None when the node does not know it."""

    def block_logs(self, hashes: Sequence[str]) -> tuple[tuple[RawLog, ...], ...]:
        """All logs of each block, whoever wrote them."""

    def range_logs(self, first: int, last: int, addresses: Sequence[ChecksumAddress]) -> RangeLogs:
        """The logs of some contracts in a range of canonical blocks, both ends included."""

    def code(self, address: ChecksumAddress) -> bytes:
        """The code at an address at the head."""

    def code_then(self, address: ChecksumAddress, number: int) -> bytes | None:
        """The code at an address after a block; None when the node has that state no longer."""


class StateNode(Node, Protocol):
    """A node that may know the state of old blocks as well."""

    def state(
        self, number: int, account: ChecksumAddress, calls: Sequence[Call]
    ) -> StateAnswers | None:
        """What the state after a block says; None when the node has it no longer."""
