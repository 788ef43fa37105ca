"""Several listings in one transaction: what is dead is left out with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete

from api.store.tables import published_terms
from marketplace.launch.canonical import terms_hash
from marketplace.storage.transactions import writing
from tests.integration.api.live import COHORT, SESSION
from tests.integration.api.preparing import ask
from tests.integration.api.test_market_preparing import POOR
from tests.integration.api.trading import (
    FACE,
    list_seat,
    market_of_two,
    members,
    refusal,
    send,
    store_listing,
)
from tests.integration.marketplace.world import address_of

if TYPE_CHECKING:
    from tests.integration.api.live import Live

UNKNOWN = "0x" + "00" * 32


def test_a_basket_buys_what_lives_and_says_what_does_not(live: Live) -> None:
    adas, bos = market_of_two(live)
    dans = live.mint(SESSION, "dan")
    live.mirror()
    signed, stored = list_seat(live, "ada", adas), store_listing(live, "bo", bos, FACE - 1)
    dead = list_seat(live, "dan", dans)["listing"]
    live.market.send("dan", live.market.contract.cancel_listings(dans))

    wanted = [signed["listing"], dead, stored, UNKNOWN]
    basket = members(ask(live, "cleo", "buy-many", listings=wanted))
    assert [one["listing"] for one in basket["bought"]] == [signed["listing"], stored]
    assert {one["listing"]: one["cause"] for one in basket["skipped"]} == {
        UNKNOWN: "not_found",
        dead: "seat_market_epoch_passed",
    }
    assert basket["value_wei"] == str(2 * FACE - 1)
    assert [one["amount"] for one in basket["pays"]] == [str(FACE), str(FACE - 1)]
    send(live, "cleo", basket)
    assert live.market.contract.balance_of(address_of("cleo")) == 2


def test_a_basket_leaves_out_what_has_ended_since_the_newest_block(live: Live) -> None:
    adas, bos = market_of_two(live)
    ended = list_seat(live, "ada", adas, expires_in_s=60)["listing"]
    there = list_seat(live, "bo", bos)["listing"]
    live.clock.forward(61)
    live.mirror()
    basket = members(ask(live, "cleo", "buy-many", listings=[ended, there]))
    assert [one["listing"] for one in basket["bought"]] == [there]
    assert [(one["listing"], one["cause"]) for one in basket["skipped"]] == [
        (ended, "seat_market_listing_expired")
    ]


def test_a_basket_leaves_out_what_the_buyer_may_not_see(live: Live) -> None:
    adas, _ = market_of_two(live)
    open_to_all = list_seat(live, "ada", adas)["listing"]
    # For holders of a seat of the session: bo has one, cleo and nobody in particular have not.
    cohorts = live.mint(COHORT, "dan")
    live.mirror()
    gated = list_seat(live, "dan", cohorts, 16 * 10**16)["listing"]

    for client, cause in ((live.client("cleo"), "access_denied"), (live.api, "access_denied")):
        body = {"account": address_of("cleo"), "listings": [gated, open_to_all]}
        basket = members(client.post("/v1/tx/buy-many", json=body))
        assert [one["listing"] for one in basket["bought"]] == [open_to_all]
        assert [(one["listing"], one["cause"]) for one in basket["skipped"]] == [(gated, cause)]

    # Who may see it may not buy it for somebody else with that.
    body = {"account": address_of("cleo"), "listings": [gated, open_to_all]}
    basket = members(live.client("bo").post("/v1/tx/buy-many", json=body))
    assert [(one["listing"], one["cause"]) for one in basket["skipped"]] == [
        (gated, "another_account")
    ]
    alone = live.client("cleo").post(
        "/v1/tx/buy-many", json={"account": address_of("cleo"), "listings": [gated]}
    )
    assert refusal(alone) == (409, "listing_dead", "basket_dead")


def test_a_basket_leaves_out_what_has_no_published_terms(live: Live) -> None:
    adas, _ = market_of_two(live)
    there = list_seat(live, "ada", adas)["listing"]
    cohorts = live.mint(COHORT, "dan")
    live.mirror()
    gone = list_seat(live, "dan", cohorts, 16 * 10**16)["listing"]
    with writing(live.parts.store) as connection:
        of_cohort = f"0x{terms_hash(live.files[COHORT].document).hex()}"
        connection.execute(delete(published_terms).where(published_terms.c.terms_hash == of_cohort))

    basket = members(ask(live, "cleo", "buy-many", listings=[gone, there]))

    assert [one["listing"] for one in basket["bought"]] == [there]
    assert [(one["listing"], one["cause"]) for one in basket["skipped"]] == [
        (gone, "terms_unpublished")
    ]


def test_a_basket_that_cannot_be_bought_is_refused_with_every_reason(live: Live) -> None:
    adas, bos = market_of_two(live)
    own = list_seat(live, "ada", adas)["listing"]
    other, cheaper = (list_seat(live, "bo", bos, price)["listing"] for price in (FACE, FACE - 1))

    refused = ask(live, "ada", "buy-many", listings=[own, UNKNOWN])
    assert refusal(refused) == (409, "listing_dead", "basket_dead")
    causes = {one["cause"] for one in refused.json()["skipped"]}
    assert causes == {"not_found", "seat_market_seller_is_buyer"}
    twice = ask(live, "ada", "buy-many", listings=[other, cheaper])
    assert refusal(twice)[:2] == (422, "invalid_request")
    poor = live.api.post("/v1/tx/buy-many", json={"account": POOR, "listings": [own, other]})
    assert refusal(poor) == (409, "rule_violated", "not_enough_ether")
    assert "this costs 0.08 ETH" in poor.json()["detail"]
