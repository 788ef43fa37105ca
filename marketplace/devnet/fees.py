"""Owns what gas costs here: the base fee of EIP-1559 and the one tip that is ever useful.

Refuses to predict: no block is contested, so every tip is as good as any other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from eth.vm.forks.london.headers import calculate_expected_base_fee_per_gas

if TYPE_CHECKING:
    from marketplace.devnet.blocks import Block

TIP_WEI: Final = 1_000_000_000
"""Suggested priority fee in wei per gas."""


def next_base_fee(block: Block) -> int:
    """Base fee of the block after this one, in wei per gas."""
    return int(calculate_expected_base_fee_per_gas(block.header))


def tip_at(block: Block, percentile: float) -> int:
    """Tip of the transaction at which this share of the block's gas is reached; 0 when empty."""
    tips = sorted(
        (mined.effective_gas_price - block.base_fee, mined.gas_used) for mined in block.transactions
    )
    reached = 0
    for tip, gas in tips:
        reached += gas
        if reached * 100 >= block.header.gas_used * percentile:
            return tip
    return 0
