"""Who may see and buy: the drop's audience, and the two people of a private listing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from api.market.restriction import COURTESY
from api.store.tables import listings, published_terms
from marketplace.storage.transactions import reading, writing
from tests.integration.api.live import COHORT, EXAMPLES, SESSION, launch
from tests.integration.api.offering import fund, offers, prepared_offer
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
    from marketplace.domain.ids import SeatId
    from tests.integration.api.live import Live
    from tests.integration.api.trading import Members

COHORT_FACE = 16 * 10**16
WARNING = "audience_is_a_courtesy"


def cohort_listing(live: Live) -> tuple[SeatId, str]:
    """Ada's seat of the cohort is listed; bo came to the session, cleo did not."""
    live.publish()
    seat = live.mint(COHORT, "ada")
    live.mint(SESSION, "bo")
    live.mirror()
    return seat, list_seat(live, "ada", seat, COHORT_FACE)["listing"]


def test_resales_are_shown_to_their_audience_with_the_right_that_it_has(live: Live) -> None:
    seat, listing = cohort_listing(live)
    by_session = book(live, COHORT, live.client("bo"))
    assert ids(by_session) == [listing]
    assert by_session["decision"]["via"] == "seat"
    assert by_session["decision"]["seat"] == "1000001"
    own = book(live, COHORT, live.client("ada"))
    assert own["decision"]["seat"] == str(seat)
    mentor = book(live, COHORT, live.client("mentor"))
    assert (ids(mentor), mentor["decision"]["via"]) == ([listing], "mentor")


def test_others_get_the_gates_reason_and_remedy(live: Live) -> None:
    _, listing = cohort_listing(live)
    for client, reason in ((live.api, "not_signed_in"), (live.client("cleo"), "no_seat")):
        for answer in (
            client.get(f"/v1/drops/{COHORT}/listings"),
            client.get(f"/v1/listings/{listing}"),
            ask_to_buy(live, "cleo", listing, client),
        ):
            assert refusal(answer) == (403, "access_denied", None)
            decision = answer.json()["decision"]
            assert (decision["allow"], decision["reason"]) == (False, reason)
            assert decision["remedy"]["sentence"]


def test_the_audience_buys_with_the_account_that_is_signed_in(live: Live) -> None:
    seat, listing = cohort_listing(live)
    bo = live.client("bo")
    refused = ask_to_buy(live, "cleo", listing, bo)
    assert refusal(refused) == (403, "another_account", None)
    send(live, "bo", members(ask_to_buy(live, "bo", listing, bo)))
    assert live.market.contract.owner_of(seat) == address_of("bo")


def names_of(prepared: Members) -> list[str]:
    """The names of a prepared order's warnings."""
    return [one["name"] for one in prepared["warnings"]]


def test_that_resales_are_not_for_everybody_is_said_to_be_a_courtesy(live: Live) -> None:
    cohort_listing(live)
    seat = live.mint(COHORT, "ada")
    live.mirror()
    bo = live.client("bo")
    assert book(live, COHORT, bo)["courtesy"] == COURTESY
    assert members(bo.get(f"/v1/drops/{COHORT}/offers"))["courtesy"] == COURTESY
    signing = prepared_list(live, "ada", seat, COHORT_FACE)
    storing = prepared_list(live, "ada", seat, COHORT_FACE, stored=True)
    fund(live, "bo", COHORT_FACE)
    live.mirror()
    bidding = prepared_offer(live, "bo", COHORT_FACE, seat=str(seat))
    for prepared in (signing, storing, bidding):
        (said,) = [one for one in prepared["warnings"] if one["name"] == WARNING]
        assert COURTESY in said["sentence"]
    taker = prepared_list(live, "ada", seat, COHORT_FACE, taker=address_of("bo"))
    assert WARNING not in names_of(taker)


def test_of_resales_for_everybody_nothing_is_said_to_be_a_courtesy(live: Live) -> None:
    seat, _ = market_of_two(live)
    assert book(live, SESSION)["courtesy"] is None
    assert offers(live, SESSION)["courtesy"] is None
    assert WARNING not in names_of(prepared_list(live, "ada", seat))
    fund(live, "cleo")
    live.mirror()
    assert WARNING not in names_of(prepared_offer(live, "cleo", seat=str(seat)))


def test_where_anybody_may_buy_nobody_has_to_sign_in(live: Live) -> None:
    seat, _ = market_of_two(live)
    listing = list_seat(live, "ada", seat)["listing"]
    assert ask_to_buy(live, "cleo", listing).status_code == 200
    assert ask_to_buy(live, "cleo", listing, live.client("bo")).status_code == 200


def test_a_session_that_has_ended_is_not_taken_for_nobody(live: Live) -> None:
    seat, _ = market_of_two(live)
    listing = list_seat(live, "ada", seat)["listing"]
    ended = {"Authorization": "Bearer " + "A" * 43}
    answer = live.api.get(f"/v1/listings/{listing}", headers=ended)
    assert refusal(answer)[:2] == (401, "session_ended")


