"""Transactions prepared for a wallet, each signed and sent as it came."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from eth_account import Account

from marketplace.domain.drop import DropState
from tests.integration.api.live import COHORT, SESSION
from tests.integration.api.trading import (
    FACE,
    Members,
    ask_to_buy,
    ask_to_list,
    list_seat,
    market_of_two,
    members,
    prepared_list,
    refusal,
    send,
    signed,
    store_listing,
)
from tests.integration.marketplace.steering import NodeSteering
from tests.integration.marketplace.storage import change_rules
from tests.integration.marketplace.world import DAY, address_of

if TYPE_CHECKING:
    import httpx

    from tests.integration.api.live import Live
    from tests.integration.api.trading import Value

POOR = Account.create().address


def ask_to_mint(live: Live, name: str, **changes: object) -> httpx.Response:
    body = {"account": address_of(name), "drop": int(SESSION), "phase": 0}
    return live.api.post("/v1/tx/mint", json=body | changes)


def require_dated(live: Live, prepared: Members) -> None:
    head = live.market.web3.eth.get_block("latest")
    assert prepared["as_of_block"] == head["number"]
    assert prepared["block_hash"] == f"0x{head['hash'].hex()}"


def test_a_mint_is_prepared_at_the_phases_price_and_does_what_it_says(live: Live) -> None:
    prepared = members(ask_to_mint(live, "ada", quantity=2))

    require_dated(live, prepared)
    assert prepared["chain_id"] == 31337
    assert prepared["to"] == live.market.contract.address
    assert prepared["value_wei"] == prepared["total_wei"] == str(2 * FACE)
    assert prepared["summary"] == "Mint 2 seats of drop 1 for 0.08 ETH"
    send(live, "ada", prepared)
    assert live.market.contract.balance_of(address_of("ada")) == 2


def test_a_mint_for_somebody_else_says_for_whom(live: Live) -> None:
    bo = address_of("bo")
    prepared = members(ask_to_mint(live, "ada", recipient=bo))
    assert prepared["summary"].endswith(f"to be owned by {bo}")
    send(live, "ada", prepared)
    assert live.market.contract.balance_of(bo) == 1


def test_a_prepared_transaction_names_when_to_ask_again(live: Live) -> None:
    head = live.market.now
    assert moment(members(ask_to_mint(live, "ada"))["expires_at"]) == head + 300
    closes = live.files[SESSION].drop.phases[0].closes
    live.market.steering.travel(closes - 10)
    assert moment(members(ask_to_mint(live, "ada"))["expires_at"]) == closes


def test_what_the_contract_would_refuse_a_mint_with_is_told_before_it_is_signed(
    live: Live,
) -> None:
    cases: dict[str, dict[str, object]] = {
        "seat_drops_unknown": {"drop": 99},
        "seat_drops_phase_unknown": {"phase": 9},
        "seat_drops_phase_closed": {"drop": int(COHORT), "phase": 1},
        "seat_drops_wallet_limit": {"quantity": 3},
        "seat_drops_sold_out": {"quantity": 1_000},
        "seat_drops_empty_mint": {"recipient": "0x" + "0" * 40},
    }
    for cause, changes in cases.items():
        refused = ask_to_mint(live, "ada", **changes)
        assert refusal(refused) == (409, "contract_reverted", cause)


def test_a_drop_that_is_over_sells_no_seats(live: Live) -> None:
    market = replace(live.market, drop=SESSION)
    change_rules(market, state=DropState.CANCELLED)
    refused = ask_to_mint(live, "ada")
    assert refusal(refused) == (409, "contract_reverted", "seat_drops_not_live")
    assert "CANCELLED: it sells no more seats" in refused.json()["detail"]


def test_a_paused_drop_says_until_when(live: Live) -> None:
    market = replace(live.market, drop=SESSION)
    change_rules(market, paused_until=market.now + DAY)
    refused = ask_to_mint(live, "ada")
    assert refusal(refused) == (409, "contract_reverted", "seat_drops_paused")
    assert "is paused until" in refused.json()["detail"]


def test_an_empty_wallet_is_told_how_much_is_missing(live: Live) -> None:
    refused = ask_to_mint(live, "ada", account=POOR)
    assert refusal(refused) == (409, "rule_violated", "not_enough_ether")
    assert f"{POOR} has 0 ETH and this costs 0.04 ETH" in refused.json()["detail"]


def test_a_wallet_with_exactly_the_price_is_not_called_empty(live: Live) -> None:
    steering = live.market.steering
    assert isinstance(steering, NodeSteering)
    steering.set_balance(POOR, FACE)
    assert ask_to_mint(live, "ada", account=POOR).status_code == 200
    steering.set_balance(POOR, FACE - 1)
    assert refusal(ask_to_mint(live, "ada", account=POOR))[2] == "not_enough_ether"


def test_what_is_sold_out_is_not_offered_for_more_ether(live: Live) -> None:
    refused = ask_to_mint(live, "ada", account=POOR, quantity=1_000)
    assert refusal(refused)[2] == "seat_drops_sold_out"


def test_a_price_is_never_taken_from_whoever_asks(live: Live) -> None:
    assert ask_to_mint(live, "ada", price_wei="1").status_code == 422


NO_MINTS: Final[tuple[dict[str, object], ...]] = (
    {"quantity": 0},
    {"quantity": -1},
    {"quantity": 1_001},
    {"quantity": "1"},
    {"phase": 16},
    {"drop": 0},
    {"drop": 2**64},
    {"account": "0x12"},
    {"account": None},
)


def test_a_mint_that_no_contract_could_take_does_not_fit(live: Live) -> None:
    for changes in NO_MINTS:
        refused = ask_to_mint(live, "ada", **changes)
        assert refusal(refused)[:2] == (422, "invalid_request"), changes


def test_a_listing_is_prepared_with_its_figures(live: Live) -> None:
    seat, _ = market_of_two(live)
    prepared = prepared_list(live, "ada", seat, FACE + 10**16)

    require_dated(live, prepared)
    assert prepared["price_wei"] == str(5 * 10**16)
    assert prepared["royalty_wei"] == str(5 * 10**15)
    assert prepared["seller_net_wei"] == str(45 * 10**15)
    assert prepared["face_wei"] == str(FACE)
    assert prepared["listing"] == {
        "seat": str(seat),
        "price": str(5 * 10**16),
        "epoch": "0",
        "seller": address_of("ada"),
        "counter": "0",
        "terms_version": "0",
        "taker": "0x" + "0" * 40,
        "expiry": str(live.market.now + 3_600),
    }
    assert prepared["warnings"] == []
    assert prepared["transaction"] is None
    assert "for 0.05 ETH, until" in prepared["summary"]


def test_a_listing_for_the_longest_time_is_taken_by_the_contracts_own_clock(live: Live) -> None:
    seat, _ = market_of_two(live)
    live.clock.forward(10)
    prepared = prepared_list(live, "ada", seat, expires_in_s=30 * DAY, stored=True)
    assert int(prepared["listing"]["expiry"]) == live.market.now + 30 * DAY


def test_a_listing_says_for_whom_alone_it_is_and_the_zero_account_is_nobody(live: Live) -> None:
    seat, _ = market_of_two(live)
    bo = address_of("bo")
    assert f" to {bo} alone" in prepared_list(live, "ada", seat, taker=bo)["summary"]
    to_anybody = prepared_list(live, "ada", seat, taker="0x" + "0" * 40)
    assert "alone" not in to_anybody["summary"]


def test_a_cheap_listing_comes_with_warnings(live: Live) -> None:
    seat, _ = market_of_two(live)
    warned = prepared_list(live, "ada", seat, FACE // 2)["warnings"]
    assert [one["name"] for one in warned] == ["below_face", "below_refund"]


def test_only_the_owner_may_list_and_is_told_so(live: Live) -> None:
    seat, _ = market_of_two(live)
    for stored in (False, True):
        refused = ask_to_list(live, "bo", seat, stored=stored)
        assert refusal(refused) == (409, "contract_reverted", "seat_token_not_owner")
        detail = refused.json()["detail"]
        assert f"belongs to {address_of('ada')}, and only its owner may do this" in detail


def test_a_seat_that_is_not_there_cannot_be_listed(live: Live) -> None:
    for seat in (7, 2**256 - 1):
        refused = ask_to_list(live, "ada", seat)
        assert refusal(refused) == (409, "contract_reverted", "seat_token_unknown")


def test_a_price_outside_its_bounds_is_refused_with_the_bounds(live: Live) -> None:
    seat, _ = market_of_two(live)
    for price in (10**15 - 1, 6 * 10**16 + 1):
        refused = ask_to_list(live, "ada", seat, price)
        assert refusal(refused) == (409, "listing_dead", "seat_market_price_out_of_bounds")
        assert "between 0.001 ETH and 0.06 ETH" in refused.json()["detail"]
    for price in (10**15, 6 * 10**16):
        assert ask_to_list(live, "ada", seat, price).status_code == 200


NO_LISTINGS: Final[tuple[dict[str, Value], ...]] = (
    {"expires_in_s": 59},
    {"expires_in_s": 30 * DAY + 1},
    {"price_wei": 5},
    {"price_wei": "-1"},
    {"price_wei": str(2**256)},
    {"taker": "nobody"},
    {"stored": "yes"},
)


def test_a_listing_that_cannot_be_signed_does_not_fit(live: Live) -> None:
    for changes in NO_LISTINGS:
        refused = ask_to_list(live, "ada", 1_000_001, FACE, **changes)
        assert refusal(refused)[:2] == (422, "invalid_request"), changes


def test_a_listing_is_bought_for_exactly_its_price(live: Live) -> None:
    seat, _ = market_of_two(live)
    listed = list_seat(live, "ada", seat)
    prepared = members(ask_to_buy(live, "cleo", listed["listing"]))

    require_dated(live, prepared)
    assert prepared["value_wei"] == prepared["price_wei"] == str(FACE)
    assert (prepared["seat"], prepared["face_wei"]) == (str(seat), str(FACE))
    assert (prepared["royalty_wei"], prepared["held_wei"]) == (str(FACE // 10), "0")
    assert prepared["summary"] == f"Buy seat {seat} for 0.04 ETH"
    send(live, "cleo", prepared)
    assert live.market.contract.owner_of(seat) == address_of("cleo")


def test_a_purchase_is_not_promised_beyond_the_listings_end(live: Live) -> None:
    seat, _ = market_of_two(live)
    listed = list_seat(live, "ada", seat, expires_in_s=60)
    prepared = members(ask_to_buy(live, "cleo", listed["listing"]))
    assert prepared["expires_at"] == listed["expires_at"]


def without_a_block(live: Live, seconds: int) -> None:
    """Let our clock pass, and the chain's not: its head is as old as that."""
    live.clock.forward(seconds)
    live.mirror()


