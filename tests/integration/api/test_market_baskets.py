"""Several listings in one transaction: what is dead is left out with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.integration.api.live import SESSION
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