def test_without_published_terms_the_audience_is_not_known(live: Live) -> None:
    seat, _ = market_of_two(live)
    listing = list_seat(live, "ada", seat)["listing"]
    with writing(live.parts.store) as connection:
        connection.execute(delete(published_terms))
    for answer in (
        live.api.get(f"/v1/drops/{SESSION}/listings"),
        live.api.get(f"/v1/listings/{listing}"),
        ask_to_buy(live, "cleo", listing),
    ):
        assert refusal(answer)[:2] == (404, "terms_unpublished")


def kept(live: Live) -> int:
    """How many signed listings are kept."""
    with reading(live.parts.store) as connection:
        return connection.scalar(select(func.count()).select_from(listings)) or 0


def test_what_nobody_would_be_shown_is_not_taken_into_the_book(live: Live) -> None:
    seat = live.mint(SESSION, "ada")
    live.mirror()
    live.publish()
    body = signed(prepared_list(live, "ada", seat), "ada")
    with writing(live.parts.store) as connection:
        connection.execute(delete(published_terms))
    for answer in (
        ask_to_list(live, "ada", seat),
        ask_to_list(live, "ada", seat, stored=True),
        live.api.post("/v1/listings", json=body),
    ):
        assert refusal(answer)[:2] == (404, "terms_unpublished")
    assert kept(live) == 0
    live.publish()
    assert live.api.post("/v1/listings", json=body).status_code == 201
    assert kept(live) == 1


def test_what_a_seller_does_wrong_is_told_before_that_terms_are_missing(live: Live) -> None:
    seat = live.mint(SESSION, "ada")
    live.mirror()
    assert refusal(ask_to_list(live, "bo", seat))[2] == "seat_token_not_owner"
    assert refusal(ask_to_list(live, "ada", seat, FACE * 9))[:2] == (409, "listing_dead")


def test_a_seat_of_a_drop_that_our_copy_lacks_is_not_called_missing(live: Live) -> None:
    live.mirror()
    drop, live.files[drop] = launch(live.market, EXAMPLES / "drop-session.toml")
    answer = ask_to_list(live, "ada", live.mint(drop, "ada"))
    assert refusal(answer)[:2] == (503, "mirror_behind")


def test_a_private_listing_is_known_to_its_taker_and_its_seller_alone(live: Live) -> None:
    seat, other = market_of_two(live)
    bo = address_of("bo")
    signed = list_seat(live, "ada", seat, taker=bo)
    stored = store_listing(live, "ada", seat, FACE + 1, taker=bo)
    public = list_seat(live, "bo", other)["listing"]
    assert signed["taker"] == bo
    for name in ("ada", "bo"):
        client = live.client(name)
        assert {*ids(book(live, SESSION, client))} == {signed["listing"], stored, public}
        for one in (signed["listing"], stored):
            assert client.get(f"/v1/listings/{one}").json()["taker"] == bo
    for client in (live.api, live.client("cleo")):
        assert ids(book(live, SESSION, client)) == [public]
        for one in (signed["listing"], stored):
            unknown = (404, "not_found", None)
            assert refusal(client.get(f"/v1/listings/{one}")) == unknown
            assert refusal(ask_to_buy(live, "cleo", one, client)) == unknown


def test_a_private_listing_is_bought_by_its_taker_alone(live: Live) -> None:
    seat, _ = market_of_two(live)
    listing = list_seat(live, "ada", seat, taker=address_of("bo"))["listing"]
    bo = live.client("bo")
    refused = ask_to_buy(live, "cleo", listing, bo)
    assert refusal(refused) == (409, "contract_reverted", "seat_market_not_the_taker")
    assert "alone" in refused.json()["detail"]
    send(live, "bo", members(ask_to_buy(live, "bo", listing, bo)))
    assert live.market.contract.owner_of(seat) == address_of("bo")


def test_a_buyer_ahead_of_the_mirror_gets_no_false_no(live: Live) -> None:
    _, listing = cohort_listing(live)
    live.mint(SESSION, "cleo")
    head = live.market.web3.eth.block_number
    cleo = live.client("cleo")
    body = {"account": address_of("cleo"), "listing": listing}
    for answer in (
        cleo.post("/v1/tx/buy", json=body, params={"min_block": head}),
        cleo.get(f"/v1/drops/{COHORT}/listings", params={"min_block": head}),
        cleo.get(f"/v1/listings/{listing}", params={"min_block": head}),
    ):
        assert refusal(answer) == (503, "mirror_behind", None)
    live.mirror()
    answer = cleo.post("/v1/tx/buy", json=body, params={"min_block": head})
    assert answer.status_code == 200
