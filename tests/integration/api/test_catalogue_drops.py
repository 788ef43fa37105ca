from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from sqlalchemy import update

from indexer.queries import MirrorId, drop_terms, drops_in_full
from indexer.store import audits, checkpoints
from indexer.store.audits import Audited, Finding
from indexer.store.tables import fold_versions
from marketplace.bindings.development import deploy_coin
from marketplace.bindings.reverts.drops import SoldOut
from marketplace.domain.addresses import ETH
from marketplace.domain.drop import MintRequest
from marketplace.domain.ids import DropId, PhaseIndex
from marketplace.domain.money import Wei
from marketplace.storage.transactions import reading, writing
from tests.integration.api.live import COHORT, EXAMPLES, SESSION, launch
from tests.integration.api.world import Clock, Wallet, browser, code_of, parts_for
from tests.integration.marketplace.world import address_of, with_terms

if TYPE_CHECKING:
    import httpx
    from sqlalchemy import Engine

    from tests.integration.api.live import Live


def shown(client: httpx.Client, path: str, **query: str | int) -> dict[str, Any]:
    """The members of an answer that must be there."""
    answer = client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    members: dict[str, Any] = answer.json()
    return members


def test_the_chain_status_names_the_three_blocks_and_their_age(live: Live) -> None:
    live.mint(SESSION, "ada")
    head = live.mirror()
    live.clock.forward(7)
    status = shown(live.api, "/v1/chain/status")
    node = live.market.web3.eth
    for level, depth in (("head", 0), ("safe", 2), ("finalized", 4)):
        block = node.get_block(head - depth)
        assert status[level]["number"] == head - depth
        assert status[level]["hash"] == f"0x{bytes(block['hash']).hex()}"
    assert status["chain_id"] == 31337
    assert status["contract"] == live.market.contract.address
    assert status["lag_s"] == 7
    assert (status["audited"], status["disagrees"]) == (None, False)


def test_the_chain_status_says_how_far_the_mirror_was_audited(live: Live) -> None:
    mirror = MirrorId(31337)
    live.mint(SESSION, "ada")
    live.mirror()
    final = shown(live.api, "/v1/chain/status")["finalized"]
    digest = f"0x{7:064x}"
    with writing(live.parts.reads) as connection:
        found = checkpoints.load(connection, mirror)
        assert found is not None
        audits.advance(
            connection,
            mirror,
            Audited(
                last=found.finalized,
                config_hash=found.config_hash,
                events=1,
                digest=digest,
                owed={},
            ),
        )
        audits.note(
            connection,
            mirror,
            Finding(block_number=1, what="it", mirrored="a", on_chain="b", about={}, found_at=1),
        )

    status = shown(live.api, "/v1/chain/status")

    told = {"number": final["number"], "hash": final["hash"], "digest": digest}
    assert (status["audited"], status["disagrees"]) == (told, True)


PATHS: Final = (
    *("/v1/chain/status", "/v1/drops", "/v1/drops/1", "/v1/drops/1/terms", "/v1/drops/1/seats"),
    *("/v1/seats/1000001", "/v1/seats/1000001/history"),
    *("/v1/seats/1000001/metadata", "/v1/seats/1000001/image"),
)


def test_without_a_mirror_nothing_is_known(client: httpx.Client) -> None:
    for path in PATHS:
        answer = client.get(path)
        assert answer.status_code == 503
        assert code_of(answer) == "mirror_missing", path
        assert int(answer.headers["retry-after"]) > 0


def test_while_the_mirror_is_built_again_nothing_is_told(live: Live) -> None:
    live.mirror()
    incomplete = update(fold_versions).values(complete=0)
    with writing(live.parts.reads) as connection:
        assert (
            connection.execute(incomplete.where(fold_versions.c.fold == "seat_states")).rowcount
            == 1
        )
    for path in (
        "/v1/drops",
        "/v1/drops/1",
        "/v1/mentors",
        "/v1/drops/1/seats",
        "/v1/drops/1/terms",
    ):
        answer = live.api.get(path)
        assert (answer.status_code, code_of(answer)) == (503, "mirror_incomplete"), path
        assert answer.headers["retry-after"] == "5"


