"""Offers of those whom a drop's resales are not for: accepting one would sell them the seat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.gate.asking import Gate
from api.market.restriction import COURTESY
from tests.integration.api.live import COHORT, SESSION
from tests.integration.api.offering import fund, offer_for, offer_ids, prepared_offer, signed_offer
from tests.integration.api.trading import members, refusal, send
from tests.integration.marketplace.world import address_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx
    import pytest

    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import SeatId
    from tests.integration.api.live import Live
    from tests.integration.api.trading import Members

COHORT_FACE = 16 * 10**16


def cohort_seat(live: Live) -> tuple[SeatId, SeatId]:
    """Ada's seat of the cohort; and bo's of the session, by which bo may buy it."""
    live.publish()
    wanted, opening = live.mint(COHORT, "ada"), live.mint(SESSION, "bo")
    live.mirror()
    return wanted, opening


def leave(live: Live, opening: SeatId, buyer: str = "dan") -> None:
    """Sell the seat that has let bo in."""
    live.resell(opening, "bo", buyer)
    live.mirror()


def accepted(live: Live, offer: str, **order: object) -> httpx.Response:
    """Ask, as ada, for the acceptance of an offer."""
    query = {"min_block": str(order.pop("min_block"))} if "min_block" in order else {}
    body = {"account": address_of("ada"), "offer": offer} | order
    return live.client("ada").post("/v1/tx/accept-offer", json=body, params=query)


def page(live: Live, name: str = "ada", **query: str | int) -> Members:
    return members(live.client(name).get(f"/v1/drops/{COHORT}/offers", params=query))


def test_an_offer_of_somebody_outside_the_audience_is_not_accepted(live: Live) -> None:
    wanted, opening = cohort_seat(live)
    made = offer_for(live, "bo", COHORT_FACE, seat=str(wanted))
    in_time = members(accepted(live, made["offer"]))
    leave(live, opening)

    refused = accepted(live, made["offer"])
    assert refusal(refused) == (403, "bidder_denied", None)
    told = refused.json()
    # What bo would be told who came to buy.
    as_buyer = live.client("bo").get(f"/v1/drops/{COHORT}/listings").json()
    assert told["decision"] == as_buyer["decision"]
    assert (told["decision"]["reason"], told["buyer"]) == ("no_seat", address_of("bo"))
    assert COURTESY in told["detail"]
    assert address_of("bo") in told["detail"]
    # A courtesy it is: the contract takes what was prepared, or built, without us.
    send(live, "ada", in_time)
    assert live.market.contract.owner_of(wanted) == address_of("bo")


def test_an_offer_of_somebody_outside_the_audience_is_not_shown_to_anybody(live: Live) -> None:
    wanted, opening = cohort_seat(live)
    tier = wanted.tier
    ids = [
        offer_for(live, "bo", COHORT_FACE, seat=str(wanted))["offer"],
        offer_for(live, "bo", COHORT_FACE - 1, drop=COHORT, tier=tier)["offer"],
    ]
    assert offer_ids(page(live)) == ids
    leave(live, opening)
    for name in ("ada", "mentor", "dan"):
        assert offer_ids(page(live, name)) == []
        assert offer_ids(page(live, name, seat=int(wanted))) == []
        for one in ids:
            answer = live.client(name).get(f"/v1/offers/{one}")
            assert refusal(answer) == (403, "bidder_denied", None)
            assert "signature" not in answer.json()
    assert refusal(accepted(live, ids[1], seat=str(wanted)))[:2] == (403, "bidder_denied")


def test_who_belongs_to_the_audience_again_is_taken_at_their_offer_again(live: Live) -> None:
    wanted, opening = cohort_seat(live)
    made = offer_for(live, "bo", COHORT_FACE, seat=str(wanted))
    leave(live, opening)
    assert offer_ids(page(live)) == []
    live.reorganise(1, 2)
    live.mirror()
    assert offer_ids(page(live)) == [made["offer"]]
    assert members(live.client("ada").get(f"/v1/offers/{made['offer']}")) == made | {
        name: page(live)[name] for name in ("as_of_block", "block_hash")
    }
    send(live, "ada", members(accepted(live, made["offer"])))
    assert live.market.contract.owner_of(wanted) == address_of("bo")


def test_a_bidder_ahead_of_our_copy_gets_no_false_no(live: Live) -> None:
    wanted, opening = cohort_seat(live)
    made = offer_for(live, "bo", COHORT_FACE, seat=str(wanted))
    leave(live, opening)
    live.mint(SESSION, "bo")
    head = live.market.web3.eth.block_number
    behind = (
        accepted(live, made["offer"], min_block=head),
        live.client("ada").get(f"/v1/offers/{made['offer']}", params={"min_block": head}),
        live.client("ada").get(f"/v1/drops/{COHORT}/offers", params={"min_block": head}),
    )
    for answer in behind:
        assert refusal(answer) == (503, "mirror_behind", None)
    live.mirror()
    assert accepted(live, made["offer"], min_block=head).status_code == 200


def test_pages_go_on_behind_offers_that_are_not_for_the_audience(live: Live) -> None:
    wanted, opening = cohort_seat(live)
    live.mint(SESSION, "cleo")
    live.mirror()
    by_bo = offer_for(live, "bo", COHORT_FACE, seat=str(wanted))["offer"]
    by_cleo = offer_for(live, "cleo", COHORT_FACE - 2, seat=str(wanted))["offer"]
    last = offer_for(live, "bo", COHORT_FACE - 3, seat=str(wanted))["offer"]
    assert offer_ids(page(live)) == [by_bo, by_cleo, last]
    leave(live, opening)
    first = page(live, limit=1)
    assert offer_ids(first) == [by_cleo]
    assert offer_ids(page(live, limit=1, after=first["next"])) == []


def test_who_may_not_buy_may_not_offer_and_not_hand_an_offer_over(live: Live) -> None:
    wanted, opening = cohort_seat(live)
    fund(live, "bo", COHORT_FACE)
    live.mirror()
    prepared = prepared_offer(live, "bo", COHORT_FACE, seat=str(wanted))
    leave(live, opening)
    order = {"account": address_of("bo"), "price_wei": str(COHORT_FACE), "expires_in_s": 3_600}
    asked = live.client("bo").post("/v1/tx/offer", json=order | {"seat": str(wanted)})
    sent = live.api.post("/v1/offers", json=signed_offer(prepared, "bo"))
    for answer in (asked, sent):
        assert refusal(answer) == (403, "access_denied", None)
        assert answer.json()["decision"]["reason"] == "no_seat"


def test_of_resales_for_everybody_every_bidder_is_taken(live: Live) -> None:
    live.publish()
    seat = live.mint(SESSION, "ada")
    live.mirror()
    made = offer_for(live, "cleo", live.price(SESSION, 0), seat=str(seat))
    shown = members(live.api.get(f"/v1/drops/{SESSION}/offers"))
    assert offer_ids(shown) == [made["offer"]]
    assert accepted(live, made["offer"]).status_code == 200


def test_the_mentors_own_offer_is_taken_without_a_seat(live: Live) -> None:
    wanted, _ = cohort_seat(live)
    made = offer_for(live, "mentor", COHORT_FACE, seat=str(wanted))
    assert offer_ids(page(live)) == [made["offer"]]
    assert accepted(live, made["offer"]).status_code == 200


def test_nobody_is_asked_about_whose_offers_are_dead_or_behind_the_page(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted, _ = cohort_seat(live)
    for name in ("cleo", "dan"):
        live.mint(SESSION, name)
    live.mirror()
    offer_for(live, "bo", COHORT_FACE, seat=str(wanted))
    by_cleo = offer_for(live, "cleo", COHORT_FACE - 1, seat=str(wanted))["offer"]
    by_dan = offer_for(live, "dan", COHORT_FACE - 2, seat=str(wanted))["offer"]
    live.market.send("bo", live.market.contract.bump_counter())
    live.mirror()
    asked: list[set[str]] = []
    ask = Gate.ask_of_each

    def noted(gate: Gate, accounts: Mapping[ChecksumAddress, int], *rest: Any, **named: Any) -> Any:  # noqa: ANN401 - as the gate has it
        asked.append(set(accounts))
        return ask(gate, accounts, *rest, **named)

    monkeypatch.setattr(Gate, "ask_of_each", noted)

    assert offer_ids(page(live, limit=1)) == [by_cleo]
    assert asked == [{address_of("cleo")}]
    asked.clear()
    assert offer_ids(page(live)) == [by_cleo, by_dan]
    assert asked == [{address_of("cleo"), address_of("dan")}]
