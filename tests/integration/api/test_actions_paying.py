"""What leaves a wallet: gates that let it pay, currencies that it must allow first, bundles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from marketplace.allowlist.phases import PhaseAllowlist
from marketplace.domain.admission import Pass
from marketplace.domain.ids import PhaseIndex
from marketplace.orders.passes import sign_pass
from tests.integration.api.gating import gated, in_coins
from tests.integration.api.preparing import approve, ask, done
from tests.integration.api.trading import FACE, refusal
from tests.integration.marketplace.world import (
    DAY,
    PRICE,
    address_of,
    signer,
)

if TYPE_CHECKING:
    from tests.integration.api.live import Live

# Nothing here reads a database.
pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

ETH_TEXT: Final = "0x" + "0" * 40


def test_a_currency_is_allowed_first_and_exactly_as_much_as_is_owed(live: Live) -> None:
    market, coin = in_coins(live)
    order = {"drop": int(market.drop), "phase": 0, "quantity": 2}

    first = ask(live, "bo", "mint", **order)
    assert refusal(first) == (409, "allowance_missing", None)
    problem = first.json()
    assert (problem["owed"], problem["allowed"]) == (str(2 * PRICE), "0")
    assert problem["currency"] == coin.address == problem["approval"]["to"]
    approve(live, "bo", problem)
    assert coin.allowance(address_of("bo"), market.contract.address) == 2 * PRICE

    minted = done(live, "bo", "mint", **order)
    assert minted["pays"] == [{"amount": str(2 * PRICE), "currency": coin.address}]
    assert minted["value_wei"] == minted["total_wei"] == "0"
    assert coin.balance_of(address_of("bo")) == 0
    seat = market.contract.balance_of(address_of("bo"))
    assert seat == 2


def test_a_wallet_that_holds_too_little_is_told_how_much_is_missing(live: Live) -> None:
    market, _ = in_coins(live)
    refused = ask(live, "bo", "mint", drop=int(market.drop), phase=0, quantity=3)
    assert refusal(refused) == (409, "rule_violated", "not_enough_currency")
    assert f"send it at least {PRICE} more" in refused.json()["detail"]


def test_what_the_contract_refuses_anyway_asks_for_no_allowance(live: Live) -> None:
    market, _ = in_coins(live)
    refused = ask(live, "bo", "mint", drop=int(market.drop), phase=0, quantity=6)
    assert refusal(refused)[2] == "seat_drops_wallet_limit"


def test_a_gift_pays_its_toll_in_the_drops_currency(live: Live) -> None:
    market, coin = in_coins(live)
    order = {"drop": int(market.drop), "phase": 0}
    approve(live, "bo", ask(live, "bo", "mint", **order).json())
    done(live, "bo", "mint", **order)
    market.steering.travel(market.now + DAY)
    given = {"seat": f"{market.drop}000001", "recipient": address_of("cleo")}
    asked = ask(live, "bo", "gift", **given)
    assert asked.json()["owed"] == str(10**16)
    approve(live, "bo", asked.json())
    gift = done(live, "bo", "gift", **given)
    assert gift["pays"] == [{"amount": str(10**16), "currency": coin.address}]


def test_a_bundle_owes_the_sum_of_each_currency(live: Live) -> None:
    market, coin = in_coins(live)
    coins: dict[str, object] = {"drop": int(market.drop), "phase": 0}
    mints = [coins, coins, {"drop": 1, "phase": 0, "recipient": address_of("cleo")}]
    first = ask(live, "bo", "mint-many", mints=mints)
    assert (first.json()["code"], first.json()["owed"]) == ("allowance_missing", str(2 * PRICE))
    approve(live, "bo", first.json())
    bundle = done(live, "bo", "mint-many", mints=mints)
    assert bundle["value_wei"] == str(FACE)
    assert {one["currency"] for one in bundle["pays"]} == {coin.address, ETH_TEXT}
    assert bundle["summary"].endswith(f"some to be owned by {address_of('cleo')}")
    assert market.contract.balance_of(address_of("bo")) == 2


def test_a_bundle_of_which_one_mint_is_refused_is_refused_whole(live: Live) -> None:
    mints = [{"drop": 1, "phase": 0}, {"drop": 1, "phase": 0, "quantity": 1_000}]
    refused = ask(live, "bo", "mint-many", mints=mints)
    assert refusal(refused) == (409, "contract_reverted", "seat_drops_sold_out")


def test_each_gate_is_opened_by_what_it_asks_for(live: Live) -> None:
    market = gated(live)
    drop = int(market.drop)
    joined = PhaseAllowlist(PhaseIndex(0), [address_of("bo"), address_of("ada")])
    whole = joined.authorisation(address_of("bo")).hex()
    proof = [f"0x{whole[start : start + 64]}" for start in range(0, len(whole), 64)]
    leave = Pass(
        drop=market.drop,
        phase=PhaseIndex(1),
        account=address_of("bo"),
        quantity=2,
        nonce=7,
        expiry=market.now + 100,
    )
    signed = sign_pass(signer("cleo"), leave, market.chain_id, market.contract.address)
    opened = {
        "quantity": "2",
        "nonce": "7",
        "expiry": str(leave.expiry),
        "signature": f"0x{signed.hex()}",
    }
    wrong: tuple[tuple[str, dict[str, object], str], ...] = (
        ("cleo", {"phase": 0, "proof": proof}, "seat_drops_not_allowlisted"),
        ("bo", {"phase": 0}, "seat_drops_not_allowlisted"),
        ("cleo", {"phase": 1, "pass": opened}, "seat_drops_pass_invalid"),
        ("bo", {"phase": 1, "pass": opened, "quantity": 3}, "seat_drops_pass_too_small"),
        ("bo", {"phase": 1}, "seat_drops_authorisation_malformed"),
        ("cleo", {"phase": 2, "opening_seat": str(market.seat)}, "seat_drops_seat_not_yours"),
    )
    for who, order, cause in wrong:
        refused = ask(live, who, "mint", drop=drop, **order)
        assert refusal(refused) == (409, "contract_reverted", cause), order

    done(live, "bo", "mint", drop=drop, phase=0, proof=proof)
    by_pass = done(live, "bo", "mint", drop=drop, phase=1, **{"pass": opened})
    done(live, "bo", "mint", drop=drop, phase=2, opening_seat=str(market.seat))
    assert market.contract.balance_of(address_of("bo")) == 4
    assert by_pass["value_wei"] == str(PRICE)
    spent = ask(live, "bo", "mint", drop=drop, phase=1, **{"pass": opened})
    assert refusal(spent)[2] == "seat_drops_pass_spent"
