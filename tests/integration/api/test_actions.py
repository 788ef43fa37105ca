"""Every action of the contract, prepared over HTTP, signed and sent on a real chain."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pytest

from api.actions.table import ACTIONS
from api.chain import TRIED_GAS
from marketplace.bindings.interface import interface_of
from marketplace.bindings.node import call
from marketplace.domain.drop import DropState
from marketplace.domain.escrow import DECISION_SECONDS
from tests.integration.api.orders import moment, order_for
from tests.integration.api.preparing import ask, done, prepared, signature_of
from tests.integration.api.trading import members, refusal
from tests.integration.marketplace.world import DAY, PRICE, Market, address_of

if TYPE_CHECKING:
    from marketplace.domain.ids import SeatId
    from tests.integration.api.live import Live

# Nothing here reads a database.
pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

TOLL_WEI: Final = 10**16
PENALTY: Final = PRICE // 10
EVIDENCE: Final = "0x" + "5e" * 32
NOTHING: Final = "0x" + "0" * 40


def market_of(live: Live) -> Market:
    """The market with a drop of the tests' own terms, and a seat of ada's."""
    market = replace(live.market)
    market.drop = market.create()
    market.seat = market.mint(market.drop, "ada")
    return market


def state(market: Market) -> DropState:
    return market.contract.terms_of(market.drop).terms.state


def delivered(live: Live, market: Market) -> None:
    """The mentor asserts at the end of the drop, over the API."""
    market.steering.travel(market.contract.terms_of(market.drop).terms.ends_at)
    done(live, "mentor", "assert", drop=market.drop, evidence=EVIDENCE)


def after_the_window(market: Market) -> None:
    market.steering.travel(market.now + 7 * DAY + 1)


def ether(amount: int) -> list[dict[str, str]]:
    return [{"amount": str(amount), "currency": NOTHING}]


def test_a_seat_is_given_away_and_given_back(live: Live) -> None:
    market = market_of(live)
    other = market.mint(market.drop, "ada")
    market.steering.travel(market.now + DAY)

    gift = done(live, "ada", "gift", seat=str(market.seat), recipient=address_of("cleo"))
    assert gift["value_wei"] == gift["total_wei"] == str(TOLL_WEI)
    assert (gift["pays"], gift["gets"]) == (ether(TOLL_WEI), [])
    assert gift["summary"].endswith("for a toll of 0.01 ETH")
    assert market.contract.owner_of(market.seat) == address_of("cleo")

    back = done(live, "ada", "refund", seat=str(other))
    assert (back["gets"], back["value_wei"]) == (ether(PRICE - PENALTY), "0")
    assert "for 0.09 ETH" in back["summary"]
    assert "0.01 ETH stays behind" in back["summary"]
    assert market.contract.balance_of(address_of("ada")) == 0


def test_a_mentor_and_the_guardian_steer_a_drop(live: Live) -> None:
    market = market_of(live)
    drop = market.drop
    market.send("deployer", market.contract.set_guardian(address_of("guardian")))

    done(live, "mentor", "grant", drop=drop, tier=0, recipient=address_of("dan"), quantity=2)
    assert market.contract.balance_of(address_of("dan")) == 2
    done(live, "mentor", "lower-cap", drop=drop, tier=0, cap=5)
    assert market.contract.terms_of(drop).tiers[0].cap == 5
    done(live, "mentor", "set-verifier", drop=drop, verifier=None)
    assert market.contract.terms_of(drop).terms.verifier == NOTHING
    done(live, "guardian", "pause", drop=drop, until=moment(market.now + DAY))
    refused = ask(live, "bo", "mint", drop=drop, phase=0)
    assert refusal(refused) == (409, "contract_reverted", "seat_drops_paused")
    done(live, "guardian", "unpause", drop=drop)
    done(live, "bo", "mint", drop=drop, phase=0)

    terms = market.contract.terms_of(drop).terms
    times = (terms.starts_at + DAY, terms.ends_at + DAY, terms.deliver_by + DAY)
    named = dict(zip(("starts_at", "ends_at", "deliver_by"), map(moment, times), strict=True))
    done(live, "mentor", "postpone", drop=drop, **named)
    moved = market.contract.terms_of(drop).terms
    assert (moved.starts_at, moved.ends_at, moved.deliver_by) == times
    assert moved.terms_version == 1
    done(live, "mentor", "cancel-drop", drop=drop)
    assert state(market) is DropState.CANCELLED


def test_what_an_account_has_signed_is_cancelled(live: Live) -> None:
    market = market_of(live)
    done(live, "ada", "cancel-offer", nonce=str(2**255))
    assert market.contract.is_offer_spent(address_of("ada"), 2**255)
    done(live, "ada", "bump-counter")
    assert market.contract.counter_of(address_of("ada")) > 0
    done(live, "ada", "cancel-listings", seat=str(market.seat))
    assert market.contract.seat_of(market.seat).epoch == 1


def test_holder_and_verifier_check_in_by_their_signatures(live: Live) -> None:
    market = market_of(live)
    market.steering.travel(market.contract.terms_of(market.drop).terms.starts_at)
    answer = live.api.post("/v1/tx/check-in-message", json={"seat": str(market.seat)})
    message = members(answer)
    assert message["holder"] == address_of("ada")
    assert message["verifier"] == address_of("verifier")
    halves = {
        "holder_signature": signature_of("ada", message["typed_data"]),
        "verifier_signature": signature_of("verifier", message["typed_data"]),
    }
    given = {"seat": str(market.seat), "expiry": message["expiry"]}

    for half, cause in (
        ("holder_signature", "seat_delivery_verifier_absent"),
        ("verifier_signature", "seat_delivery_holder_absent"),
    ):
        refused = ask(live, "bo", "check-in", **given, **{half: halves[half]})
        assert refusal(refused) == (409, "contract_reverted", cause)
    prepared(live, "verifier", "check-in", **given, holder_signature=halves["holder_signature"])
    prepared(live, "ada", "check-in", **given, verifier_signature=halves["verifier_signature"])
    done(live, "bo", "check-in", **given, **halves)
    assert market.contract.seat_of(market.seat).checked_in
    again = live.api.post("/v1/tx/check-in-message", json={"seat": str(market.seat)})
    assert refusal(again) == (409, "contract_reverted", "seat_delivery_checked_in")


def test_a_dispute_is_objected_to_resolved_and_claimed(live: Live) -> None:
    market = market_of(live)
    bos = market.mint(market.drop, "bo")
    delivered(live, market)
    done(live, "bo", "object", seat=str(bos))
    after_the_window(market)
    done(live, "cleo", "settle", drop=market.drop)
    assert state(market) is DropState.DISPUTED_WIDE
    decided = done(live, "resolver", "resolve", drop=market.drop, holders_bps=5_000)
    assert "50% to the holders" in decided["summary"]

    own = done(live, "bo", "claim", seat=str(bos))
    assert own["gets"] == ether(PRICE // 2)
    other = done(live, "bo", "claim", seat=str(market.seat))
    assert other["gets"] == []
    assert f"for its owner {address_of('ada')}" in other["summary"]
    paid = done(live, "ada", "withdraw")
    assert paid["gets"] == ether(PRICE // 2)
    assert market.contract.credit_of(address_of("ada")) == 0


def test_a_dispute_that_nobody_decides_ends_by_its_terms(live: Live) -> None:
    market = market_of(live)
    delivered(live, market)
    done(live, "ada", "object", seat=str(market.seat))
    after_the_window(market)
    done(live, "cleo", "settle", drop=market.drop)
    market.steering.travel(market.now + DECISION_SECONDS + 1)
    done(live, "cleo", "resolve-by-default", drop=market.drop)
    assert state(market) is DropState.SPLIT_WIDE


def test_what_waits_with_a_seat_is_collected_once_it_was_delivered(live: Live) -> None:
    market = market_of(live)
    market.steering.travel(market.now + DAY)
    done(live, "ada", "gift", seat=str(market.seat), recipient=address_of("cleo"))
    delivered(live, market)
    after_the_window(market)
    done(live, "cleo", "settle", drop=market.drop)
    assert state(market) is DropState.SETTLED
    collected = done(live, "bo", "collect", seat=str(market.seat))
    assert "Collect 0.01 ETH" in collected["summary"]
    assert market.contract.held_of(market.seat) == 0
    some = done(live, "mentor", "withdraw", recipient=address_of("eve"), amount="5")
    assert some["gets"] == []
    assert f"to {address_of('eve')}" in some["summary"]


def test_what_was_not_delivered_fails_and_gives_everything_back(live: Live) -> None:
    market = market_of(live)
    given_back = market.mint(market.drop, "bo")
    market.steering.travel(market.now + 60)
    done(live, "bo", "refund", seat=str(given_back))
    market.steering.travel(market.contract.terms_of(market.drop).terms.deliver_by + 1)
    done(live, "cleo", "fail-drop", drop=market.drop)
    assert state(market) is DropState.FAILED
    penalty = done(live, "bo", "claim", seat=str(given_back))
    assert penalty["summary"].endswith("for whoever gave it back")
    assert done(live, "ada", "claim", seat=str(market.seat))["gets"] == ether(PRICE)


def test_what_the_contract_would_refuse_is_refused_before_it_is_signed(live: Live) -> None:
    market = market_of(live)
    live.market.send("deployer", market.contract.set_guardian(address_of("guardian")))
    seat: dict[str, object] = {"seat": str(market.seat)}
    drop: dict[str, object] = {"drop": int(market.drop)}
    at = moment(market.now + 60)
    times = {"starts_at": at, "ends_at": at, "deliver_by": at}
    offer = market.offer()
    cases: dict[str, tuple[dict[str, object], str]] = {
        "mint": (drop | {"phase": 1}, "seat_drops_phase_unknown"),
        "mint-many": ({"mints": [drop | {"phase": 0, "quantity": 6}]}, "seat_drops_wallet_limit"),
        "create-drop": (
            order_for(replace(offer, terms=replace(offer.terms, currency=address_of("cleo")))),
            "seat_drops_currency_not_allowed",
        ),
        "gift": (seat | {"recipient": address_of("cleo")}, "seat_token_not_owner"),
        "cancel-listings": (seat, "seat_token_not_owner"),
        "refund": (seat, "seat_token_not_owner"),
        "claim": (seat, "seat_delivery_wrong_state"),
        "collect": (seat, "seat_delivery_wrong_state"),
        "withdraw": ({"amount": "1"}, "seat_escrow_credit_too_small"),
        "check-in": (seat | {"expiry": str(market.now + 60)}, "seat_delivery_too_early"),
        "object": (seat, "seat_token_not_owner"),
        "grant": (
            drop | {"tier": 0, "recipient": address_of("bo")},
            "seat_drops_not_mentor",
        ),
        "lower-cap": (drop | {"tier": 0, "cap": 5}, "seat_drops_not_mentor"),
        "set-verifier": (drop | {"verifier": address_of("bo")}, "seat_drops_not_mentor"),
        "postpone": (drop | times, "seat_drops_not_mentor"),
        "cancel-drop": (drop, "seat_drops_not_mentor"),
        "assert": (drop | {"evidence": EVIDENCE}, "seat_drops_not_mentor"),
        "fail-drop": (drop, "seat_drops_too_early"),
        "settle": (drop, "seat_delivery_wrong_state"),
        "resolve": (drop | {"holders_bps": 1}, "seat_delivery_wrong_state"),
        "resolve-by-default": (drop, "seat_delivery_wrong_state"),
        "pause": (drop | {"until": at}, "seat_drops_not_guardian"),
        "unpause": (drop, "seat_drops_not_guardian"),
    }
    # Anybody may end what they have signed themselves, and nothing refuses it.
    assert {one.path for one in ACTIONS} == {*cases, "bump-counter", "cancel-offer"}
    found = {}
    for action, (order, _) in cases.items():
        answer = ask(live, "bo", action, **order)
        assert refusal(answer)[:2] == (409, "contract_reverted"), (action, answer.text)
        found[action] = refusal(answer)[2]
        assert answer.json()["detail"].count(" ") > 4
    assert found == {action: cause for action, (_, cause) in cases.items()}


def test_each_path_prepares_its_own_function(live: Live) -> None:
    market = market_of(live)
    found: SeatId = market.seat
    orders: dict[str, tuple[str, dict[str, object]]] = {
        "cancel-listings": ("ada", {"seat": str(found)}),
        "bump-counter": ("ada", {}),
        "refund": ("ada", {"seat": str(found)}),
        "cancel-drop": ("mentor", {"drop": int(market.drop)}),
    }
    market.steering.travel(market.now + 60)
    functions = interface_of("Seats").functions
    by_path = {one.path: functions[one.function] for one in ACTIONS}
    for path, (who, order) in orders.items():
        assert prepared(live, who, path, **order)["data"][2:10] == by_path[path].selector.hex()


def test_an_order_that_no_contract_could_take_does_not_fit(live: Live) -> None:
    bad: tuple[tuple[str, dict[str, object]], ...] = (
        ("gift", {"seat": 5, "recipient": address_of("bo")}),
        ("gift", {"seat": "5"}),
        ("pause", {"drop": 1, "until": 5}),
        ("pause", {"drop": 1, "until": "2027-03-01T18:00:00"}),
        ("pause", {"drop": 1, "until": "2027-13-01T18:00:00Z"}),
        ("resolve", {"drop": 1, "holders_bps": 10_001}),
        ("grant", {"drop": "1", "tier": 0, "recipient": address_of("bo")}),
        ("assert", {"drop": 1, "evidence": "0x12"}),
        ("cancel-offer", {"nonce": str(2**256)}),
        ("settle", {"drop": 1, "price_wei": "1"}),
        ("mint", {"drop": 1, "phase": 0, "proof": [], "opening_seat": "1"}),
        ("mint-many", {"mints": []}),
    )
    for action, order in bad:
        assert refusal(ask(live, "ada", action, **order))[:2] == (422, "invalid_request"), order


def test_what_is_tried_has_no_more_gas_than_a_transaction_may(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[object] = []

    def recording(*asked: Any, **more: Any) -> bytes:  # noqa: ANN401 - as it is called
        given.append(more.get("gas"))
        return call(*asked, **more)

    monkeypatch.setattr("api.chain.call", recording)
    market = market_of(live)
    prepared(live, "bo", "mint", drop=market.drop, phase=0)
    prepared(live, "ada", "cancel-listings", seat=str(market.seat))
    assert len(given) > 1
    assert set(given) == {TRIED_GAS}
