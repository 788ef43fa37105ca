"""The order book: what is kept, and that only the living is shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select, update

from api.market.writes import MAX_PER_SEAT
from api.store.tables import listings
from marketplace.domain.drop import DropState
from marketplace.domain.ids import SeatId
from marketplace.storage.transactions import reading, writing
from tests.integration.api.live import SESSION
from tests.integration.api.ordering import signed_body
from tests.integration.api.preparing import other_spelling
from tests.integration.api.test_access_levels import BEHIND, settle
from tests.integration.api.trading import (
    FACE,
    ask_to_buy,
    book,
    ids,
    list_seat,
    market_of_two,
    members,
    prepared_list,
    refusal,
    send,
    signed,
)
from tests.integration.marketplace.steering import NodeSteering
from tests.integration.marketplace.world import DAY, address_of

if TYPE_CHECKING:
    from tests.integration.api.live import Live
    from tests.integration.api.trading import Members


def kept(live: Live) -> int:
    with reading(live.parts.store) as connection:
        return connection.scalar(select(func.count()).select_from(listings)) or 0


def handed_over(live: Live, body: Members) -> tuple[int, str, str | None]:
    return refusal(live.api.post("/v1/listings", json=body))


def test_a_signed_listing_is_kept_and_shown_with_its_digest(live: Live) -> None:
    seat, _ = market_of_two(live)
    prepared = prepared_list(live, "ada", seat, expires_in_s=120)
    listed = members(live.api.post("/v1/listings", json=signed(prepared, "ada")), 201)

    head = live.market.web3.eth.get_block("latest")
    assert listed["listing"] == prepared["id"] == prepared["digest"]
    assert (listed["as_of_block"], listed["block_hash"]) == (
        head["number"],
        f"0x{head['hash'].hex()}",
    )
    page = book(live, SESSION)
    ends = live.files[SESSION].drop.terms.refund_until
    refund_until = datetime.fromtimestamp(ends, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    assert page["listings"] == [
        {
            "listing": prepared["digest"],
            "seat": str(seat),
            "tier": 0,
            "price_wei": str(FACE),
            "royalty_wei": str(FACE // 10),
            "face_wei": str(FACE),
            "seller": address_of("ada"),
            "taker": None,
            "expires_at": listed["expires_at"],
            "stored": False,
            "signer": "key",
            "wallet_asked_at": None,
            "condition": {
                "checked_in": False,
                "face_wei": str(FACE),
                "held_wei": "0",
                "refund_wei": str(FACE),
                "refund_until": refund_until,
                "on_failure_wei": str(FACE),
                "claimable_wei": "0",
                "programme": members(live.api.get(f"/v1/seats/{seat}"))["condition"]["programme"],
            },
            "turn": None,
        }
    ]
    assert (page["as_of_block"], page["next"]) == (head["number"], None)
    assert page["decision"]["via"] == "open_to_all"
    whole = members(live.api.get(f"/v1/listings/{listed['listing']}"))
    assert whole == listed
    assert whole["message"] == prepared["listing"]


def test_the_same_listing_again_changes_nothing(live: Live) -> None:
    seat, _ = market_of_two(live)
    body = signed(prepared_list(live, "ada", seat), "ada")
    first = live.api.post("/v1/listings", json=body)
    live.clock.forward(5)
    again = live.api.post("/v1/listings", json=body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert kept(live) == 1


def test_of_two_signatures_of_a_listing_the_first_stays(live: Live) -> None:
    seat, _ = market_of_two(live)
    body = signed(prepared_list(live, "ada", seat), "ada")
    members(live.api.post("/v1/listings", json=body), 201)
    first = b"\x01" * 65
    with writing(live.parts.store) as connection:
        connection.execute(update(listings).values(signature=first))
    again = members(live.api.post("/v1/listings", json=body))
    assert again["signature"] == f"0x{first.hex()}"


WRONG_SIGNATURES: Final = (
    ("0x", "listing_signature_malformed"),
    ("0x" + "11" * 64, "listing_signature_malformed"),
    ("0x" + "11" * 65, "listing_signature_malformed"),
    ("0x" + "11" * 66, "no_contract"),
    ("0x" + "00" * 64 + "1b", "listing_signature_wrong"),
    ("0x" + "11" * 32 + "7f" + "ff" * 31 + "1b", "listing_signature_malformed"),
)


def test_what_is_not_the_sellers_signature_is_refused(live: Live) -> None:
    seat, _ = market_of_two(live)
    listing = prepared_list(live, "ada", seat)["listing"]
    for signature, cause in WRONG_SIGNATURES:
        refused = handed_over(live, listing | {"signature": signature})
        assert refused == (422, "listing_signature_refused", cause), signature
    assert kept(live) == 0


def test_the_other_spelling_of_a_signature_is_refused(live: Live) -> None:
    seat, _ = market_of_two(live)
    body = signed(prepared_list(live, "ada", seat), "ada")
    refused = handed_over(live, body | {"signature": other_spelling(body["signature"])})
    assert refused == (422, "listing_signature_refused", "listing_signature_malformed")


def test_a_signature_over_anything_else_is_refused(live: Live) -> None:
    seat, _ = market_of_two(live)
    body = signed(prepared_list(live, "ada", seat), "ada")
    wrong = (422, "listing_signature_refused", "listing_signature_wrong")
    for name in ("price", "expiry"):
        assert handed_over(live, body | {name: str(int(body[name]) + 1)}) == wrong, name
    assert handed_over(live, body | {"taker": address_of("bo")}) == wrong
    assert handed_over(live, signed(prepared_list(live, "ada", seat), "bo")) == wrong
    # Of what nobody could buy no signature is looked at.
    for name, cause in (
        ("epoch", "epoch_passed"),
        ("counter", "counter_passed"),
        ("terms_version", "terms_changed"),
        ("seat", "seller_not_owner"),
    ):
        dead = (409, "listing_dead", f"seat_market_{cause}")
        assert handed_over(live, body | {name: str(int(body[name]) + 1)}) == dead, name
    of_another = (409, "listing_dead", "seat_market_seller_not_owner")
    assert handed_over(live, body | {"seller": address_of("bo")}) == of_another
    assert kept(live) == 0


OTHER_FORMS: Final[tuple[dict[str, object], ...]] = (
    {"price": 4},
    {"price": "04"},
    {"price": "-4"},
    {"price": str(2**256)},
    {"seat": None},
    {"seller": "0x12"},
    {"signature": "11"},
    {"signature": "0x1"},
    {"signature": "0x" + "11" * 4_097},
    {"more": "1"},
)


def test_a_body_of_another_form_does_not_fit(live: Live) -> None:
    seat, _ = market_of_two(live)
    body = signed(prepared_list(live, "ada", seat), "ada")
    for changes in OTHER_FORMS:
        assert handed_over(live, body | changes)[:2] == (422, "invalid_request"), changes


def hand_signed(live: Live, seller: str, owned: int, **changes: object) -> Members:
    """A body that a seller signs without asking what may be signed."""
    listing = replace(live.market.listing(SeatId(owned), seller, FACE), **changes)  # type: ignore[arg-type] # tests name fields
    return signed_body(listing, live.market.sign(listing, seller))


DEAD: Final[tuple[tuple[dict[str, object], str], ...]] = (
    ({"epoch": 1}, "seat_market_epoch_passed"),
    ({"epoch": 2**255}, "seat_market_epoch_passed"),
    ({"counter": 1}, "seat_market_counter_passed"),
    ({"terms_version": 1}, "seat_market_terms_changed"),
    ({"expiry": 5}, "seat_market_listing_expired"),
    ({"expiry": 2**256 - 1}, "seat_market_expiry_too_far"),
    ({"price": 0}, "seat_market_price_out_of_bounds"),
    ({"price": 2**256 - 1}, "seat_market_price_out_of_bounds"),
    ({"seat": 1_000_077}, "seat_token_unknown"),
    ({"seat": 1_900_001}, "seat_token_unknown"),
    ({"seat": 77_000_001}, "seat_token_unknown"),
    ({"seat": 2**256 - 1}, "seat_token_unknown"),
    ({"seat": 0}, "seat_token_unknown"),
)


def test_a_listing_that_nobody_could_buy_is_not_kept(live: Live) -> None:
    seat, _ = market_of_two(live)
    for changes, cause in DEAD:
        body = hand_signed(live, "ada", seat, **changes)
        assert handed_over(live, body) == (409, "listing_dead", cause), changes
    assert kept(live) == 0


def test_a_listing_of_somebody_elses_seat_is_not_kept(live: Live) -> None:
    seat, _ = market_of_two(live)
    body = hand_signed(live, "bo", seat)
    assert handed_over(live, body) == (409, "listing_dead", "seat_market_seller_not_owner")


def test_a_seat_sold_elsewhere_takes_its_listings_out_of_the_book(live: Live) -> None:
    seat, other = market_of_two(live)
    mine, theirs = list_seat(live, "ada", seat), list_seat(live, "bo", other)
    live.resell(seat, "ada", "cleo")
    live.mirror()
    assert ids(book(live, SESSION)) == [theirs["listing"]]
    gone = live.api.get(f"/v1/listings/{mine['listing']}")
    assert refusal(gone) == (409, "listing_dead", "seat_market_seller_not_owner")
    assert kept(live) == 2


def test_a_bumped_counter_empties_the_sellers_book(live: Live) -> None:
    seat, other = market_of_two(live)
    list_seat(live, "ada", seat)
    theirs = list_seat(live, "bo", other)
    live.market.send("ada", live.market.contract.bump_counter())
    live.mirror()
    assert ids(book(live, SESSION)) == [theirs["listing"]]


def test_a_listing_is_gone_the_second_after_its_end(live: Live) -> None:
    seat, _ = market_of_two(live)
    listed = list_seat(live, "ada", seat, expires_in_s=60)
    end = live.market.now + 60
    live.market.steering.travel(end)
    live.mirror()
    assert ids(book(live, SESSION)) == [listed["listing"]]
    live.market.steering.travel(end + 1)
    live.mirror()
    assert ids(book(live, SESSION)) == []


def test_a_drop_that_is_over_in_the_mirror_shows_nothing_for_sale(live: Live) -> None:
    """Refunds are what is left: the gate says so before any listing is read."""
    seat, _ = market_of_two(live)
    list_seat(live, "ada", seat)
    live.market.steering.travel(live.files[SESSION].drop.terms.deliver_by + 1)
    live.mirror()
    assert live.market.contract.terms_of(SESSION).terms.state is DropState.LIVE
    assert ids(book(live, SESSION)) == []


def test_a_reorganisation_that_gives_a_seat_back_brings_its_listing_back(live: Live) -> None:
    seat, _ = market_of_two(live)
    listed = list_seat(live, "ada", seat)
    live.resell(seat, "ada", "cleo")
    live.mirror()
    assert ids(book(live, SESSION)) == []
    steering = live.market.steering
    assert isinstance(steering, NodeSteering)
    steering.ask("devnet_reorg", 1, [])
    steering.ask("evm_mine")
    live.mirror()
    assert live.market.contract.owner_of(seat) == address_of("ada")
    assert ids(book(live, SESSION)) == [listed["listing"]]
    send(live, "bo", members(ask_to_buy(live, "bo", listed["listing"])))


def test_a_seller_keeps_so_many_listings_of_a_seat_the_newest(live: Live) -> None:
    seat, other = market_of_two(live)
    theirs = list_seat(live, "bo", other)
    oldest = list_seat(live, "ada", seat, FACE + 100)
    for number in range(MAX_PER_SEAT):
        live.clock.forward(0.001)
        list_seat(live, "ada", seat, FACE + number + 1)
    assert kept(live) == MAX_PER_SEAT + 1
    shown = ids(book(live, SESSION))
    assert theirs["listing"] in shown
    assert oldest["listing"] not in shown
    assert len(shown) == MAX_PER_SEAT + 1


def test_what_owners_before_have_listed_goes_once_no_reorganisation_revives_it(live: Live) -> None:
    seat, other = market_of_two(live)
    theirs = list_seat(live, "bo", other)
    for seller, buyer in (("ada", "cleo"), ("cleo", "dan"), ("dan", "bo")):
        for more in (1, 2):
            list_seat(live, seller, seat, FACE + more)
        live.resell(seat, seller, buyer)
        live.mirror()
    # The newest sales may still be taken back.
    list_seat(live, "bo", seat)
    assert kept(live) == 1 + 3 * 2 + 1
    settle(live, BEHIND["finalized"])
    newest = list_seat(live, "bo", seat, FACE + 1)
    assert kept(live) == 1 + 2
    assert {theirs["listing"], newest["listing"]} <= {*ids(book(live, SESSION))}


def test_what_has_expired_for_good_is_cleared_away(live: Live) -> None:
    seat, other = market_of_two(live)
    list_seat(live, "ada", seat, expires_in_s=60)
    live.market.steering.travel(live.market.now + DAY + 60)
    live.mirror()
    list_seat(live, "bo", other)
    assert kept(live) == 2
    live.market.steering.travel(live.market.now + 1)
    live.mirror()
    list_seat(live, "bo", other)
    assert kept(live) == 2


def test_a_mirror_that_lags_answers_nothing_about_listings(live: Live) -> None:
    seat, _ = market_of_two(live)
    listed = list_seat(live, "ada", seat)
    body = signed(prepared_list(live, "ada", seat, FACE + 1), "ada")
    live.clock.ahead += timedelta(seconds=live.parts.settings.allowed_lag_s + 5)
    behind = (503, "mirror_behind", None)
    assert handed_over(live, body) == behind
    assert refusal(live.api.get("/v1/drops/1/listings")) == behind
    assert refusal(live.api.get(f"/v1/listings/{listed['listing']}")) == behind
    assert refusal(ask_to_buy(live, "bo", listed["listing"])) == behind


def test_a_seller_who_is_ahead_of_the_mirror_gets_no_false_no(live: Live) -> None:
    live.publish()
    live.mirror()
    seat = live.mint(SESSION, "ada")
    prepared = prepared_list(live, "ada", seat)
    body, block = signed(prepared, "ada"), prepared["as_of_block"]
    ahead = live.api.post("/v1/listings", json=body, params={"min_block": block})
    assert refusal(ahead) == (503, "mirror_behind", None)
    assert ahead.headers["retry-after"]
    live.mirror()
    members(live.api.post("/v1/listings", json=body, params={"min_block": block}), 201)


def test_bodies_must_be_said_to_be_json(live: Live) -> None:
    for path in ("tx/mint", "tx/list", "tx/buy", "tx/cancel-listings", "listings"):
        answer = live.api.post(f"/v1/{path}", content=b"{}")
        assert refusal(answer)[:2] == (415, "unsupported_media_type"), path
        answer = live.api.post(f"/v1/{path}", json={})
        assert refusal(answer)[:2] == (422, "invalid_request"), path


def test_a_drop_that_is_not_there_has_no_book_unless_it_may_be_coming(live: Live) -> None:
    live.publish()
    live.mirror()
    for number in (77, 0, 2**64 - 1):
        answer = live.api.get(f"/v1/drops/{number}/listings")
        assert refusal(answer) == (404, "not_found", None)
    coming = live.api.get("/v1/drops/77/listings", params={"min_block": 10**6})
    assert refusal(coming) == (503, "mirror_behind", None)
