"""Drops with terms of the second form: in coins, behind gates, with seats that move freely."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from marketplace.allowlist.phases import PhaseAllowlist
from marketplace.domain.admission import Pass
from marketplace.domain.ids import PhaseIndex, SeatId
from marketplace.orders.passes import sign_pass
from tests.integration.api.live import SESSION
from tests.integration.api.offering import ask_to_offer, offers, signed_offer
from tests.integration.api.preparing import approve, ask
from tests.integration.api.trading import (
    ask_to_buy,
    ask_to_list,
    book,
    ids,
    list_seat,
    members,
    refusal,
    send,
)
from tests.integration.api.wider import (
    COINS,
    FILE,
    PRICE,
    RICH,
    in_coins,
    launched,
    launched_text,
    may_enter,
    minted,
    published,
)
from tests.integration.api.world import code_of
from tests.integration.marketplace.world import DAY, address_of, signer

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

    from tests.integration.api.live import Live
    from tests.integration.api.trading import Members

GATES = """
[[phases]]
name = "Friends"
tier = "Access"
gate = { allowlist = "friends.csv" }
price = "0.5"
opens = "launch"
closes = "start"

[[phases]]
name = "Guests"
tier = "Access"
gate = { passes_of = "%s" }
price = "0.5"
opens = "launch"
closes = "start"

[[phases]]
name = "Those who came before"
tier = "Access"
gate = { seats_of = 1 }
price = "0.5"
opens = "launch"
closes = "start"

