from __future__ import annotations

from datetime import UTC, datetime

import pytest

from api.market.newest import Age
from marketplace.domain.ids import MAX_UINT256

PLACES = (
    Age(-1_800_000_000_000_000, stored=False, first=MAX_UINT256, second=0),
    Age(-1_800_000_000_000_000, stored=True, first=-7, second=-3),
    Age(0, stored=True, first=0, second=0),
)


@pytest.mark.parametrize("place", PLACES)
def test_a_cursor_names_its_place(place: Age) -> None:
    assert Age.parse(place.cursor) == place


def test_the_newest_stands_first_and_the_signed_before_the_stored() -> None:
    assert sorted((PLACES[2], PLACES[0], PLACES[1])) == list(PLACES)
    assert PLACES[0].came_at == datetime(2027, 1, 15, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1-0-1",
        "1-2-1-1",
        f"1-0-{MAX_UINT256 + 1}-0",
        f"1-1-{2**63}-0",
        f"1-0-1-{2**63}",
        "-1-0-1-0",
    ],
)
def test_what_names_no_place_is_no_cursor(text: str) -> None:
    assert Age.parse(text) is None
