"""One listing that is signed and stored is one entry of the book, whichever form lives."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete

from api.store.tables import listings
from marketplace.domain.money import Wei
from marketplace.storage.transactions import writing
from tests.integration.api.live import SESSION
from tests.integration.api.ordering import (
    hand_over,
    hand_over_signed,
    listed,
    prepared_listing,
    seat_of,
    store_by_wallet,
)
from tests.integration.api.preparing import ask
from tests.integration.api.trading import (
    FACE,
    ask_to_buy,
    book,
    ids,
    list_seat,
    market_of_two,
    members,
    refusal,
    send,
    store_listing,
)
from tests.integration.api.wallets import owned_wallet, set_owner
from tests.integration.marketplace.world import address_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketplace.domain.ids import SeatId
    from marketplace.domain.listing import Listing
    from tests.integration.api.live import Live
    from tests.integration.api.trading import Members
    from tests.integration.api.wallets import ContractWallet

SORTS = ("price", "newest")
each_sort = pytest.mark.parametrize("sort", SORTS)
FORM = ("stored", "signer", "wallet_asked_at")


def in_both_forms(live: Live) -> tuple[ContractWallet, SeatId, Members]:
    """A wallet's listing that it has signed, and then stored as well."""
    account = owned_wallet(live, "ada")
    seat, made = listed(live, account.at, account.sign_typed)
    live.market.steering.travel(live.market.now + 10)
    store_by_wallet(live, made["message"])
    return account, seat, made


def stored_then_signed(live: Live) -> tuple[ContractWallet, SeatId, Members]:
    """A wallet's listing that it has stored, and then signed as well."""
    account = owned_wallet(live, "ada")
    seat = seat_of(live, account.at)
    prepared = prepared_listing(live, account.at, seat)
    store_by_wallet(live, prepared["listing"])
    live.clock.forward(10)
    signature = account.sign_typed(prepared["typed_data"])
    return account, seat, members(hand_over(live, prepared, signature), 201)


def only_entry(live: Live) -> Members:
    """What stands in the book, alone, in each order."""
    (by_price,), (by_age,) = (book(live, SESSION, sort=sort)["listings"] for sort in SORTS)
    assert by_price == by_age
    found: Members = by_price
    return found


def whole(live: Live, listing: str) -> Members:
    return members(live.api.get(f"/v1/listings/{listing}"))


def next_digests(live: Live, sort: str, after: str | None) -> tuple[list[str], str | None]:
    """The digests of a page of one, and where the next one begins."""
    page = book(live, SESSION, sort=sort, limit=1, after=after)
    return [one.rpartition("-")[2] for one in ids(page)], page["next"]


def rest_of(live: Live, sort: str, after: str | None) -> list[str]:
    """The digests of what comes behind a place, a page at a time."""
    found: list[str] = []
    for _ in range(20):
        if after is None:
            return found
        shown, after = next_digests(live, sort, after)
        found += shown
    raise AssertionError("the pages do not end")


def digest_of(live: Live, listing: Listing) -> str:
    return f"0x{live.market.contract.digest_of(listing).hex()}"


@pytest.mark.parametrize("made_so", [in_both_forms, stored_then_signed])
def test_it_stands_once_and_is_bought_as_the_chain_keeps_it(
    live: Live, made_so: Callable[[Live], tuple[ContractWallet, SeatId, Members]]
) -> None:
    _, seat, made = made_so(live)
    entry = only_entry(live)
    assert entry["listing"] == made["listing"]
    # What a wallet may take back is not what the buyer has to rely on.
    assert [entry[name] for name in FORM] == [True, None, None]
    found = whole(live, made["listing"])
    assert found["signature"] == "0x"
    assert {name: found[name] for name in entry} == entry
    assert whole(live, f"{seat}-{made['listing']}") == found
    bought = members(ask_to_buy(live, "bo", made["listing"]))
    send(live, "bo", bought)
    assert live.market.contract.owner_of(seat) == address_of("bo")


def test_a_basket_that_names_it_twice_buys_it_once(live: Live) -> None:
    _, seat, made = in_both_forms(live)
    bos = seat_of(live, address_of("bo"))
    other = list_seat(live, "bo", bos)["listing"]
    names = [f"{seat}-{made['listing']}", other, made["listing"]]
    basket = members(ask(live, "cleo", "buy-many", listings=names))
    assert [one["listing"] for one in basket["bought"]] == [made["listing"], other]
    assert (basket["skipped"], basket["value_wei"]) == ([], str(2 * FACE))
    send(live, "cleo", basket)
    assert live.market.contract.balance_of(address_of("cleo")) == 2


def test_it_is_bought_though_its_wallet_stands_by_no_signature_of_it(live: Live) -> None:
    account, seat, made = in_both_forms(live)
    set_owner(live, account, "ada", owns=False)
    live.mirror()
    assert only_entry(live)["listing"] == made["listing"]
    basket = members(ask(live, "cleo", "buy-many", listings=[made["listing"]]))
    assert [one["listing"] for one in basket["bought"]] == [made["listing"]]
    send(live, "bo", members(ask_to_buy(live, "bo", made["listing"])))
    assert live.market.contract.owner_of(seat) == address_of("bo")


