from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.domain.addresses import ETH, ChecksumAddress
from marketplace.domain.money import (
    Bps,
    PriceBounds,
    Wei,
    amount_text,
    either_text,
    ether_text,
    highest_price,
    percent_text,
    price_bounds,
    royalty_of,
    share_down,
    split_sale,
    wei_of_ether,
)

amounts = st.integers(0, 2**80 - 1).map(Wei)
shares = st.integers(0, 10_000).map(Bps)


@given(price=amounts, royalty=shares, toll=amounts)
def test_both_parts_of_a_sale_add_up_to_the_price(price: Wei, royalty: Bps, toll: Wei) -> None:
    split = split_sale(price, royalty, toll)
    assert split.royalty + split.seller_net == price
    assert split.royalty >= toll


@given(price=amounts, royalty=shares)
def test_the_royalty_is_rounded_down_by_less_than_a_wei(price: Wei, royalty: Bps) -> None:
    exact = price * royalty
    assert 0 <= exact - royalty_of(price, royalty, Wei(0)) * 10_000 < 10_000


@pytest.mark.parametrize(
    ("price", "royalty", "toll", "expected"),
    [(1, 1_000, 0, 0), (9, 1_000, 0, 0), (10, 1_000, 0, 1), (19, 1_000, 0, 1), (5, 1_000, 3, 3)],
)
def test_one_wei_is_never_split(price: int, royalty: int, toll: int, expected: int) -> None:
    assert royalty_of(Wei(price), Bps(royalty), Wei(toll)) == expected


def test_a_resale_is_never_free_and_pays_its_toll() -> None:
    assert price_bounds(Wei(100), Bps(12_000), Wei(0)) == PriceBounds(Wei(1), Wei(120))
    assert price_bounds(Wei(100), Bps(10_000), Wei(7)) == PriceBounds(Wei(7), Wei(100))


def test_bounds_hold_at_both_ends() -> None:
    bounds = PriceBounds(Wei(7), Wei(100))
    assert [bounds.allow(Wei(price)) for price in (6, 7, 100, 101)] == [False, True, True, False]


def test_a_cap_of_zero_allows_no_price() -> None:
    bounds = price_bounds(Wei(100), Bps(0), Wei(0))
    assert bounds.most < bounds.least
    assert highest_price(Wei(3), Bps(5_000)) == 1


@given(amounts)
def test_ether_is_read_as_it_is_written(amount: Wei) -> None:
    assert wei_of_ether(ether_text(amount).removesuffix(" ETH")) == amount


@pytest.mark.parametrize(
    ("text", "wei"),
    [("0.05", 5 * 10**16), ("1", 10**18), ("0.000000000000000001", 1), (" 2 ", 2 * 10**18)],
)
def test_ether_is_exact(text: str, wei: int) -> None:
    assert wei_of_ether(text) == wei


@pytest.mark.parametrize(
    "text", ["", "-1", "1e3", "1,5", ".5", "1.", "0x1", "1.0000000000000000001", chr(0x661)]
)
def test_what_is_not_an_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not an amount of ETH"):
        wei_of_ether(text)


def test_amounts_and_shares_are_written_without_needless_digits() -> None:
    written = [ether_text(Wei(wei)) for wei in (0, 1, 10**18, 15 * 10**17, -(10**17))]
    assert written == ["0 ETH", "0.000000000000000001 ETH", "1 ETH", "1.5 ETH", "-0.1 ETH"]
    assert [percent_text(Bps(bps)) for bps in (0, 5, 250, 1_000)] == ["0%", "0.05%", "2.5%", "10%"]


def test_an_amount_of_another_currency_is_never_called_eth() -> None:
    coin = ChecksumAddress(f"0x{3:040d}")
    assert amount_text(Wei(10**17), ETH) == "0.1 ETH"
    assert amount_text(Wei(10**17), coin) == f"100000000000000000 units of {coin}"
    assert either_text(Wei(5)) == "0.000000000000000005 ETH (or 5 units of another currency)"


def test_a_share_rounds_down() -> None:
    assert [share_down(Wei(wei), Bps(3_333)) for wei in (3, 10, 30_000)] == [0, 3, 9_999]
