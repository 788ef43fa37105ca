from __future__ import annotations

from scripts.toolchain.gas import differences


def test_equal_figures_do_not_differ() -> None:
    assert differences({"Seats": {"mint": "80000"}}, {"Seats": {"mint": "80000"}}) == []


def test_a_difference_of_one_gas_is_told_with_both_figures() -> None:
    assert differences({"Seats": {"mint": "80000"}}, {"Seats": {"mint": "80001"}}) == [
        "Seats.mint rose from 80,000 to 80,001 gas (+1)."
    ]
    assert differences({"Seats": {"mint": "80000"}}, {"Seats": {"mint": "79999"}}) == [
        "Seats.mint fell from 80,000 to 79,999 gas (-1)."
    ]


def test_figures_on_one_side_only_differ() -> None:
    assert differences({"Seats": {"mint": "1"}}, {"Seats": {"gift": "2"}}) == [
        "Seats.gift costs 2 gas and is not committed.",
        "Seats.mint is committed at 1 gas and no longer measured.",
    ]
