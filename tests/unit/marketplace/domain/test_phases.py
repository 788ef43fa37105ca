from __future__ import annotations

import pytest

from marketplace.domain.ids import MAX_NUMBER
from marketplace.domain.phases import Reserve, held_back, is_open, left_of_phase, left_of_tier


def test_a_reserve_holds_back_what_it_has_not_sold_until_its_last_second() -> None:
    reserves = [Reserve(supply=5, sold=2, closes=100), Reserve(supply=4, sold=0, closes=50)]
    assert [held_back(reserves, second) for second in (50, 51, 100, 101)] == [7, 3, 3, 0]


@pytest.mark.parametrize(
    ("cap", "live", "issued", "held", "left"),
    [
        (10, 4, 4, 0, 6),
        (10, 4, 4, 5, 1),
        (10, 4, 4, 7, 0),
        (10, 0, MAX_NUMBER - 3, 0, 3),
        (10, 0, MAX_NUMBER, 0, 0),
    ],
)
def test_cap_numbers_and_reserves_bound_a_tier(
    cap: int, live: int, issued: int, held: int, left: int
) -> None:
    assert left_of_tier(cap, live, issued, held) == left


def test_a_phases_supply_bounds_it_where_it_has_one() -> None:
    assert left_of_phase(6, supply=5, sold=3) == 2
    assert left_of_phase(1, supply=5, sold=3) == 1
    assert left_of_phase(6, supply=0, sold=0) == 6


def test_a_phase_is_open_from_its_first_to_its_last_second() -> None:
    assert [is_open(10, 20, second) for second in (9, 10, 20, 21)] == [False, True, True, False]
