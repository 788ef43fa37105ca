"""A drop's book by age, signed and stored listings in one order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from api.market import pages
from marketplace.domain.money import Wei
from tests.integration.api.live import SESSION
from tests.integration.api.trading import (
    FACE,
    book,
    ids,
    list_seat,
    market_of_two,
    members,
    prepared_list,
    refusal,
    signed,
    store_listing,
)

if TYPE_CHECKING:
    import pytest

    from tests.integration.api.live import Live


def paged(live: Live, limit: int = 1) -> list[str]:
    found: list[str] = []
    after = None
    for _ in range(20):
        page = book(live, SESSION, sort="newest", limit=limit, after=after)
        found += ids(page)
        after = page["next"]
        if after is None:
            return found
    raise AssertionError("the pages do not end")


def made(live: Live) -> list[str]:
    """Five listings of two seats, a moment apart; the oldest first."""
    seat, other = market_of_two(live)
    found = []
    for number, (name, one, stored) in enumerate(
        (
            ("ada", seat, False),
            ("bo", other, True),
            ("bo", other, False),
            ("ada", seat, True),
            ("ada", seat, False),
        )
    ):
        live.market.steering.travel(live.market.now + 10)
        live.mirror()
        price = FACE - number
        found.append(
            store_listing(live, name, one, price)
            if stored
            else list_seat(live, name, one, price)["listing"]
        )
    return found


def test_the_newest_listing_comes_first_a_page_at_a_time(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = made(live)[::-1]
    assert ids(book(live, SESSION, sort="newest")) == expected
    for limit in (1, 2, 4):
        assert paged(live, limit) == expected
    assert ids(book(live, SESSION, sort="newest", tier=1)) == []
    monkeypatch.setattr(pages, "MAX_JUDGED", 1)
    monkeypatch.setattr("api.market.newest.MAX_JUDGED", 1)
    assert paged(live) == expected


def test_a_cursor_of_one_order_is_none_of_the_other(live: Live) -> None:
    made(live)
    for one, other in (("newest", "price"), ("price", "newest")):
        after = book(live, SESSION, sort=one, limit=1)["next"]
        query = {"sort": other, "after": after}
        refused = live.api.get(f"/v1/drops/{SESSION}/listings", params=query)
        assert refusal(refused) == (422, "invalid_request", None)
    unknown = live.api.get(f"/v1/drops/{SESSION}/listings", params={"sort": "oldest"})
    assert refusal(unknown) == (422, "invalid_request", None)


def test_what_is_signed_and_stored_or_dead_does_not_come_twice_or_at_all(live: Live) -> None:
    seat, other = market_of_two(live)
    prepared = prepared_list(live, "ada", seat)
    kept = members(live.api.post("/v1/listings", json=signed(prepared, "ada")), 201)
    expiry = int(prepared["listing"]["expiry"])
    listing = replace(live.market.listing(seat, "ada", Wei(FACE)), expiry=expiry)
    for _ in range(2):
        live.market.send("ada", live.market.contract.list_seat(listing))
    list_seat(live, "bo", other)
    live.market.send("bo", live.market.contract.cancel_listings(other))
    live.mirror()
    assert paged(live) == [kept["listing"]]
