from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.bindings.addresses import checksum_address
from marketplace.domain.ids import MAX_UINT256, SeatId
from marketplace.domain.listing import Listing
from marketplace.domain.money import Wei
from marketplace.orders.transport import (
    ListingMalformed,
    SignedListing,
    listing_from_json,
    listing_to_json,
)

words = st.integers(0, MAX_UINT256)
addresses = st.binary(min_size=20, max_size=20).map(checksum_address)
signed_listings = st.builds(
    SignedListing,
    listing=st.builds(
        Listing,
        seat=words.map(SeatId),
        price=words.map(Wei),
        epoch=words,
        seller=addresses,
        counter=words,
        terms_version=words,
        expiry=words,
        taker=addresses,
    ),
    signature=st.binary(max_size=200),
)
GOOD: dict[str, object] = {
    "seat": "7200013",
    "price": "100000000000000000",
    "epoch": "0",
    "seller": "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
    "counter": "0",
    "termsVersion": "0",
    "taker": "0x0000000000000000000000000000000000000000",
    "expiry": "1800000000",
    "signature": "0x",
}


@given(signed_listings)
def test_a_listing_survives_transport(signed: SignedListing) -> None:
    assert listing_from_json(listing_to_json(signed)) == signed


def test_numbers_travel_as_strings() -> None:
    text = listing_to_json(listing_from_json(json.dumps(GOOD)))
    assert json.loads(text) == GOOD
    assert all(isinstance(value, str) for value in json.loads(text).values())


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("price", 100, "is not a string"),
        ("price", None, "is not a string"),
        ("price", "", "is not a decimal number"),
        ("price", "-1", "is not a decimal number"),
        ("price", "+1", "is not a decimal number"),
        ("price", "01", "is not a decimal number"),
        ("price", "1.0", "is not a decimal number"),
        ("price", "0x1", "is not a decimal number"),
        ("price", " 1", "is not a decimal number"),
        ("price", "1_000", "is not a decimal number"),
        ("price", chr(0x661), "is not a decimal number"),
        ("seat", str(MAX_UINT256 + 1), "is beyond 256 bits"),
        ("seat", "9" * 79, "is not a decimal number"),
        ("seller", "ada.eth", "is not an address"),
        ("seller", "0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc", "has no checksum"),
        ("taker", "0x3C45CdDdB6a900fa2b585dd299e03d12FA4293BC", "is not an address"),
        ("signature", "", "is not 0x and bytes"),
        ("signature", "0xABCD", "is not 0x and bytes"),
        ("signature", "0xabc", "is not 0x and bytes"),
        ("signature", "0x" + "00" * 4_097, "is not 0x and bytes"),
    ],
)
def test_a_field_in_another_form_is_refused(field: str, value: object, why: str) -> None:
    with pytest.raises(ListingMalformed, match=why) as refused:
        listing_from_json(json.dumps(GOOD | {field: value}))
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is not JSON"),
        ("[" * 5_000, "is not JSON"),
        ("[]", "is not a JSON object"),
        ("{}", "lacks counter, epoch"),
        (json.dumps(GOOD | {"fee": "1"}), "has an unknown fee"),
        (json.dumps(GOOD)[:-1] + ', "price": "1"}', "names a field twice"),
        (" " * 20_000, "is longer than"),
    ],
)
def test_text_that_is_no_listing_is_refused(text: str, why: str) -> None:
    with pytest.raises(ListingMalformed, match=why):
        listing_from_json(text)
