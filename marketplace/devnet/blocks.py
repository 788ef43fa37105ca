"""Owns what a block is once it is part of the chain: frozen records of what happened in it.

Refuses to execute or to encode anything: `building` makes these records, `shapes` turns them into
JSON.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from eth.abc import BlockHeaderAPI, SignedTransactionAPI
    from eth_typing import Address, Hash32


@dataclass(frozen=True, slots=True)
class Log:
    """One event, with its place in the chain.

    Attributes:
        topics: At most four words of 32 bytes.
        log_index: Position in the block, over all its transactions.
    """

    address: Address
    topics: tuple[bytes, ...]
    data: bytes
    block_number: int
    block_hash: Hash32
    block_timestamp: int
    transaction_hash: Hash32
    transaction_index: int
    log_index: int


@dataclass(frozen=True, slots=True)
class MinedTransaction:
    """A transaction and its receipt.

    Attributes:
        bloom: The receipt's 2048-bit bloom filter.
        effective_gas_price: Wei per gas that the sender paid.
        cumulative_gas_used: Gas of the block up to and including this transaction.
    """

    transaction: SignedTransactionAPI
    index: int
    succeeded: bool
    gas_used: int
    cumulative_gas_used: int
    effective_gas_price: int
    contract_address: Address | None
    bloom: int
    logs: tuple[Log, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A block of the chain.

    Attributes:
        state_root: Root of the state that queries at this block see. It is the header's root unless
            the state was edited by hand afterwards (`devnet_` and `anvil_set…` methods).
        size: Bytes of the encoded block.
    """

    header: BlockHeaderAPI
    transactions: tuple[MinedTransaction, ...]
    state_root: Hash32
    size: int

    @property
    def number(self) -> int:
        """Height; the genesis block is 0."""
        return int(self.header.block_number)

    @property
    def hash(self) -> Hash32:
        """Keccak of the header."""
        return self.header.hash

    @property
    def timestamp(self) -> int:
        """Unix second."""
        return int(self.header.timestamp)

    @property
    def base_fee(self) -> int:
        """Wei per gas that every transaction of the block burned."""
        return base_fee_of(self.header)

    @property
    def logs(self) -> tuple[Log, ...]:
        """Every event of the block, in order."""
        return tuple(log for mined in self.transactions for log in mined.logs)


def base_fee_of(header: BlockHeaderAPI) -> int:
    """A header's base fee in wei per gas; py-evm's type admits forks that had none."""
    return int(header.base_fee_per_gas or 0)
