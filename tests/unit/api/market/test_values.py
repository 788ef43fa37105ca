from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.market.values import Age, BookListing, Place
from marketplace.bindings.addresses import checksum_address
from marketplace.domain.ids import MAX_UINT256
from tests.unit.marketplace.orders.test_judging import ADA, BO, LISTING, SEAT

CLEO = checksum_address(b"\xc1" * 20)
DIGEST = "0x" + "ab" * 32
SIGNED = BookListing(listing=LISTING, digest=DIGEST, signature=b"s" * 65)
LARGEST = 2**63 - 1

AGES = (
    Age(-1_800_000_000_000_000, stored=False, first=MAX_UINT256, second=0),
    Age(-1_800_000_000_000_000, stored=True, first=-7, second=-3),
    Age(0, stored=True, first=0, second=0),
)

places = st.one_of(
    st.builds(
        Place,
        st.integers(0, MAX_UINT256),
        st.integers(0, LARGEST),
        stored=st.just(value=False),
        first=st.integers(0, MAX_UINT256),
        second=st.just(0),
    ),
    st.builds(
        Place,
        st.integers(0, MAX_UINT256),
        st.integers(0, LARGEST),
        stored=st.just(value=True),
        first=st.integers(0, LARGEST),
        second=st.integers(0, LARGEST),
    ),
)


@given(places)
def test_a_cursor_is_read_as_the_place_that_it_was_written_for(place: Place) -> None:
    assert Place.parse(place.cursor) == place


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "1-2-0-3",
        "1-2-0-3-4-5",
        "-1-2-0-3-4",
        "1-2-2-3-4",
        "a-2-0-3-4",
        "1-2-0-3-4\n",
        "\u0661-2-0-3-4",
        f"{MAX_UINT256 + 1}-2-0-3-4",
        f"1-{LARGEST + 1}-0-3-4",
        f"1-2-0-{MAX_UINT256 + 1}-0",
        f"1-2-1-{LARGEST + 1}-0",
        f"1-2-1-3-{LARGEST + 1}",
    ],
)
def test_what_names_no_place_is_no_cursor(text: str) -> None:
    assert Place.parse(text) is None


def test_places_stand_by_price_then_seat_then_signed_before_stored() -> None:
    expected = [
        Place(1, 9, stored=True, first=9, second=9),
        Place(2, 1, stored=False, first=7, second=0),
        Place(2, 1, stored=True, first=5, second=6),
        Place(2, 1, stored=True, first=6, second=0),
        Place(2, 2, stored=False, first=0, second=0),
    ]
    assert sorted({*expected}) == expected


def test_a_signed_listing_is_named_by_its_digest_and_a_stored_one_by_its_seat_too() -> None:
    stored = replace(SIGNED, signature=None)
    assert (SIGNED.stored, SIGNED.id) == (False, DIGEST)
    assert (stored.stored, stored.id) == (True, f"{SEAT}-{DIGEST}")


def test_what_a_wallet_has_signed_is_bought_as_the_chain_keeps_it_if_it_does() -> None:
    by_wallet = replace(SIGNED, wallet_asked_at=datetime(2026, 12, 1, tzinfo=UTC))
    kept = by_wallet.with_stored()
    assert (by_wallet.stored, kept.stored, kept.id) == (False, True, DIGEST)
    assert by_wallet.ways == kept.ways == (b"", b"s" * 65)
    assert replace(by_wallet, signature=b"").ways == (b"",)


def test_what_a_key_has_signed_is_bought_by_its_signature_whatever_the_chain_keeps() -> None:
    assert SIGNED.with_stored() == SIGNED
    assert SIGNED.ways == (b"s" * 65,)
    assert replace(SIGNED, signature=None).ways == (b"",)


def test_of_a_keys_listing_nobody_looks_for_what_the_chain_keeps_unless_that_came_first() -> None:
    assert not SIGNED.storing_matters
    assert not replace(SIGNED, signature=None).storing_matters
    assert replace(SIGNED, stored_first=True).storing_matters


def test_a_private_listing_is_its_takers_and_its_sellers() -> None:
    private = replace(SIGNED, listing=replace(LISTING, taker=BO))
    assert [private.visible_to(who) for who in (ADA, BO, CLEO, None)] == [True, True, False, False]
    assert all(SIGNED.visible_to(who) for who in (ADA, BO, CLEO, None))


@pytest.mark.parametrize("age", AGES)
def test_a_cursor_names_its_age(age: Age) -> None:
    assert Age.parse(age.cursor) == age


def test_the_newest_stands_first_and_the_signed_before_the_stored() -> None:
    assert sorted((AGES[2], AGES[0], AGES[1])) == list(AGES)
    assert AGES[0].came_at == datetime(2027, 1, 15, 8, 0, tzinfo=UTC)


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
def test_what_names_no_age_is_no_cursor(text: str) -> None:
    assert Age.parse(text) is None