def test_before_the_indexer_has_made_its_tables_the_operator_is_named(
    empty_database: Engine,
) -> None:
    client = browser(parts_for(empty_database, Clock()))
    for path in PATHS:
        answer = client.get(path)
        assert answer.status_code == 503
        assert code_of(answer) == "storage_version", path


def test_a_drop_shows_the_terms_that_the_contract_has(live: Live) -> None:
    live.mint(SESSION, "ada", quantity=2)
    head = live.mirror()
    drop = shown(live.api, "/v1/drops/1")
    told = live.market.contract.terms_of(SESSION)
    assert drop["as_of_block"] == head
    assert drop["level"] == "latest"
    assert drop["state"] == "live"
    assert drop["policy"] == "market_only"
    assert drop["mentor"] == told.terms.mentor == address_of("mentor")
    assert drop["payout"] == told.terms.payout
    assert drop["royalty_bps"] == told.terms.royalty
    assert drop["default_split_bps"] == told.terms.default_split
    assert drop["paused_until"] is None
    assert drop["terms_hash"] == f"0x{live.files[SESSION].drop.terms.terms_hash.hex()}"
    assert drop["escrow_wei"] == str(live.market.contract.escrow_of(SESSION)) == str(8 * 10**16)
    assert [int(tier["list_price_wei"]) for tier in drop["tiers"]] == [
        tier.list_price for tier in told.tiers
    ]
    assert [tier["live"] for tier in drop["tiers"]] == [2, 0]
    assert [int(phase["price_wei"]) for phase in drop["phases"]] == [
        phase.price for phase in told.phases
    ]
    assert [phase["sold"] for phase in drop["phases"]] == [2, 0, 0]


def test_a_drop_names_the_coin_that_it_is_paid_in(live: Live) -> None:
    market = live.market
    coin = deploy_coin(market.sender("guardian"))
    market.send("deployer", market.contract.set_currency(coin, allowed=True))
    drop = market.create(with_terms(market.offer(), currency=coin))
    live.mirror()
    assert shown(live.api, f"/v1/drops/{drop}")["currency"] == coin
    assert shown(live.api, f"/v1/drops/{SESSION}")["currency"] == ETH


def test_names_and_sessions_are_unknown_until_they_are_published(live: Live) -> None:
    live.mirror()
    before = shown(live.api, "/v1/drops/2")
    assert [before[name] for name in ("product", "sessions", "audience", "refund_policy")] == (
        [None] * 4
    )
    assert {tier["name"] for tier in before["tiers"]} == {None}
    live.publish()
    after = shown(live.api, "/v1/drops/2")
    assert [tier["name"] for tier in after["tiers"]] == ["Access", "Practice", "Impact"]
    assert after["phases"][2]["name"] == "Practice, held back for the last week"
    assert after["product"]["mentor"] == "Inês Calado"
    assert [(one["session"], one["kind"], one["tiers"]) for one in after["sessions"]] == [
        (1, "workshop", [0, 1, 2]),
        (2, "office hour", [1, 2]),
        (3, "workshop", [0, 1, 2]),
    ]
    assert after["sessions"][0]["starts_at"] == after["starts_at"]
    assert after["audience"] == [1]
    assert shown(live.api, "/v1/drops/1")["audience"] == "anyone"


@pytest.mark.parametrize("drop", [SESSION, COHORT])
def test_what_is_left_of_a_phase_is_what_the_contract_would_sell(live: Live, drop: DropId) -> None:
    """Also around a phase that holds seats back, before and after it closes."""
    first = 3 if drop == COHORT else 0
    live.mint(drop, "ada", first)
    live.mint(drop, "bo", first)
    contract, sender = live.market.contract, live.market.sender("cleo")
    moments = sorted({phase.opens for phase in live.files[drop].drop.phases})
    compared = 0
    for moment in moments:
        if moment > live.market.now:
            live.market.steering.travel(moment)
        live.mirror()
        for phase in shown(live.api, f"/v1/drops/{drop}")["phases"]:
            if not phase["open"]:
                continue
            wanted = MintRequest(
                drop=drop,
                phase=PhaseIndex(phase["phase"]),
                recipient=address_of("cleo"),
                quantity=1_000,
                max_total=Wei(0),
            )
            with pytest.raises(SoldOut) as caught:
                sender.simulate(contract.mint(wanted, Wei(0)))
            assert phase["left"] == caught.value.left
            compared += 1
    assert compared >= 3


