"""What a seat still contains, wherever it is shown: as `refundOf` says it at the very block."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from marketplace.domain.admission import CheckIn
from marketplace.domain.drop import DropState
from marketplace.domain.money import Wei
from marketplace.orders.check_ins import sign_check_in
from tests.integration.api.live import COHORT, SESSION
from tests.integration.api.offering import fund, prepared_offer
from tests.integration.api.preparing import ask
from tests.integration.api.trading import (
    FACE,
    Members,
    ask_to_buy,
    list_seat,
    market_of_two,
    members,
)
from tests.integration.marketplace.world import DAY, address_of, signer

if TYPE_CHECKING:
    from marketplace.domain.ids import SeatId
    from tests.integration.api.live import Live

PRICE: Final = Wei(5 * 10**16)
"""What the seats of these tests are resold for; a tenth of it waits with them."""


def shown(live: Live, seat: SeatId, owner: str | None = None) -> Members:
    """A seat's condition, which every address must show alike; mirrored first."""
    live.mirror()
    found = members(live.api.get(f"/v1/seats/{seat}"))
    condition: Members = found["condition"]
    page = members(live.api.get(f"/v1/drops/{seat.drop}/seats"))
    assert [one["condition"] for one in page["seats"] if one["seat"] == str(seat)] == [condition]
    if owner is not None:
        page = members(live.client(owner).get("/v1/me/seats"))
        assert [one["condition"] for one in page["seats"]] == [condition]
    require_as_the_contract_says(live, seat, found)
    return condition


def require_as_the_contract_says(live: Live, seat: SeatId, found: Members) -> None:
    condition, block = found["condition"], found["as_of_block"]
    told = live.market.contract.refund_of(seat, block)
    assert (condition["refund_wei"], condition["claimable_wei"], condition["on_failure_wei"]) == (
        str(told.refund),
        str(told.claimable),
        str(told.on_failure),
    )
    assert condition["refund_until"] == written(told.refund_until)
    assert condition["held_wei"] == str(live.market.contract.held_of(seat, block))
    if found["owner"] is not None:
        view = live.market.contract.seat_of(seat, block)
        assert (condition["face_wei"], condition["checked_in"]) == (str(view.face), view.checked_in)


def written(second: int) -> str:
    """A moment as the API writes it."""
    return f"{datetime.fromtimestamp(second, UTC):%Y-%m-%dT%H:%M:%S}.000Z"


def pass_by(live: Live, seconds: int = 60) -> None:
    live.market.steering.travel(live.market.now + seconds)


