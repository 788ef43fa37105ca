from __future__ import annotations

import pytest

from api.offers.values import OfferPlace
from marketplace.domain.ids import MAX_UINT256


@pytest.mark.parametrize("place", [OfferPlace(0, 0), OfferPlace(MAX_UINT256, MAX_UINT256)])
def test_a_cursor_names_its_place(place: OfferPlace) -> None:
    assert OfferPlace.parse(place.cursor) == place


@pytest.mark.parametrize(
    "text", ["", "1", "1-", "-1-1", "1-1-1", f"{MAX_UINT256 + 1}-1", f"1-{MAX_UINT256 + 1}", "1-a"]
)
def test_what_names_no_place_is_no_cursor(text: str) -> None:
    assert OfferPlace.parse(text) is None
