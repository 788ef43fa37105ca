"""What the mirror alone can refuse of an order is refused before anybody's contract is asked."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete

from api.node_turns import MAX_STRANGERS_AT_ONCE, Asked
from api.store.tables import published_terms
from marketplace.domain.addresses import ChecksumAddress
from marketplace.storage.transactions import writing
from tests.integration.api.live import COHORT
from tests.integration.api.ordering import (
    bid,
    enrich,
    hand_over,
    prepared_bid,
    prepared_listing,
    seat_of,
)
from tests.integration.api.trading import FACE, market_of_two, members, refusal
from tests.integration.api.wallets import owned_wallet
from tests.integration.api.world import browser
from tests.integration.marketplace.world import address_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.api.live import Live

UNASKED: Final = (503, "chain_unavailable", None)
"""While the node is away, or as many as may ask strangers' contracts already do."""

UNPUBLISHED: Final = (404, "terms_unpublished", None)

DEAD: Final = (
    ({"epoch": "7"}, "seat_market_epoch_passed"),
    ({"counter": "7"}, "seat_market_counter_passed"),
    ({"terms_version": "7"}, "seat_market_terms_changed"),
    ({"expiry": "7"}, "seat_market_listing_expired"),
    ({"expiry": str(2**256 - 1)}, "seat_market_expiry_too_far"),
    ({"price": "1"}, "seat_market_price_out_of_bounds"),
    ({"price": str(100 * FACE)}, "seat_market_price_out_of_bounds"),
    ({"seat": "1000077"}, "seat_token_unknown"),
)
"""Changes that kill an order, and what the contract would say of it."""


@contextmanager
def no_place_for_strangers(live: Live) -> Iterator[None]:
    """Hold every place of those who wait for what a stranger's contract says."""
    with ExitStack() as places:
        for number in range(MAX_STRANGERS_AT_ONCE):
            stranger = Asked(ChecksumAddress(f"0x{number:040d}"), b"", accepted=True)
            places.enter_context(live.parts.chain.strangers_turn(stranger))
        yield


def unpublish(live: Live) -> None:
    with writing(live.parts.store) as connection:
        connection.execute(delete(published_terms))


def test_a_listing_that_cannot_be_bought_asks_no_wallet(live: Live) -> None:
    account = owned_wallet(live, "ada")
    bos = seat_of(live, address_of("bo"))
    prepared = prepared_listing(live, account.at, seat_of(live, account.at))
    signature = account.sign_typed(prepared["typed_data"])
    dead = (*DEAD, ({"seat": str(bos)}, "seat_market_seller_not_owner"))
    with no_place_for_strangers(live):
        for changes, cause in dead:
            changed = {"listing": prepared["listing"] | changes}
            assert refusal(hand_over(live, changed, signature)) == (409, "listing_dead", cause)
        # What lives is the wallet's to judge.
        assert refusal(hand_over(live, prepared, signature)) == UNASKED
        unpublish(live)
        assert refusal(hand_over(live, prepared, signature)) == UNPUBLISHED
    live.publish()
    members(hand_over(live, prepared, signature), 201)


def test_an_offer_that_cannot_be_taken_asks_no_wallet(live: Live) -> None:
    adas, _ = market_of_two(live)
    cohorts = live.mint(COHORT, "dan")
    account = owned_wallet(live, "cleo")
    enrich(live, account.at)
    prepared = prepared_bid(live, account.at, adas)
    signature = account.sign_typed(prepared["typed_data"])
    with no_place_for_strangers(live):
        for changes, cause in DEAD:
            changed = {"offer": prepared["offer"] | changes}
            assert refusal(bid(live, changed, signature)) == (409, "offer_dead", cause), changes
        # Its resales are for those who hold a seat of the session.
        gated = {"offer": prepared["offer"] | {"seat": str(cohorts)}}
        assert refusal(bid(live, gated, signature)) == (403, "access_denied", None)
        assert refusal(bid(live, prepared, signature)) == UNASKED
        unpublish(live)
        assert refusal(bid(live, prepared, signature)) == UNPUBLISHED
    live.publish()
    members(bid(live, prepared, signature), 201)


def test_what_is_dead_is_refused_while_the_node_is_away(live: Live) -> None:
    account = owned_wallet(live, "ada")
    bos = seat_of(live, address_of("bo"))
    enrich(live, account.at)
    listing = prepared_listing(live, account.at, seat_of(live, account.at))
    offer = prepared_bid(live, account.at, bos)
    sold, bought = (account.sign_typed(one["typed_data"]) for one in (listing, offer))
    live.api = browser(live.parts_without_node())
    passed = {"epoch": "7"}
    dead = hand_over(live, {"listing": listing["listing"] | passed}, sold)
    assert refusal(dead) == (409, "listing_dead", "seat_market_epoch_passed")
    dead = bid(live, {"offer": offer["offer"] | passed}, bought)
    assert refusal(dead) == (409, "offer_dead", "seat_market_epoch_passed")
    assert refusal(hand_over(live, listing, sold)) == UNASKED
    assert refusal(bid(live, offer, bought)) == UNASKED
