from __future__ import annotations

import pytest

from marketplace.chain.errors import FeesAboveLimit
from marketplace.chain.fees import FeeQuote, quote_fees
from marketplace.domain.money import Wei


@pytest.mark.parametrize(
    ("base", "tip", "limit", "most"),
    [(100, 2, 1_000, 202), (100, 2, 150, 150), (100, 2, 102, 102), (0, 0, 0, 0)],
)
def test_a_quote_leaves_room_up_to_the_limit(base: int, tip: int, limit: int, most: int) -> None:
    assert quote_fees(Wei(base), Wei(tip), Wei(limit)) == FeeQuote(Wei(most), Wei(tip))


def test_a_limit_that_does_not_pay_for_the_next_block_is_said() -> None:
    with pytest.raises(FeesAboveLimit, match="102 wei now, and the limit is 101") as refused:
        quote_fees(Wei(100), Wei(2), Wei(101))
    assert refused.value.retry_helps