[refund]"""


def reason(decision: Members) -> tuple[bool, str]:
    return decision["allow"], decision["reason"]


def paying(live: Live, name: str, answer: httpx.Response) -> None:
    """Allow what a problem says is owed."""
    assert refusal(answer) == (409, "allowance_missing", None)
    approve(live, name, answer.json())


def test_a_drop_in_coins_is_shown_entered_and_traded_in_coins(live: Live, tmp_path: Path) -> None:
    drop, coin = in_coins(live, tmp_path)
    market = live.market.contract.address
    before = members(live.api.get(f"/v1/drops/{drop}"))
    assert (before["product"], before["decimals"]) == (None, None)
    shown = published(live, drop)
    assert (shown["currency"], shown["decimals"]) == (coin.address, 18)
    assert (shown["product"]["title"], len(shown["sessions"])) == ("One evening", 1)
    (listed,) = (one for one in members(live.api.get("/v1/drops"))["drops"] if one["drop"] == drop)
    assert (listed["lowest_price_wei"], listed["currency"]) == (str(PRICE), coin.address)

    seat = minted(live, "bo", drop)
    assert reason(may_enter(live, "bo", drop)) == (False, "not_open_yet")
    assert reason(may_enter(live, "cleo", drop)) == (False, "no_seat")

    offer = list_seat(live, "bo", seat, 30 * COINS)["listing"]
    assert ids(book(live, drop)) == [offer]
    paying(live, "cleo", ask_to_buy(live, "cleo", offer))
    bought = members(ask_to_buy(live, "cleo", offer))
    assert bought["pays"] == [{"amount": str(30 * COINS), "currency": coin.address}]
    assert bought["value_wei"] == "0"
    (warned,) = bought["warnings"]
    assert f"{28 * COINS} units of {coin.address}" in warned["sentence"]
    assert "ETH" not in warned["sentence"]
    send(live, "cleo", bought)
    live.mirror()
    assert reason(may_enter(live, "bo", drop)) == (False, "no_seat")
    assert reason(may_enter(live, "cleo", drop)) == (False, "not_open_yet")
    assert coin.balance_of(address_of("cleo")) == RICH - 30 * COINS
    assert coin.balance_of(address_of("bo")) == RICH - PRICE + 27 * COINS

    paying(live, "dan", ask_to_offer(live, "dan", 40 * COINS, seat=str(seat)))
    made = members(ask_to_offer(live, "dan", 40 * COINS, seat=str(seat)))
    assert made["currency"] == coin.address
    kept = members(live.api.post("/v1/offers", json=signed_offer(made, "dan")), 201)
    assert offers(live, drop)["offers"][0]["seller_net_wei"] == str(36 * COINS)
    accepted = ask(live, "cleo", "accept-offer", offer=kept["offer"], seat=str(seat))
    send(live, "cleo", members(accepted))
    live.mirror()
    assert live.market.contract.owner_of(SeatId(seat)) == address_of("dan")
    assert coin.balance_of(address_of("dan")) == RICH - 40 * COINS
    assert coin.balance_of(market) == PRICE + 3 * COINS + 4 * COINS


def test_a_basket_of_a_drop_in_coins_owes_their_sum(live: Live, tmp_path: Path) -> None:
    drop, coin = in_coins(live, tmp_path)
    published(live, drop)
    seats = [minted(live, "bo", drop), minted(live, "bo", drop, 2)]
    sold = [list_seat(live, "bo", seat, PRICE)["listing"] for seat in seats]
    body = {"account": address_of("cleo"), "listings": sold}
    paying(live, "cleo", live.api.post("/v1/tx/buy-many", json=body))
    basket = members(live.api.post("/v1/tx/buy-many", json=body))
    assert {one["currency"] for one in basket["pays"]} == {coin.address}
    assert sum(int(one["amount"]) for one in basket["pays"]) == 2 * PRICE
    send(live, "cleo", basket)
    assert live.market.contract.balance_of(address_of("cleo")) == 2


def test_decimals_that_are_not_the_currencys_are_refused(live: Live, tmp_path: Path) -> None:
    drop, coin = in_coins(live, tmp_path)
    market = live.market
    said = live.files[drop]
    text = FILE.replace('"ETH"', f'{{ address = "{coin.address}", decimals = 6 }}')
    # The very units of the chain, with a point at another place.
    lying = launched_text(live, tmp_path, text.replace('"25"', '"25000000000000"'))
    assert live.files[lying].drop.tiers == said.drop.tiers
    document = live.files[lying].document
    refused = live.client("mentor").put(f"/v1/drops/{lying}/terms", json={"document": document})
    assert (refused.status_code, code_of(refused)) == (409, "terms_contradict")
    assert refused.json()["field"] == "terms.currency.decimals"
    assert market.contract.terms_of(lying).terms.currency == coin.address


def test_without_a_node_nobody_vouches_for_decimals(live: Live, tmp_path: Path) -> None:
    drop, _ = in_coins(live, tmp_path)
    document = live.files[drop].document
    client = live.client("mentor")
    away = replace(live, parts=live.parts_without_node(), _clients={})
    refused = away.client("mentor").put(f"/v1/drops/{drop}/terms", json={"document": document})
    assert (refused.status_code, code_of(refused)) == (503, "chain_unavailable")
    assert client.put(f"/v1/drops/{drop}/terms", json={"document": document}).status_code == 200
    # Once they are kept, nobody needs the node to read them.
    assert away.api.get(f"/v1/drops/{drop}/terms").status_code == 200


def test_a_wait_list_of_a_drop_in_coins_gives_turns(live: Live, tmp_path: Path) -> None:
    drop, _ = in_coins(
        live, tmp_path, gift_cooldown='"0 seconds"\naudience = "wait_list"\nturn = "1 hour"'
    )
    assert published(live, drop)["turn_s"] == 3_600
    place = f"/v1/drops/{drop}/wait-lists/0/place"
    assert live.client("cleo").put(place).status_code == 200
    seat = minted(live, "bo", drop)
    offer = list_seat(live, "bo", seat, PRICE)["listing"]
    assert refusal(live.client("dan").get(f"/v1/listings/{offer}"))[1] == "turn_of_another"
    assert live.client("cleo").get(f"/v1/listings/{offer}").status_code == 200


def test_each_gate_leads_to_the_door_and_to_the_book(live: Live, tmp_path: Path) -> None:
    opening = live.mint(SESSION, "dan")
    opens = live.market.contract.terms_of(SESSION).terms.refund_until
    live.market.steering.travel(opens + DAY)
    (tmp_path / "friends.csv").write_text(f"{address_of('bo')}\n{address_of('ada')}\n", "utf-8")
    text = FILE.replace('price = "25"', 'price = "0.5"')
    head, _, rest = text.partition("[[phases]]")
    text = head + GATES.lstrip() % address_of("guardian") + rest.partition("[refund]")[2]
    drop = launched_text(live, tmp_path, text)
    shown = published(live, drop)
    assert [one["gate"] for one in shown["phases"]] == ["allowlist", "pass", "seat"]
    assert [one["opening_drop"] for one in shown["phases"]] == [None, None, 1]
    assert [one["name"] for one in shown["phases"]][2] == "Those who came before"
    assert shown["decimals"] == 18

    friends = [address_of("bo"), address_of("ada")]
    sent = live.client("mentor").put(
        f"/v1/drops/{drop}/phases/0/allowlist", json={"accounts": friends}
    )
    assert sent.status_code == 200, sent.text
    found = members(
        live.api.get(f"/v1/drops/{drop}/phases/0/eligibility", params={"account": address_of("bo")})
    )
    assert found["proof"] == [
        f"0x{PhaseAllowlist(PhaseIndex(0), friends).authorisation(address_of('bo')).hex()}"
    ]
    leave = Pass(
        drop=drop,
        phase=PhaseIndex(1),
        account=address_of("cleo"),
        quantity=1,
        nonce=7,
        expiry=live.market.now + 1_000,
    )
    market = live.market
    signature = sign_pass(signer("guardian"), leave, market.chain_id, market.contract.address)
    shown_pass = {
        "quantity": "1",
        "nonce": "7",
        "expiry": str(leave.expiry),
        "signature": f"0x{signature.hex()}",
    }
    held = {
        "bo": minted(live, "bo", drop, 1, phase=0, proof=found["proof"]),
        "cleo": minted(live, "cleo", drop, 2, phase=1, **{"pass": shown_pass}),
        "dan": minted(live, "dan", drop, 3, phase=2, opening_seat=str(opening)),
    }
    sold = []
    for name, seat in held.items():
        assert reason(may_enter(live, name, drop)) == (False, "not_open_yet")
        sold.append(list_seat(live, name, seat, 5 * 10**17)["listing"])
    assert reason(may_enter(live, "eve", drop)) == (False, "no_seat")
    assert sorted(ids(book(live, drop))) == sorted(sold)
    send(live, "eve", members(ask_to_buy(live, "eve", sold[0])))
    live.mirror()
    assert reason(may_enter(live, "eve", drop)) == (False, "not_open_yet")


def test_an_open_seat_that_is_sold_elsewhere_opens_to_its_new_owner(
    live: Live, tmp_path: Path
) -> None:
    text = FILE.replace('price = "25"', 'price = "0.5"').replace(
        'highest_fee = "5%"', 'highest_fee = "5%"\nseats_move = "as any token"'
    )
    drop = launched_text(live, tmp_path, text)
    assert published(live, drop)["policy"] == "open"
    seat = SeatId(minted(live, "bo", drop))
    offer = list_seat(live, "bo", seat, 6 * 10**17)["listing"]
    contract = live.market.contract
    start = contract.terms_of(drop).terms.starts_at
    live.market.steering.travel(start)
    live.mirror()
    assert reason(may_enter(live, "bo", drop)) == (True, "admitted")
    room = f"/v1/drops/{drop}/sessions/1"
    assert live.api.get(room).json()["title"] == "The evening"
    assert live.client("bo").post(f"{room}/join").status_code == 201
    # Another market: the owner lets it move the seat, and it does.
    live.market.send("bo", contract.set_approval_for_all(address_of("dan"), approved=True))
    moved = contract.transfer_from(seat, address_of("bo"), address_of("cleo"))
    live.market.send("dan", moved)
    live.mirror()
    assert reason(may_enter(live, "bo", drop)) == (False, "no_seat")
    assert reason(may_enter(live, "cleo", drop)) == (True, "admitted")
    assert code_of(live.client("bo").post(f"{room}/join")) == "access_denied"
    assert live.client("cleo").post(f"{room}/join").status_code == 201
    assert refusal(live.api.get(f"/v1/listings/{offer}"))[:2] == (409, "listing_dead")
    assert ids(book(live, drop)) == []


@pytest.mark.parametrize("text", ["in coins", "open"])
def test_until_they_are_published_nothing_is_listed(live: Live, tmp_path: Path, text: str) -> None:
    if text == "in coins":
        drop, _ = in_coins(live, tmp_path)
    else:
        drop = launched(live, tmp_path, highest_fee='"5%"\nseats_move = "as any token"')
    seat = minted(live, "bo", drop)
    assert refusal(ask_to_list(live, "bo", seat, PRICE))[:2] == (404, "terms_unpublished")
    published(live, drop)
    assert ask_to_list(live, "bo", seat, PRICE).status_code == 200
