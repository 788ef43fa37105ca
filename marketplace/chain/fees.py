"""What a transaction offers for gas (EIP-1559).

Owns the quote: twice the base fee and a tip, which survives six full blocks in a row. Refuses to
go above the sender's limit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from marketplace.bindings.node import NodeRefused, typed_failures
from marketplace.chain.errors import FeesAboveLimit
from marketplace.domain.money import Wei

if TYPE_CHECKING:
    from web3 import Web3


@dataclass(frozen=True, slots=True)
class FeeQuote:
    """Wei per gas: at most in all, and the most for whoever makes the block."""

    max_fee: Wei
    max_tip: Wei


def base_fee(web3: Web3) -> Wei:
    """What the newest block asked for, in wei per gas."""
    with typed_failures():
        block = web3.eth.get_block("latest")
    fee = block.get("baseFeePerGas")
    if fee is None:
        raise NodeRefused("its blocks have no base fee (EIP-1559)", 0)
    return Wei(fee)


def suggested_tip(web3: Web3) -> Wei:
    """What the node suggests as a tip, in wei per gas."""
    with typed_failures():
        return Wei(web3.eth.max_priority_fee)


def quote_fees(base: Wei, tip: Wei, limit: Wei) -> FeeQuote:
    """Offer twice the base fee and the tip, but never more than `limit`.

    Raises FeesAboveLimit when the limit does not even pay for the next block.
    """
    if base + tip > limit:
        raise FeesAboveLimit(Wei(base + tip), limit)
    return FeeQuote(max_fee=Wei(min(2 * base + tip, limit)), max_tip=tip)