def test_a_listing_that_has_ended_since_the_newest_block_is_not_sold(live: Live) -> None:
    seat, _ = market_of_two(live)
    listed = list_seat(live, "ada", seat, expires_in_s=60)["listing"]
    without_a_block(live, 60)
    assert ask_to_buy(live, "cleo", listed).status_code == 200
    without_a_block(live, 1)
    ended = (409, "contract_reverted", "seat_market_listing_expired")
    assert refusal(ask_to_buy(live, "cleo", listed)) == ended
    # An empty wallet is not asked to be filled for it.
    poor = live.api.post("/v1/tx/buy", json={"account": POOR, "listing": listed})
    assert refusal(poor) == ended


def test_a_step_whose_time_has_ended_since_the_newest_block_is_not_prepared(live: Live) -> None:
    live.market.steering.travel(live.files[SESSION].drop.phases[0].closes - 10)
    without_a_block(live, 10)
    assert ask_to_mint(live, "ada").status_code == 200
    without_a_block(live, 1)
    for changes in ({}, {"account": POOR}):
        refused = ask_to_mint(live, "ada", **changes)
        assert refusal(refused) == (409, "rule_violated", "time_over")
    # What the contract says itself goes first.
    unknown = ask_to_mint(live, "ada", phase=9)
    assert refusal(unknown) == (409, "contract_reverted", "seat_drops_phase_unknown")