def test_a_drop_is_shown_as_it_was_at_a_level(live: Live) -> None:
    live.mint(SESSION, "ada")
    head = live.mirror()
    for level, behind, sold in (("latest", 0, 1), ("safe", 2, 0)):
        drop = shown(live.api, "/v1/drops/1", level=level)
        assert (drop["level"], drop["as_of_block"]) == (level, head - behind)
        assert drop["tiers"][0]["live"] == sold
        assert drop["escrow_wei"] == str(sold * live.price(SESSION, 0))
    answer = live.api.get("/v1/drops/2", params={"level": "finalized"})
    assert code_of(answer) == "not_found"


NUMBERS: Final = {
    "not_found": ["0", "3", str(2**63 // 10**6), str(2**63), str(2**64 - 1)],
    "invalid_request": [
        str(2**64),
        "9" * 5_000,
        *("-1", "+1", "01", "1.0", "1e0", "1_0", "%201", "0x1", "\u0967", "x"),
    ],
}


@pytest.mark.parametrize("code", NUMBERS)
def test_a_number_that_no_drop_has_is_refused(live: Live, code: str) -> None:
    live.mirror()
    for drop in NUMBERS[code]:
        for path in (f"/v1/drops/{drop}", f"/v1/drops/{drop}/seats", f"/v1/drops/{drop}/terms"):
            assert code_of(live.api.get(path)) == code, path[:40]


def test_a_level_that_there_is_not_is_refused(live: Live) -> None:
    live.mirror()
    for query in ("level=head", "level=", "level=LATEST", "level=7", "at=1", "level=safe&level=x"):
        assert code_of(live.api.get(f"/v1/drops/1?{query}")) == "invalid_request", query


def test_drops_come_in_pages_by_their_numbers(live: Live) -> None:
    # An hour later the same file means another text.
    live.market.steering.travel(live.market.now + 3_600)
    for _ in range(3):
        launch(live.market, EXAMPLES / "drop-session.toml", "eve")
    head = live.mirror()
    live.publish()
    pages = [shown(live.api, "/v1/drops", after=after, limit=2) for after in (0, 2, 4)]
    assert [page["next"] for page in pages] == [2, 4, None]
    assert {page["as_of_block"] for page in pages} == {head}
    seen = [one for page in pages for one in page["drops"]]
    assert [one["drop"] for one in seen] == [1, 2, 3, 4, 5]
    assert [one["title"] is None for one in seen] == [False, False, True, True, True]
    assert seen[1]["cap"] == 35
    assert seen[1]["lowest_price_wei"] == str(2 * 10**17)
    theirs = shown(live.api, "/v1/drops", mentor=address_of("eve"), limit=3)
    assert [one["drop"] for one in theirs["drops"]] == [3, 4, 5]
    assert theirs["next"] is None
    nobodys = shown(live.api, "/v1/drops", mentor=Wallet().address)
    assert (nobodys["drops"], nobodys["next"]) == ([], None)


def test_a_page_holds_each_drop_as_it_is_read_alone(live: Live) -> None:
    live.mint(SESSION, "ada")
    live.mint(COHORT, "bo")
    live.mirror()
    with reading(live.parts.reads) as connection:
        page = drops_in_full(connection, live.parts.mirror_id)
        alone = [drop_terms(connection, live.parts.mirror_id, one) for one in (SESSION, COHORT)]
    assert list(page) == alone


PAGES: Final = (
    *("limit=0", "limit=101", "limit=-1", "limit=x", "limit=1.0", f"limit={'9' * 5_000}"),
    *("after=-1", f"after={2**64}", "after=1_0", "page=2", "mentor=0x1"),
    f"mentor=0X{'AB' * 20}",
)


def test_a_page_that_cannot_be_is_refused(live: Live) -> None:
    live.mirror()
    for query in PAGES:
        assert code_of(live.api.get(f"/v1/drops?{query}")) == "invalid_request", query[:40]


def test_nothing_comes_after_the_last_drop(live: Live) -> None:
    live.mirror()
    for after in (2, 2**63 - 1, 2**63, 2**64 - 1):
        page = shown(live.api, "/v1/drops", after=after)
        assert (page["drops"], page["next"]) == ([], None)