def test_a_refund_is_shown_as_the_contract_would_pay_it_until_the_window_ends(live: Live) -> None:
    seat = live.mint(SESSION, "ada")
    live.resell(seat, "ada", "bo", PRICE)
    just_moved = shown(live, seat, "bo")
    pass_by(live)
    inside = shown(live, seat, "bo")
    last = live.market.contract.refund_of(seat).refund_until
    live.market.steering.travel(last)
    at_its_end = shown(live, seat)
    live.market.steering.travel(last + 1)
    over = shown(live, seat)

    # In the very second of a move nothing is given back.
    assert [one["refund_wei"] for one in (just_moved, inside, at_its_end, over)] == [
        "0",
        str(FACE),
        str(FACE),
        "0",
    ]
    assert inside == {
        "checked_in": False,
        "face_wei": str(FACE),
        "held_wei": str(PRICE // 10),
        "refund_wei": str(FACE),
        "refund_until": written(last),
        "on_failure_wei": str(FACE + PRICE // 10),
        "claimable_wei": "0",
        # Nobody has published the drop's terms.
        "programme": None,
    }


def test_a_seat_that_was_checked_in_is_not_given_back_any_more(live: Live) -> None:
    seat = live.mint(COHORT, "ada")
    contract = live.market.contract
    terms = contract.terms_of(COHORT).terms
    live.market.steering.travel(terms.starts_at)
    assert terms.starts_at < terms.refund_until
    before = shown(live, seat, "ada")
    came = CheckIn(seat=seat, epoch=0, expiry=live.market.now + DAY)
    signature = sign_check_in(signer("verifier"), came, live.market.chain_id, contract.address)
    live.market.send("ada", contract.check_in(seat, came.expiry, b"", signature))
    after = shown(live, seat, "ada")

    assert (before["checked_in"], after["checked_in"]) == (False, True)
    assert int(before["refund_wei"]) > 0
    assert after["refund_wei"] == "0"
    assert after["on_failure_wei"] == after["face_wei"]


def test_what_a_cancelled_drop_owes_is_claimable_once(live: Live) -> None:
    seat = live.mint(SESSION, "ada")
    live.resell(seat, "ada", "bo", PRICE)
    live.market.send("mentor", live.market.contract.cancel_drop(SESSION))
    owed = shown(live, seat, "bo")
    live.market.send("bo", live.market.contract.claim(seat))
    paid = shown(live, seat, "bo")

    assert (owed["claimable_wei"], paid["claimable_wei"]) == (str(FACE + PRICE // 10), "0")


def test_a_burned_seat_says_what_a_failure_would_give_back(live: Live) -> None:
    seat = live.mint(SESSION, "ada")
    live.resell(seat, "ada", "bo", PRICE)
    pass_by(live)
    live.market.send("bo", live.market.contract.refund(seat))
    given_back = shown(live, seat)
    live.market.send("mentor", live.market.contract.cancel_drop(SESSION))

    assert (given_back["refund_wei"], given_back["claimable_wei"]) == ("0", "0")
    assert shown(live, seat)["claimable_wei"] == str(PRICE // 10)


def test_own_seats_of_several_drops_each_have_their_drops_window(live: Live) -> None:
    first, second = live.mint(SESSION, "ada"), live.mint(COHORT, "ada")
    pass_by(live)
    live.mirror()
    page = members(live.client("ada").get("/v1/me/seats"))
    windows = [one["condition"]["refund_until"] for one in page["seats"]]
    contract = live.market.contract
    assert windows == [written(contract.refund_of(one).refund_until) for one in (first, second)]
    assert len(set(windows)) == 2


def test_a_seat_is_worth_what_it_was_at_a_level(live: Live) -> None:
    seat = live.mint(SESSION, "ada")
    pass_by(live)
    pass_by(live)
    live.market.send("mentor", live.market.contract.cancel_drop(SESSION))
    live.mirror()
    latest = members(live.api.get(f"/v1/seats/{seat}"))
    safe = members(live.api.get(f"/v1/seats/{seat}", params={"level": "safe"}))
    for one in (latest, safe):
        require_as_the_contract_says(live, seat, one)
    assert (latest["condition"]["refund_wei"], safe["condition"]["refund_wei"]) == ("0", str(FACE))
    assert live.market.contract.terms_of(SESSION).terms.state is DropState.CANCELLED


def test_a_buyer_is_shown_what_a_seat_contains_where_they_sign(live: Live) -> None:
    seat, _ = market_of_two(live)
    listing = list_seat(live, "ada", seat, PRICE)["listing"]
    fund(live, "dan")
    last = live.market.contract.refund_of(seat).refund_until
    inside = signed_for(live, seat, listing)
    live.market.steering.travel(last - 60)
    live.mirror()
    listing = list_seat(live, "ada", seat, PRICE)["listing"]
    live.market.steering.travel(last + 1)
    live.mirror()
    over = signed_for(live, seat, listing)

    for told in inside:
        assert told.pop("programme")["to_come"] == 1
        assert told == {
            "checked_in": False,
            "face_wei": str(FACE),
            "held_wei": "0",
            "refund_wei": str(FACE),
            "refund_until": written(last),
            "on_failure_wei": str(FACE),
            "claimable_wei": "0",
        }
    assert [one["refund_wei"] for one in over] == ["0", "0", "0"]


def signed_for(live: Live, seat: SeatId, listing: str) -> list[Members]:
    """The seat's condition in each answer by which somebody comes to pay for it."""
    bought = members(ask_to_buy(live, "cleo", listing))
    (of_basket,) = members(ask(live, "cleo", "buy-many", listings=[listing]))["bought"]
    order = {"account": address_of("dan"), "price_wei": str(FACE), "expires_in_s": 3_600}
    offered = members(live.api.post("/v1/tx/offer", json=order | {"seat": str(seat)}))
    return [one["condition"] for one in (bought, of_basket, offered)]


def test_an_offer_for_any_seat_of_a_tier_has_no_condition(live: Live) -> None:
    market_of_two(live)
    fund(live, "dan")
    live.mirror()
    prepared = prepared_offer(live, "dan", drop=int(SESSION), tier=0)
    assert prepared["condition"] is None