def test_a_dead_listing_is_not_sold_even_before_the_mirror_knows(live: Live) -> None:
    seat, _ = market_of_two(live)
    listed = list_seat(live, "ada", seat)
    live.market.send("ada", live.market.contract.cancel_listings(seat))
    refused = ask_to_buy(live, "cleo", listed["listing"])
    assert refusal(refused) == (409, "contract_reverted", "seat_market_epoch_passed")
    assert f"This listing or offer of seat {seat} is dead" in refused.json()["detail"]


def test_buyers_who_cannot_buy_are_told_why(live: Live) -> None:
    seat, _ = market_of_two(live)
    listed = list_seat(live, "ada", seat)["listing"]
    own = ask_to_buy(live, "ada", listed)
    assert refusal(own) == (409, "contract_reverted", "seat_market_seller_is_buyer")
    poor = live.api.post("/v1/tx/buy", json={"account": POOR, "listing": listed})
    assert refusal(poor) == (409, "rule_violated", "not_enough_ether")
    assert refusal(ask_to_buy(live, "bo", "0x" + "00" * 32)) == (404, "not_found", None)
    assert refusal(ask_to_buy(live, "bo", "0x12")) == (422, "invalid_request", None)


def test_cancelling_kills_every_listing_of_the_seat(live: Live) -> None:
    seat, _ = market_of_two(live)
    first, second = list_seat(live, "ada", seat), store_listing(live, "ada", seat, FACE + 1)
    body = {"account": address_of("ada"), "seat": str(seat)}
    prepared = members(live.api.post("/v1/tx/cancel-listings", json=body))
    assert (prepared["value_wei"], prepared["total_wei"]) == ("0", "0")
    send(live, "ada", prepared)
    for listing in (first["listing"], second):
        assert refusal(ask_to_buy(live, "bo", listing))[2] == "seat_market_epoch_passed"


def test_only_the_owner_may_cancel(live: Live) -> None:
    seat, _ = market_of_two(live)
    body = {"account": address_of("bo"), "seat": str(seat)}
    refused = live.api.post("/v1/tx/cancel-listings", json=body)
    assert refusal(refused) == (409, "contract_reverted", "seat_token_not_owner")


def test_a_signature_outlives_the_quote_and_still_costs_the_same(live: Live) -> None:
    """A price is in what is signed: late, the purchase still costs it, or reverts."""
    seat, _ = market_of_two(live)
    prepared = prepared_list(live, "ada", seat)
    listed = members(live.api.post("/v1/listings", json=signed(prepared, "ada")), 201)
    cheaper = list_seat(live, "ada", seat, FACE - 1)
    bought = members(ask_to_buy(live, "cleo", listed["listing"]))
    assert (bought["value_wei"], cheaper["price_wei"]) == (str(FACE), str(FACE - 1))
    late = members(ask_to_buy(live, "bo", cheaper["listing"]))
    send(live, "cleo", bought)
    live.mirror()
    assert refusal(ask_to_buy(live, "bo", late["listing"]))[2] == "seat_market_seller_not_owner"


def moment(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())
