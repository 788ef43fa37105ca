"""Owns a market as commands use it: the contract, the block that answers rest on, senders.

Refuses a node or a contract of another kind than was asked for: every command finds that out
before it shows or sends anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from marketplace.bindings.addresses import parse_address
from marketplace.bindings.currency import Currency
from marketplace.bindings.deploy import connect
from marketplace.chain.connection import reach_node
from marketplace.chain.fate import fate_of
from marketplace.chain.heads import balance_after, chain_id_of, head_of, next_time_of
from marketplace.chain.presence import holds
from marketplace.chain.sender import Sender
from marketplace.domain.addresses import ETH
from marketplace.domain.denomination import ETHER, Denomination

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketplace.bindings.seats import SeatsContract
    from marketplace.chain.fate import Fate
    from marketplace.chain.heads import Head
    from marketplace.chain.keys import Signer
    from marketplace.chain.receipts import Sent
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.money import Wei


@dataclass(frozen=True, slots=True)
class Market:
    """A market on a chain.

    Attributes:
        head: Reads the newest block.
        next_time: Says when a transaction would be mined that is sent now.
        settled: Reads the newest block that is final.
        holds: Says whether the chain has the block of a number and a hash, or a transaction.
        fate: Says what became of a transaction that was signed earlier.
        balance: Reads what an account has after the block with a hash.
        currency: Gives the ERC-20 at an address.
        sender: Makes the sender of an account.
    """

    seats: SeatsContract
    head: Callable[[], Head]
    next_time: Callable[[], datetime]
    settled: Callable[[], Head]
    holds: Callable[[int, bytes, bytes], bool]
    fate: Callable[[Sent], Fate]
    balance: Callable[[ChecksumAddress, bytes], Wei]
    currency: Callable[[ChecksumAddress], Currency]
    sender: Callable[[Signer], Sender]


def open_market(rpc: str, contract: str, chain_id: int | None = None) -> Market:
    """Connect to a market; without a chain id, whichever chain the node serves is taken.

    Raises InvalidAddress, NodeAddressInvalid, NodeUnreachable, WrongChain, CodeMissing and
    CodeDiffers.
    """
    address = parse_address(contract)
    web3 = reach_node(rpc)
    chain = chain_id_of(web3) if chain_id is None else chain_id
    return Market(
        seats=connect(web3, address, chain),
        head=lambda: head_of(web3),
        # A node may show no pending block; its head may be of yesterday, or ahead of this clock.
        next_time=lambda: next_time_of(web3) or max(head_of(web3).time, datetime.now(UTC)),
        settled=lambda: head_of(web3, "finalized"),
        holds=lambda block, block_hash, sent: holds(web3, block, block_hash, sent),
        fate=lambda sent: fate_of(web3, sent),
        balance=lambda account, block: balance_after(web3, account, block),
        currency=lambda address: Currency(web3, address),
        sender=lambda signer: Sender(web3, signer, chain),
    )


def denomination_of(market: Market, currency: ChecksumAddress, head: Head) -> Denomination:
    """What amounts of a currency are written in, as the chain has it after a block.

    Of a token that does not say its decimals amounts are its smallest units.
    """
    if currency == ETH:
        return ETHER
    return Denomination(currency, market.currency(currency).decimals(head.hash) or 0)
