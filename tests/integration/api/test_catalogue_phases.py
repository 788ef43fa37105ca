"""What opens a phase and what is held back for it, as the chain has it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from marketplace.allowlist.phases import PhaseAllowlist
from marketplace.bindings.currency import Currency
from marketplace.bindings.development import deploy_coin
from marketplace.domain.ids import PhaseIndex
from tests.integration.api.gating import LISTED, gated
from tests.integration.api.trading import members
from tests.integration.marketplace.world import address_of, with_terms

if TYPE_CHECKING:
    from tests.integration.api.live import Live


def test_a_phase_names_what_opens_it(live: Live) -> None:
    market = gated(live)
    live.mirror()
    shown = members(live.api.get(f"/v1/drops/{market.drop}"))["phases"]
    root = PhaseAllowlist(PhaseIndex(0), [address_of(name) for name in LISTED]).root
    assert [
        (one["gate"], one["allowlist_root"], one["pass_signer"], one["opening_drop"])
        for one in shown
    ] == [
        ("allowlist", f"0x{root.hex()}", None, None),
        ("pass", None, address_of("cleo"), None),
        ("seat", None, None, int(market.seat.drop)),
    ]
    public = members(live.api.get("/v1/drops/1"))["phases"][0]
    named = ("allowlist_root", "pass_signer", "opening_drop")
    assert [public[name] for name in named] == [None, None, None]


def test_a_phase_says_whether_its_supply_is_held_back_for_it(live: Live) -> None:
    market = replace(live.market)
    offer = market.offer()
    first = replace(offer.phases[0], supply=2, reserved=True)
    rest = replace(offer.phases[0], supply=0, reserved=False)
    drop = market.create(replace(offer, phases=(first, rest)))
    live.mirror()
    shown = members(live.api.get(f"/v1/drops/{drop}"))["phases"]
    assert [(one["reserved"], one["supply"]) for one in shown] == [(True, 2), (False, None)]


def test_who_needs_a_seat_is_told_of_which_drop(live: Live) -> None:
    market = gated(live)
    path = f"/v1/drops/{market.drop}/phases/2/eligibility"
    found = members(live.api.get(path, params={"account": address_of("bo")}))
    assert (found["cause"], found["opening_drop"]) == ("opening_seat_needed", market.seat.drop)
    assert f"holders of seats of drop {market.seat.drop}:" in found["sentence"]
    path = f"/v1/drops/{market.drop}/phases/1/eligibility"
    found = members(live.api.get(path, params={"account": address_of("bo")}))
    assert found["opening_drop"] is None


def test_a_price_in_a_list_comes_with_its_currency(live: Live) -> None:
    market = replace(live.market)
    coin = Currency(market.web3, deploy_coin(market.sender("guardian")))
    market.send("deployer", market.contract.set_currency(coin.address, allowed=True))
    drop = market.create(with_terms(market.offer(), currency=coin.address))
    live.mirror()
    page = members(live.api.get("/v1/drops"))["drops"]
    assert {one["drop"]: one["currency"] for one in page} == {
        1: "0x" + "0" * 40,
        2: "0x" + "0" * 40,
        drop: coin.address,
    }
