from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.denomination import ETHER, MAX_DECIMALS, Denomination
from marketplace.domain.money import Wei

COIN = ChecksumAddress("0x5FbDB2315678afecb367f032d93F642f64180aa3")


@pytest.mark.parametrize(
    ("decimals", "amount", "text"),
    [
        (6, 25_500_000, "25.5"),
        (6, 25_000_000, "25"),
        (6, 1, "0.000001"),
        (6, 0, "0"),
        (6, -1_500_000, "-1.5"),
        (0, 25, "25"),
        (18, 10**18, "1"),
    ],
)
def test_amounts_are_bare_and_exact(decimals: int, amount: int, text: str) -> None:
    assert Denomination(COIN, decimals).text(Wei(amount)) == text


def test_ether_names_itself() -> None:
    assert ETHER.text(Wei(5 * 10**16)) == "0.05 ETH"
    assert ETHER.read("0.05") == 5 * 10**16
    assert (ETHER.is_ether, Denomination(COIN, 18).is_ether) == (True, False)


@given(st.integers(0, MAX_DECIMALS), st.integers(0, 2**80 - 1))
def test_every_amount_is_read_as_it_is_written(decimals: int, amount: int) -> None:
    coins = Denomination(COIN, decimals)
    assert coins.read(coins.text(Wei(amount))) == amount


@pytest.mark.parametrize("text", ["", "-1", "+1", "1e3", "1.", ".5", "1,5", "1.0000001", "\u0661"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="write digits with at most 6 decimals"):
        Denomination(COIN, 6).read(text)


def test_without_decimals_there_is_no_point() -> None:
    with pytest.raises(ValueError, match="at most 0 decimals"):
        Denomination(COIN, 0).read("1.0")