def test_it_is_bought_by_its_signature_once_a_reorganisation_has_taken_the_stored_one(
    live: Live,
) -> None:
    _, seat, made = in_both_forms(live)
    live.reorganise(1, 2)
    # The chain is ahead of the mirror, which still says that it is stored.
    assert members(ask_to_buy(live, "bo", made["listing"]))["seat"] == str(seat)
    live.mirror()
    entry = only_entry(live)
    assert entry == {name: made[name] for name in entry}
    assert [entry[name] for name in FORM[:2]] == [False, "wallet"]
    # Whoever has the other name of it finds it too.
    assert whole(live, f"{seat}-{made['listing']}") == whole(live, made["listing"])
    another = f"{int(seat) + 1}-{made['listing']}"
    assert refusal(live.api.get(f"/v1/listings/{another}")) == (404, "not_found", None)
    send(live, "bo", members(ask_to_buy(live, "bo", f"{seat}-{made['listing']}")))
    assert live.market.contract.owner_of(seat) == address_of("bo")


def test_both_forms_end_together(live: Live) -> None:
    seat, _ = market_of_two(live)
    listing = live.market.listing(seat, "ada", Wei(FACE))
    made = hand_over_signed(live, listing, "ada")
    live.market.send("ada", live.market.contract.list_seat(listing))
    live.mirror()
    assert only_entry(live)["listing"] == made["listing"]
    live.market.send("ada", live.market.contract.cancel_listings(seat))
    live.mirror()
    for sort in SORTS:
        assert ids(book(live, SESSION, sort=sort)) == []
    dead = (409, "listing_dead", "seat_market_epoch_passed")
    for name in (made["listing"], f"{seat}-{made['listing']}"):
        assert refusal(live.api.get(f"/v1/listings/{name}")) == dead


def test_what_the_book_no_longer_has_the_signature_of_is_found_where_it_is_stored(
    live: Live,
) -> None:
    _, seat, made = in_both_forms(live)
    with writing(live.parts.store) as connection:
        connection.execute(delete(listings))
    name = f"{seat}-{made['listing']}"
    assert only_entry(live)["listing"] == name
    # Of two names of one listing the one that is known is enough.
    both = members(ask(live, "cleo", "buy-many", listings=[made["listing"], name]))
    assert ([one["listing"] for one in both["bought"]], both["skipped"]) == ([name], [])


@each_sort
def test_what_is_signed_once_it_is_stored_keeps_its_place_between_two_pages(
    live: Live, sort: str
) -> None:
    seat, _ = market_of_two(live)
    stored = [
        replace(live.market.listing(seat, "ada", Wei(FACE)), expiry=live.market.now + seconds)
        for seconds in (3_600, 7_200)
    ]
    for one in stored:
        live.market.steering.travel(live.market.now + 10)
        live.market.send("ada", live.market.contract.list_seat(one))
    live.mirror()
    digests = [digest_of(live, one) for one in stored]
    expected = digests if sort == "price" else digests[::-1]

    first, after = next_digests(live, sort, None)
    live.clock.forward(5)
    made = {hand_over_signed(live, one, "ada")["listing"] for one in stored}

    assert made == set(digests)
    assert first + rest_of(live, sort, after) == expected
    # Named by its signature, wherever it stands.
    assert ids(book(live, SESSION, sort=sort)) == expected
    live.reorganise(2, 3)
    live.mirror()
    left = book(live, SESSION, sort=sort)["listings"]
    assert {one["listing"] for one in left} == made
    assert [one["signer"] for one in left] == ["key", "key"]


@each_sort
def test_what_is_stored_once_it_is_signed_keeps_its_place_between_two_pages(
    live: Live, sort: str
) -> None:
    account = owned_wallet(live, "ada")
    bos = seat_of(live, address_of("bo"))
    # By price it stands first, by age last but one.
    oldest = store_listing(live, "bo", bos, FACE + 2).rpartition("-")[2]
    live.market.steering.travel(live.market.now + 10)
    live.mirror()
    _, made = listed(live, account.at, account.sign_typed)
    live.market.steering.travel(live.market.now + 10)
    live.mirror()
    newest = list_seat(live, "bo", bos, FACE + 1)["listing"]
    expected = {
        "price": [made["listing"], newest, oldest],
        "newest": [newest, made["listing"], oldest],
    }[sort]

    first, after = next_digests(live, sort, None)
    live.market.steering.travel(live.market.now + 10)
    store_by_wallet(live, made["message"])

    assert first + rest_of(live, sort, after) == expected
    assert [one.rpartition("-")[2] for one in ids(book(live, SESSION, sort=sort))] == expected
