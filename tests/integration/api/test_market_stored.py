"""Listings that the chain keeps, in the same book as the signed ones."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from marketplace.domain.money import Wei
from tests.integration.api.live import SESSION
from tests.integration.api.trading import (
    FACE,
    ask_to_buy,
    ask_to_list,
    book,
    ids,
    list_seat,
    market_of_two,
    members,
    prepared_list,
    refusal,
    send,
    signed,
    store_listing,
)
from tests.integration.marketplace.world import address_of

if TYPE_CHECKING:
    from tests.integration.api.live import Live


def test_a_stored_listing_is_a_transaction_then_shown_then_bought(live: Live) -> None:
    seat, _ = market_of_two(live)
    prepared = prepared_list(live, "ada", seat, stored=True)
    assert prepared["typed_data"] is None
    assert prepared["transaction"]["value_wei"] == "0"
    assert prepared["transaction"]["summary"] == prepared["summary"]
    send(live, "ada", prepared["transaction"])
    live.mirror()

    (shown,) = book(live, SESSION)["listings"]
    assert shown["listing"] == prepared["id"] == f"{seat}-{prepared['digest']}"
    assert shown["stored"] is True
    whole = members(live.api.get(f"/v1/listings/{shown['listing']}"))
    assert (whole["signature"], whole["message"]) == ("0x", prepared["listing"])
    bought = members(ask_to_buy(live, "cleo", shown["listing"]))
    send(live, "cleo", bought)
    assert live.market.contract.owner_of(seat) == address_of("cleo")


def test_a_stored_listing_that_never_was_is_not_found(live: Live) -> None:
    seat, _ = market_of_two(live)
    id_ = prepared_list(live, "ada", seat, stored=True)["id"]
    for other in (id_, f"{2**63 - 1}-0x{'00' * 32}"):
        assert refusal(live.api.get(f"/v1/listings/{other}")) == (404, "not_found", None)
        assert refusal(ask_to_buy(live, "cleo", other)) == (404, "not_found", None)
    too_large = f"{2**63}-0x{'00' * 32}"
    assert refusal(live.api.get(f"/v1/listings/{too_large}")) == (404, "not_found", None)


def test_a_stored_listing_that_the_mirror_lacks_may_be_coming(live: Live) -> None:
    seat, _ = market_of_two(live)
    prepared = prepared_list(live, "ada", seat, stored=True)
    block = send(live, "ada", prepared["transaction"]).block_number
    address = f"/v1/listings/{prepared['id']}"
    behind = live.api.get(address, params={"min_block": block})
    assert refusal(behind) == (503, "mirror_behind", None)
    live.mirror()
    assert live.api.get(address, params={"min_block": block}).status_code == 200


def test_signed_and_stored_listings_stand_in_one_order(live: Live) -> None:
    seat, other = market_of_two(live)
    dear = list_seat(live, "ada", seat, FACE + 2)["listing"]
    middle = store_listing(live, "bo", other, FACE + 1)
    cheap = list_seat(live, "bo", other, FACE)["listing"]
    equal = store_listing(live, "ada", seat, FACE + 2)
    last = list_seat(live, "ada", seat, FACE + 3)["listing"]
    expected = [cheap, middle, dear, equal, last]
    assert ids(book(live, SESSION)) == expected
    paged, after = [], None
    for _ in expected:
        page = book(live, SESSION, None, limit=1, after=after)
        paged += ids(page)
        after = page["next"]
    assert (paged, after) == (expected, None)


def test_what_is_signed_and_stored_is_shown_once(live: Live) -> None:
    seat, _ = market_of_two(live)
    prepared = prepared_list(live, "ada", seat)
    kept = members(live.api.post("/v1/listings", json=signed(prepared, "ada")), 201)
    expiry = int(prepared["listing"]["expiry"])
    listing = replace(live.market.listing(seat, "ada", Wei(FACE)), expiry=expiry)
    transaction = live.market.contract.list_seat(listing)
    for _ in range(2):
        live.market.send("ada", transaction)
    live.mirror()
    assert ids(book(live, SESSION)) == [kept["listing"]]


def test_what_is_stored_twice_is_shown_once(live: Live) -> None:
    seat, _ = market_of_two(live)
    listing = live.market.listing(seat, "ada", Wei(FACE))
    for _ in range(2):
        live.market.send("ada", live.market.contract.list_seat(listing))
    live.mirror()
    assert len(ids(book(live, SESSION))) == 1


def test_a_stored_listing_dies_with_the_next_owner(live: Live) -> None:
    seat, _ = market_of_two(live)
    id_ = store_listing(live, "ada", seat)
    live.resell(seat, "ada", "cleo")
    live.mirror()
    assert ids(book(live, SESSION)) == []
    gone = live.api.get(f"/v1/listings/{id_}")
    assert refusal(gone) == (409, "listing_dead", "seat_market_seller_not_owner")


def test_a_stored_listing_that_was_dead_from_the_start_is_never_shown(live: Live) -> None:
    """The contract stores any price: only a sale finds that nobody may pay it."""
    seat, _ = market_of_two(live)
    listing = live.market.listing(seat, "ada", Wei(10**18))
    live.market.send("ada", live.market.contract.list_seat(listing))
    live.mirror()
    assert ids(book(live, SESSION)) == []


def test_an_end_beyond_all_calendars_is_refused_before_it_is_stored(live: Live) -> None:
    seat, _ = market_of_two(live)
    refused = ask_to_list(live, "ada", seat, FACE, stored=True, expires_in_s=2**40)
    assert refusal(refused)[:2] == (422, "invalid_request")
