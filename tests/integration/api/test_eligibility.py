from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select, update

from api.eligibility import lists
from api.eligibility.bodies import MAX_ACCOUNTS
from api.eligibility.routes import MAX_BODY_BYTES
from api.store.allowlist_tables import allowlist_proofs, allowlists
from marketplace.allowlist.phases import PhaseAllowlist
from marketplace.bindings.addresses import checksum_address
from marketplace.bindings.node import NodeRefused
from marketplace.chain.heads import balance_after, head_of
from marketplace.domain.ids import PhaseIndex
from marketplace.storage.transactions import reading, writing
from tests.integration.api.gating import LISTED, gated, in_coins
from tests.integration.api.live import SESSION
from tests.integration.api.preparing import done
from tests.integration.api.trading import members
from tests.integration.api.world import START, code_of
from tests.integration.marketplace.world import PRICE, address_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import httpx
    from sqlalchemy import Engine

    from api.chain import Chain
    from tests.integration.api.live import Live
    from tests.integration.api.trading import Members
    from tests.integration.marketplace.world import Market

ACCOUNTS = [address_of(name) for name in LISTED]
ETH = {"currency": "0x" + "0" * 40}


def asked(live: Live, market: Market, name: str, phase: int = 0, **more: object) -> Members:
    path = f"/v1/drops/{market.drop}/phases/{phase}/eligibility"
    query = {"account": address_of(name)} | {key: str(one) for key, one in more.items()}
    return members(live.api.get(path, params=query))


def publish(
    live: Live,
    drop: int,
    accounts: Sequence[object] = ACCOUNTS,
    phase: int = 0,
    who: str = "mentor",
) -> httpx.Response:
    path = f"/v1/drops/{drop}/phases/{phase}/allowlist"
    return live.client(who).put(path, json={"accounts": [*accounts]})


def held(market: Market) -> int:
    head = head_of(market.web3)
    return balance_after(market.web3, market.contract.address, head.hash)


def listed(live: Live) -> Market:
    """The gated drop, mirrored, with its list published."""
    market = gated(live)
    live.mirror()
    assert publish(live, market.drop).status_code == 200
    return market


def test_a_listed_account_is_told_its_price_and_mints_with_its_proof(live: Live) -> None:
    market = listed(live)
    found = asked(live, market, "bo", quantity=2)
    assert (found["eligible"], found["cause"], found["sentence"]) == (True, None, None)
    assert (found["gate"], found["funded"], found["wallet_left"]) == ("allowlist", True, None)
    assert found["price"] == {"amount": str(2 * PRICE)} | ETH
    before = held(market)
    minted = done(
        live, "bo", "mint", drop=int(market.drop), phase=0, quantity=2, proof=found["proof"]
    )
    assert minted["value_wei"] == found["price"]["amount"]
    assert held(market) - before == int(found["price"]["amount"])


def test_a_price_in_coins_is_told_apart_from_who_holds_or_allows_it(live: Live) -> None:
    market, coin = in_coins(live)
    price = {"amount": str(2 * PRICE), "currency": coin.address}
    # Bo holds the price and has allowed nothing; cleo has none: the contract misses a payment.
    for name, funded in (("bo", True), ("cleo", False)):
        found = asked(live, market, name, quantity=2)
        assert (found["eligible"], found["cause"], found["funded"]) == (True, None, funded)
        assert found["price"] == price
    # What is refused for another reason is, whoever could pay.
    over = asked(live, market, "cleo", quantity=6)
    assert (over["eligible"], over["cause"]) == (False, "seat_drops_wallet_limit")


def test_who_is_not_listed_is_told_so_by_the_contract(live: Live) -> None:
    market = listed(live)
    found = asked(live, market, "cleo")
    assert (found["eligible"], found["cause"]) == (False, "seat_drops_not_allowlisted")
    assert found["sentence"]
    assert found["proof"] is None


def test_without_the_list_nobody_is_refused(live: Live) -> None:
    market = gated(live)
    found = asked(live, market, "bo")
    assert (found["eligible"], found["cause"]) == (None, "allowlist_unpublished")
    assert "ask the mentor" in found["sentence"]


@pytest.mark.parametrize(
    ("phase", "cause"), [(1, "pass_needed"), (2, "opening_seat_needed")], ids=["pass", "seat"]
)
def test_what_the_mentor_alone_can_give_is_asked_for(live: Live, phase: int, cause: str) -> None:
    found = asked(live, gated(live), "bo", phase)
    assert (found["eligible"], found["cause"], found["proof"]) == (None, cause, None)


def test_a_seat_opens_the_phase_for_its_owner_alone(live: Live) -> None:
    market = gated(live)
    own = asked(live, market, "bo", 2, opening_seat=market.seat)
    strange = asked(live, market, "cleo", 2, opening_seat=market.seat)
    assert own["eligible"] is True
    assert (strange["eligible"], strange["cause"]) == (False, "seat_drops_seat_not_yours")


@pytest.mark.parametrize(
    ("phase", "eligible", "cause"),
    [(0, True, None), (1, None, "pass_needed")],
    ids=["allowlist", "pass"],
)
def test_a_seat_says_nothing_where_the_gate_is_another(
    live: Live, phase: int, *, eligible: bool | None, cause: str | None
) -> None:
    market = listed(live)
    found = asked(live, market, "bo", phase, opening_seat=1)
    assert (found["eligible"], found["cause"]) == (eligible, cause)


