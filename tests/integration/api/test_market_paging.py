"""A drop's book a page at a time, in one order, whatever lies dead between."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from api.market import looking, pages
from indexer.queries import mirror_status
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
    seats,
    signed,
    store_listing,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from indexer.queries import MirrorId, MirrorStatus
    from tests.integration.api.live import Live
    from tests.integration.api.trading import Value


def test_a_book_is_read_by_price_then_seat_a_page_at_a_time(live: Live) -> None:
    seat, other = market_of_two(live)
    prices = {seat: (FACE, FACE + 2, FACE - 1), other: (FACE, FACE + 1, FACE - 1)}
    for number in range(3):
        list_seat(live, "bo", other, prices[other][number])
        list_seat(live, "ada", seat, prices[seat][number])
    expected = sorted((price, int(one)) for one, asked in prices.items() for price in asked)

    whole = book(live, SESSION)
    assert [(int(one["price_wei"]), int(one["seat"])) for one in whole["listings"]] == expected
    for limit in (1, 2, 5, 6):
        found: list[str] = []
        after: dict[str, Value] = {}
        while True:
            page = book(live, SESSION, None, limit=limit, **after)
            assert len(page["listings"]) <= limit
            found += ids(page)
            if page["next"] is None:
                break
            after = {"after": page["next"]}
        assert found == ids(whole)


def test_equal_prices_of_a_seat_are_paged_without_a_gap(live: Live) -> None:
    seat, _ = market_of_two(live)
    for seconds in range(4):
        list_seat(live, "ada", seat, expires_in_s=100 + seconds)
    first = book(live, SESSION, limit=3)
    second = book(live, SESSION, limit=3, after=first["next"])
    assert len({*ids(first), *ids(second)}) == 4


def test_dead_listings_do_not_shorten_a_page(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "CHUNK", 1)
    monkeypatch.setattr(pages, "MAX_JUDGED", 2)
    seat, other = market_of_two(live)
    for number in range(5):
        list_seat(live, "ada", seat, FACE - number - 1)
    living = list_seat(live, "bo", other)
    live.market.send("ada", live.market.contract.cancel_listings(seat))
    live.mirror()
    page = book(live, SESSION, limit=1)
    assert ids(page) == [living["listing"]]
    assert ids(book(live, SESSION, after=page["next"])) == []


def test_a_page_ends_after_so_many_dead_and_can_be_gone_on_with(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MAX_JUDGED", 3)
    monkeypatch.setattr(looking, "MAX_LOOKS", 1)
    seat, other = market_of_two(live)
    for number in range(3):
        list_seat(live, "ada", seat, FACE - number - 1)
    living = list_seat(live, "bo", other)
    live.market.send("ada", live.market.contract.cancel_listings(seat))
    live.mirror()
    page = book(live, SESSION)
    assert ids(page) == []
    assert ids(book(live, SESSION, after=page["next"])) == [living["listing"]]


def all_pages(live: Live, limit: int) -> list[str]:
    """The ids of a whole book, read page by page."""
    found: list[str] = []
    page = book(live, SESSION, limit=limit)
    while page["next"] is not None:
        found += ids(page)
        page = book(live, SESSION, limit=limit, after=page["next"])
    return found + ids(page)


@pytest.mark.parametrize("looks", [1, 10])
def test_what_one_look_does_not_reach_keeps_its_place(
    live: Live, monkeypatch: pytest.MonkeyPatch, looks: int
) -> None:
    """Signed listings that are still to come stand before a stored one that is dearer."""
    seat, other = market_of_two(live)
    signed_ones = [list_seat(live, "ada", seat, FACE + number)["listing"] for number in range(5)]
    dearer = store_listing(live, "bo", other, FACE + 9)
    monkeypatch.setattr(pages, "MAX_JUDGED", 2)
    monkeypatch.setattr(looking, "MAX_LOOKS", looks)
    assert all_pages(live, 4) == [*signed_ones, dearer]


def test_a_twin_behind_the_end_of_a_look_is_still_shown_once(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    seat, other = market_of_two(live)
    prepared = prepared_list(live, "ada", seat)
    twin = members(live.api.post("/v1/listings", json=signed(prepared, "ada")), 201)
    expiry = int(prepared["listing"]["expiry"])
    listing = replace(live.market.listing(seat, "ada", Wei(FACE)), expiry=expiry)
    live.market.send("ada", live.market.contract.list_seat(listing))
    last = store_listing(live, "bo", other, FACE + 1)
    monkeypatch.setattr(pages, "MAX_JUDGED", 1)
    for looks in (1, 10):
        monkeypatch.setattr(looking, "MAX_LOOKS", looks)
        assert all_pages(live, 1) == [twin["listing"], last]


def test_a_page_stops_where_a_new_block_comes_between(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is shown together was judged by one moment."""
    seat, _ = market_of_two(live)
    listed = [list_seat(live, "ada", seat, FACE + number)["listing"] for number in range(2)]
    monkeypatch.setattr(pages, "MAX_JUDGED", 1)
    looked = iter((False, True, True, True))

    def status(connection: Connection, mirror: MirrorId) -> MirrorStatus:
        found = mirror_status(connection, mirror)
        if not next(looked):
            return found
        return replace(found, head=replace(found.head, number=found.head.number + 1))

    monkeypatch.setattr(pages, "mirror_status", status)
    page = book(live, SESSION)
    assert ids(page) == listed[:1]
    assert ids(book(live, SESSION, after=page["next"])) == listed[1:]


def test_a_tier_is_shown_alone(live: Live) -> None:
    live.publish()
    access, practice = live.mint(SESSION, "ada"), live.mint(SESSION, "bo", 2)
    live.mirror()
    list_seat(live, "ada", access)
    list_seat(live, "bo", practice, 12 * 10**16)
    assert seats(book(live, SESSION)) == [access, practice]
    assert seats(book(live, SESSION, tier=0)) == [access]
    assert seats(book(live, SESSION, tier=1)) == [practice]
    assert seats(book(live, SESSION, tier=9)) == []


NO_PAGES: Final[tuple[dict[str, Value], ...]] = (
    {"tier": 10},
    {"tier": -1},
    {"limit": 0},
    {"limit": 101},
    {"after": "x"},
    {"after": f"{2**256}-1-0-1-0"},
    {"after": f"1-{2**63}-0-1-0"},
    {"after": f"1-1-1-{2**63}-0"},
    {"after": "1-1-2-1-0"},
    {"min_block": -1},
    {"page": 2},
)


def test_a_page_that_is_none_does_not_fit(live: Live) -> None:
    live.publish()
    live.mirror()
    for query in NO_PAGES:
        answer = live.api.get("/v1/drops/1/listings", params=query)
        assert refusal(answer)[:2] == (422, "invalid_request"), query
