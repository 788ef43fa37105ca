"""Owns the methods that say what a transaction costs (EIP-1559).

Refuses arithmetic: `marketplace.devnet.fees` knows what gas costs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from marketplace.devnet.errors import InvalidParams, Rejected
from marketplace.devnet.fees import TIP_WEI, next_base_fee, tip_at
from marketplace.devnet.quantities import Json, quantity, read_count, read_list
from marketplace.devnet.references import read_number_or_tag

if TYPE_CHECKING:
    from collections.abc import Sequence

    from marketplace.devnet.blocks import Block
    from marketplace.devnet.chain import DevChain
    from marketplace.devnet.params import Params

_MOST_BLOCKS: Final = 1_024
_MOST_PERCENTILES: Final = 100


def gas_price(chain: DevChain, params: Params) -> Json:
    """The next base fee and the usual tip."""
    params.at_most(0)
    return quantity(next_base_fee(chain.head) + TIP_WEI)


def max_priority_fee(chain: DevChain, params: Params) -> Json:
    """The usual tip."""
    del chain
    params.at_most(0)
    return quantity(TIP_WEI)


def blob_base_fee(chain: DevChain, params: Params) -> Json:
    """What a blob's gas would cost; no blob is ever accepted."""
    del chain
    params.at_most(0)
    return quantity(1)


def fee_history(chain: DevChain, params: Params) -> Json:
    """Base fees, fullness and, by percentile of gas, the tips of the newest blocks."""
    params.at_most(3)
    count = read_count(params.at(0, "block count"), "block count")
    wanted = read_number_or_tag(params.at(1, "newest block"), "newest block")
    newest = chain.block("latest" if wanted == "pending" else wanted)
    if newest is None:
        raise Rejected("request beyond head block")
    percentiles = _percentiles(params.get(2))
    first = max(0, newest.number + 1 - min(count, _MOST_BLOCKS))
    blocks = chain.canon.blocks[first : newest.number + 1]
    if not blocks:
        return {"oldestBlock": quantity(0), "baseFeePerGas": [], "gasUsedRatio": []}
    base_fees = [block.base_fee for block in blocks] + [next_base_fee(newest)]
    history: dict[str, Json] = {
        "oldestBlock": quantity(first),
        "baseFeePerGas": [quantity(fee) for fee in base_fees],
        # A ratio, not money: the schema wants a JSON number.
        "gasUsedRatio": [_ratio(block) for block in blocks],
        "baseFeePerBlobGas": [quantity(1)] * len(base_fees),
        "blobGasUsedRatio": [0] * len(blocks),
    }
    if percentiles is not None:
        history["reward"] = [
            [quantity(tip_at(block, percentile)) for percentile in percentiles] for block in blocks
        ]
    return history


def _ratio(block: Block) -> float:
    return block.header.gas_used / block.header.gas_limit


def _percentiles(value: Json) -> Sequence[float] | None:
    if value is None:
        return None
    wanted = read_list(value, "reward percentiles")
    numbers = [
        float(one)
        for one in wanted
        if isinstance(one, int | float) and not isinstance(one, bool) and 0 <= one <= 100  # noqa: PLR2004 # per cent
    ]
    if len(numbers) != len(wanted) or numbers != sorted(numbers) or len(wanted) > _MOST_PERCENTILES:
        raise InvalidParams("invalid reward percentile: give rising numbers from 0 to 100.")
    return numbers