def test_an_empty_wallet_is_eligible_and_not_funded(live: Live) -> None:
    nobody = checksum_address(b"\x9e" * 20)
    path = f"/v1/drops/{SESSION}/phases/0/eligibility"
    found = members(live.api.get(path, params={"account": nobody}))
    assert (found["eligible"], found["funded"]) == (True, False)


def test_the_limit_of_a_wallet_is_counted_down_and_then_the_contracts_word(live: Live) -> None:
    market = replace(live.market)
    offer = market.offer()
    first = replace(offer.phases[0], wallet_limit=2)
    market.drop = market.create(replace(offer, phases=(first, *offer.phases[1:])))
    assert asked(live, market, "bo", quantity=2)["wallet_left"] == 2
    market.mint(market.drop, "bo")
    after = asked(live, market, "bo", quantity=2)
    assert (after["wallet_left"], after["eligible"]) == (1, False)
    assert after["cause"].startswith("seat_drops_")
    assert asked(live, market, "bo")["eligible"] is True


def test_a_node_that_cannot_pretend_a_balance_leaves_it_open(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(_chain: Chain, *_asked: object) -> bytes:
        raise NodeRefused("no state overrides", -32_602)

    monkeypatch.setattr("api.chain.Chain.simulate_funded", refuses)
    path = f"/v1/drops/{SESSION}/phases/0/eligibility"
    found = members(live.api.get(path, params={"account": address_of("bo")}))
    assert (found["eligible"], found["cause"]) == (None, "node_cannot_try")


def test_the_mentor_alone_publishes_the_very_list_as_often_as_they_like(live: Live) -> None:
    market = gated(live)
    live.mirror()
    drop = int(market.drop)
    assert code_of(publish(live, drop, who="bo")) == "mentor_required"
    assert code_of(publish(live, drop, [*ACCOUNTS, address_of("cleo")])) == "allowlist_differs"
    assert code_of(publish(live, drop, phase=1)) == "phase_without_list"
    assert code_of(publish(live, drop, phase=9)) == "not_found"
    answers = [publish(live, drop, list(reversed(ACCOUNTS))) for _ in range(2)]
    assert [one.json()["accounts"] for one in answers] == [2, 2]
    assert answers[0].json()["root"] == answers[1].json()["root"]
    with reading(live.parts.store) as connection:
        assert connection.scalar(select(func.count()).select_from(allowlist_proofs)) == 2


def test_publishing_again_writes_nothing_but_what_was_damaged(live: Live) -> None:
    market = listed(live)
    when = select(allowlists.c.published_at)
    with reading(live.parts.store) as connection:
        first = connection.scalar(when)
    live.clock.forward(60)
    assert publish(live, market.drop).status_code == 200
    with writing(live.parts.store) as connection:
        assert connection.scalar(when) == first
        connection.execute(update(allowlist_proofs).values(proof=b"\x01" * 32))
    assert publish(live, market.drop).status_code == 200
    assert asked(live, market, "bo")["eligible"] is True


def test_a_proof_that_was_damaged_is_not_given(live: Live) -> None:
    market = listed(live)
    with writing(live.parts.store) as connection:
        connection.execute(update(allowlist_proofs).values(proof=b"\x01" * 32))
    found = asked(live, market, "bo")
    assert (found["eligible"], found["cause"]) == (None, "allowlist_unpublished")


@pytest.mark.parametrize("accounts", [[], ["0x12"], [5], [ACCOUNTS[0].lower()[:-1] + "Z"]], ids=str)
def test_what_is_no_list_of_accounts_is_refused(live: Live, accounts: list[object]) -> None:
    market = gated(live)
    live.mirror()
    assert code_of(publish(live, market.drop, accounts)) == "invalid_request"


def test_the_longest_list_fits_the_body() -> None:
    line = len(f'"{ACCOUNTS[0]}", ')
    assert MAX_ACCOUNTS * line < MAX_BODY_BYTES


@pytest.mark.parametrize(
    ("path", "query", "code"),
    [
        ("/v1/drops/999/phases/0/eligibility", {"account": ACCOUNTS[0]}, "not_found"),
        ("/v1/drops/1/phases/9/eligibility", {"account": ACCOUNTS[0]}, "not_found"),
        ("/v1/drops/1/phases/16/eligibility", {"account": ACCOUNTS[0]}, "invalid_request"),
        ("/v1/drops/1/phases/0/eligibility", {}, "invalid_request"),
        ("/v1/drops/1/phases/0/eligibility", {"account": "ada"}, "invalid_request"),
        (
            "/v1/drops/1/phases/0/eligibility",
            {"account": ACCOUNTS[0], "quantity": "0"},
            "invalid_request",
        ),
    ],
)
def test_what_names_nothing_is_refused(
    live: Live, path: str, query: dict[str, str], code: str
) -> None:
    assert code_of(live.api.get(path, params=query)) == code


def test_of_two_that_publish_one_list_at_once_the_second_waits_for_the_first(
    database: Engine,
) -> None:
    allowlist = PhaseAllowlist(PhaseIndex(0), ACCOUNTS)
    mentor = address_of("mentor")

    def again() -> None:
        with writing(database) as connection:
            lists.keep(connection, allowlist, mentor, START)

    # The first time there is nothing yet that both could wait for.
    for _ in range(2):
        with ThreadPoolExecutor(1) as pool:
            with writing(database) as connection:
                lists.keep(connection, allowlist, mentor, START)
                second = pool.submit(again)
                with pytest.raises(TimeoutError):
                    second.result(0.3)
            second.result(30)
    with reading(database) as connection:
        found = [
            lists.listed_in(connection, allowlist.root, PhaseIndex(0), one) for one in ACCOUNTS
        ]
    assert all(one is not None and one.proof for one in found)
