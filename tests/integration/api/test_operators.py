"""Programs of those who run the platform: what they see of resales, and that it is all they do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.api.everybody import key_of
from tests.integration.api.live import COHORT, SESSION, live_api
from tests.integration.api.offering import offer_for, offer_ids, offers
from tests.integration.api.trading import book, ids, list_seat, members, refusal
from tests.integration.api.world import browser
from tests.integration.marketplace.world import address_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx
    from sqlalchemy import Engine

    from tests.integration.api.live import Live, LiveChain

SCOPE = "resales:read"
COHORT_FACE = 16 * 10**16


@pytest.fixture
def run(launched_chain: LiveChain, database: Engine) -> Iterator[Live]:
    """An API whose operator is cleo, who owns no seat."""
    with live_api(launched_chain, database, operators=str(address_of("cleo"))) as live:
        live.publish()
        yield live


def program(live: Live, name: str, scope: str = SCOPE) -> httpx.Client:
    """A program that shows a key of a named account."""
    client = browser(live.parts)
    client.headers["Authorization"] = f"Bearer {key_of(live.client(name), scope)['key']}"
    return client


def for_some(live: Live) -> tuple[str, str, str]:
    """Of the cohort: a listing for all who may see its resales, one for bo alone, and an offer."""
    seats = [live.mint(COHORT, "ada") for _ in range(2)]
    live.mirror()
    shown = list_seat(live, "ada", seats[0], COHORT_FACE)["listing"]
    private = list_seat(live, "ada", seats[1], COHORT_FACE, taker=address_of("bo"))["listing"]
    live.mint(SESSION, "bo")
    made = offer_for(live, "bo", COHORT_FACE, seat=str(seats[0]))
    return shown, private, made["offer"]


def test_an_operators_program_sees_what_is_for_sale_for_some(run: Live) -> None:
    shown, _, offer = for_some(run)
    sees = program(run, "cleo")
    page = book(run, COHORT, sees)
    assert ids(page) == [shown]
    decision = page["decision"]
    assert (decision["allow"], decision["via"], decision["seat"]) == (True, "operator", None)
    offered = members(sees.get(f"/v1/drops/{COHORT}/offers"))
    assert (offer_ids(offered), offered["decision"]["via"]) == ([offer], "operator")


def test_an_operator_who_is_signed_in_is_a_holder_as_everybody(run: Live) -> None:
    for_some(run)
    answer = run.client("cleo").get(f"/v1/drops/{COHORT}/listings")
    assert refusal(answer) == (403, "access_denied", None)
    assert answer.json()["decision"]["reason"] == "no_seat"


def test_a_key_of_anybody_else_sees_nothing(run: Live) -> None:
    for_some(run)
    for path in ("listings", "offers"):
        # The cohort's mentor and a holder may look, and have no key that does.
        for name in ("mentor", "bo"):
            answer = program(run, name).get(f"/v1/drops/{COHORT}/{path}")
            assert refusal(answer) == (403, "api_key_refused", "not_an_operator")
        other = program(run, "cleo", "events:read").get(f"/v1/drops/{SESSION}/{path}")
        assert refusal(other) == (403, "api_key_refused", "scope_missing")
        ended = {"Authorization": f"Bearer seats_key_{'A' * 43}"}
        answer = run.api.get(f"/v1/drops/{SESSION}/{path}", headers=ended)
        assert refusal(answer)[:2] == (401, "api_key_ended")


def test_a_key_of_an_operator_that_is_limited_to_drops_sees_nothing(
    launched_chain: LiveChain, database: Engine
) -> None:
    with live_api(launched_chain, database, operators=str(address_of("mentor"))) as live:
        live.publish()
        live.mirror()
        wish = {"name": "one", "scopes": [SCOPE], "expires_in_s": 3_600, "drops": [int(SESSION)]}
        key = members(live.client("mentor").post("/v1/api-keys", json=wish), 201)["key"]
        headers = {"Authorization": f"Bearer {key}"}
        answer = live.api.get(f"/v1/drops/{SESSION}/listings", headers=headers)
        assert refusal(answer) == (403, "api_key_refused", "key_limited")


def test_without_operators_no_key_sees_anything(live: Live) -> None:
    live.publish()
    live.mirror()
    answer = program(live, "cleo").get(f"/v1/drops/{SESSION}/listings")
    assert refusal(answer) == (403, "api_key_refused", "not_an_operator")
    assert offers(live, SESSION)["offers"] == []


def test_an_operators_program_has_no_signature_and_buys_nothing(run: Live) -> None:
    shown, private, offer = for_some(run)
    sees = program(run, "cleo")
    body = {"account": address_of("cleo"), "listing": shown}
    order = {"account": address_of("cleo"), "price_wei": str(COHORT_FACE), "expires_in_s": 3_600}
    for answer in (
        sees.get(f"/v1/listings/{shown}"),
        sees.get(f"/v1/listings/{private}"),
        sees.get(f"/v1/offers/{offer}"),
        sees.post("/v1/tx/buy", json=body),
        sees.post("/v1/tx/offer", json=order | {"drop": int(COHORT), "tier": 0}),
        sees.get("/v1/me/seats"),
    ):
        assert refusal(answer) == (403, "api_key_refused", "key_not_taken_here"), answer.url
    asked = {"action": "see_resale", "drop": str(COHORT)}
    answer = sees.get("/v1/access/check", params=asked)
    assert refusal(answer) == (403, "api_key_refused", "scope_missing")
