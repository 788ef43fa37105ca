"""A drop that is created over HTTP, and the passes that open its phases, on a real chain."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pytest

from marketplace.bindings.events import DropCreated
from marketplace.domain.drop import Gate, NewDrop, TransferPolicy
from marketplace.domain.money import Bps
from marketplace.orders.passes import gate_data_of_signer
from tests.integration.api.gating import gated
from tests.integration.api.orders import moment, order_for
from tests.integration.api.preparing import ask, prepared, signature_of
from tests.integration.api.trading import members, refusal, send
from tests.integration.marketplace.world import DAY, PRICE, address_of, one

if TYPE_CHECKING:
    import httpx

    from tests.integration.api.live import Live

# Nothing here reads a database.
pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

NOTHING: Final = "0x" + "0" * 40


def everything(live: Live) -> NewDrop:
    """An offer in which no two members that could be mixed up are equal."""
    offer = live.market.offer()
    first = offer.phases[0]
    return replace(
        offer,
        terms=replace(
            offer.terms,
            payout=address_of("payout"),
            policy=TransferPolicy.BOUND,
            max_fee=Bps(900),
            refund_until=offer.terms.starts_at - 60,
        ),
        phases=(
            first,
            replace(
                first,
                opens=first.opens + 60,
                gate=Gate.PASS,
                gate_data=gate_data_of_signer(address_of("cleo")),
                reserved=True,
                supply=3,
                wallet_limit=2,
            ),
        ),
    )


def test_a_drop_is_created_as_the_contract_takes_it(live: Live) -> None:
    offer = everything(live)

    told = prepared(live, "eve", "create-drop", **order_for(offer))
    mined = send(live, "eve", told)

    assert told["data"] == f"0x{live.market.contract.create_drop(offer).data.hex()}"
    assert (told["value_wei"], told["pays"], told["gets"]) == ("0", [], [])
    assert told["summary"] == "Create a drop of 12 seats"
    made = one(live.market.contract.events_of(mined), DropCreated)
    assert live.market.contract.terms_of(made.drop).terms.mentor == address_of("eve")


def test_what_need_not_be_said_is_what_most_drops_have(live: Live) -> None:
    offer = live.market.offer()
    order = order_for(offer)
    for name in ("payout", "currency", "policy", "max_fee_bps"):
        del order["terms"][name]
    for name in ("gate", "gate_data", "reserved", "supply"):
        del order["phases"][0][name]

    told = prepared(live, "mentor", "create-drop", **order)

    assert told["data"] == f"0x{live.market.contract.create_drop(offer).data.hex()}"


def test_all_terms_outside_their_bounds_are_told_at_once_each_at_its_field(live: Live) -> None:
    offer = live.market.offer()
    order = order_for(offer)
    order["terms"] |= {
        "resolver": address_of("mentor"),
        "verifier": address_of("mentor"),
        "royalty_bps": 2_001,
        "gift_cooldown_s": 731 * DAY,
        "starts_at": moment(live.market.now - 1),
        "challenge_days": 31,
    }
    order["tiers"][0]["list_price_wei"] = str(PRICE - 1)
    order["phases"][0] |= {"gate": "pass", "closes_at": moment(offer.terms.ends_at + 1)}
    order["phases"].append(order["phases"][0] | {"reserved": True, "supply": 7})
    order["phases"].append(order["phases"][1])

    answer = ask(live, "mentor", "create-drop", **order)

    assert refusal(answer)[:2] == (422, "invalid_request")
    found = {one["at"]: one["fault"] for one in answer.json()["errors"]}
    assert set(found) == {
        *(f"/body/terms/{name}" for name in ("resolver", "verifier", "royalty_bps")),
        *(f"/body/terms/{name}" for name in ("gift_cooldown_s", "starts_at", "challenge_days")),
        *(f"/body/phases/{place}/{name}" for place in range(3) for name in ("gate_data",)),
        *(f"/body/phases/{place}/{name}" for place in range(3) for name in ("closes_at",)),
        *(f"/body/phases/{place}/price_wei" for place in range(3)),
        "/body/tiers/0/cap",
    }
    assert found["/body/terms/royalty_bps"] == "it is 2001; it must lie between 0 and 2000"
    assert moment(offer.terms.ends_at)[:10] in found["/body/terms/starts_at"]
    assert found["/body/tiers/0/cap"] == "its phases hold 14 seats back, which is more than 12"


def test_what_only_the_contract_knows_is_its_refusal(live: Live) -> None:
    order = order_for(live.market.offer())
    order["terms"]["currency"] = address_of("cleo")
    refused = ask(live, "mentor", "create-drop", **order)
    assert refusal(refused) == (409, "contract_reverted", "seat_drops_currency_not_allowed")
    assert "ETH" in refused.json()["detail"]


def message(live: Live, **order: object) -> httpx.Response:
    return live.api.post("/v1/tx/pass-message", json=order)


def test_a_pass_that_its_signer_was_shown_opens_the_phase(live: Live) -> None:
    market = gated(live)
    drop = int(market.drop)

    told = members(
        message(live, drop=drop, phase=1, account=address_of("bo"), quantity=2, expires_in_s=600)
    )

    assert told["signer"] == address_of("cleo")
    assert told["expiry"] == str(market.now + 600)
    leave = {name: told[name] for name in ("quantity", "nonce", "expiry")}
    leave["signature"] = signature_of("cleo", told["typed_data"])
    minted = prepared(live, "bo", "mint", drop=drop, phase=1, quantity=2, **{"pass": leave})
    send(live, "bo", minted)
    again = message(
        live, drop=drop, phase=1, account=address_of("bo"), nonce=told["nonce"], quantity=2
    )
    assert refusal(again) == (409, "contract_reverted", "seat_drops_pass_spent")


def test_each_pass_has_a_number_of_its_own_and_ends_with_its_phase(live: Live) -> None:
    market = gated(live)
    closes = market.contract.terms_of(market.drop).phases[1].closes
    asked = {"drop": int(market.drop), "phase": 1, "account": address_of("bo")}

    first, second = (members(message(live, **asked, expires_in_s=300 * DAY)) for _ in range(2))

    assert first["nonce"] != second["nonce"]
    assert first["digest"] != second["digest"]
    assert first["expiry"] == str(closes)
    assert members(message(live, **asked, nonce="7"))["nonce"] == "7"


def test_where_no_pass_could_open_anything_none_is_prepared(live: Live) -> None:
    market = gated(live)
    asked: dict[str, Any] = {"drop": int(market.drop), "phase": 1, "account": address_of("bo")}
    wrong: tuple[tuple[dict[str, Any], tuple[str, str]], ...] = (
        ({"drop": 999}, ("contract_reverted", "seat_drops_unknown")),
        ({"phase": 3}, ("contract_reverted", "seat_drops_phase_unknown")),
        ({"phase": 0}, ("rule_violated", "phase_without_passes")),
    )
    for other, told in wrong:
        refused = message(live, **asked | other)
        assert refusal(refused) == (409, *told), other
    assert "allowlist" in message(live, **asked | {"phase": 0}).json()["detail"]
    market.steering.travel(market.contract.terms_of(market.drop).phases[1].closes + 1)
    assert refusal(message(live, **asked))[2] == "seat_drops_phase_closed"
    for other in ({"account": NOTHING[:-1]}, {"quantity": 0}, {"expires_in_s": 1}, {"nonce": 7}):
        assert refusal(message(live, **asked | other))[:2] == (422, "invalid_request"), other
