from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from marketplace.bindings.currency import Currency
from marketplace.bindings.development import deploy_coin
from tests.integration.marketplace.world import address_of

if TYPE_CHECKING:
    from tests.integration.marketplace.world import Market


def test_a_token_says_its_decimals(market: Market) -> None:
    assert Currency(market.web3, deploy_coin(market.sender("guardian"))).decimals() == 18
    assert Currency(market.web3, market.contract.wrapped_ether()).decimals() == 18


def test_what_says_none_has_none(market: Market) -> None:
    # A contract that refuses the question, and an account without code.
    for silent in (market.contract.address, address_of("bo")):
        assert Currency(market.web3, silent).decimals() is None


@pytest.mark.parametrize(
    ("told", "decimals"),
    [
        ((255).to_bytes(32, "big"), 255),
        (bytes(32), 0),
        ((256).to_bytes(32, "big"), None),
        ((6).to_bytes(31, "big"), None),
        ((6).to_bytes(33, "big"), None),
        (b"", None),
    ],
)
def test_an_answer_of_another_kind_is_none(
    market: Market, monkeypatch: pytest.MonkeyPatch, told: bytes, decimals: int | None
) -> None:
    monkeypatch.setattr("marketplace.bindings.currency.call", lambda *_, **__: told)
    assert Currency(market.web3, address_of("bo")).decimals() == decimals
