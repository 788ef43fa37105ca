from __future__ import annotations

import json
from dataclasses import replace

import pytest

from marketplace.domain.money import Wei
from scripts.demo.figures import Figures, NotAsPromised

GOOD = Figures(
    drops=2,
    minted=3,
    resold=1,
    royalty_wei=Wei(2**70),
    escrow_wei=Wei(2**80),
    seller_allowed_before=True,
    seller_allowed_after=False,
    buyer_allowed_after=True,
    revoked_ms=80,
    recording_bytes=188_145,
    api="http://127.0.0.1:8000",
)


def test_sums_in_wei_are_integers_and_exact_to_the_last_digit() -> None:
    read = json.loads(json.dumps(GOOD.members), parse_float=pytest.fail)
    assert (read["royalty_wei"], read["escrow_wei"]) == (2**70, 2**80)
    assert list(read)[:5] == ["drops", "minted", "resold", "royalty_wei", "escrow_wei"]


def test_a_gate_that_does_as_the_seats_say_passes() -> None:
    GOOD.require_promised()


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (replace(GOOD, seller_allowed_before=False), "seller was not let in before"),
        (replace(GOOD, seller_allowed_after=True), "seller was let in after"),
        (replace(GOOD, buyer_allowed_after=False), "buyer was not let in after"),
    ],
)
def test_a_gate_that_does_otherwise_is_told(broken: Figures, said: str) -> None:
    with pytest.raises(NotAsPromised, match=said):
        broken.require_promised()
