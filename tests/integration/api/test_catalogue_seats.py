from __future__ import annotations

import hashlib
import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

import pytest

from marketplace.bindings.pictures import image_of, metadata_of
from marketplace.domain.ids import SeatId
from marketplace.domain.money import Wei
from tests.integration.api.live import COHORT, SESSION
from tests.integration.api.preparing import done
from tests.integration.api.world import NO_NODE, browser, code_of
from tests.integration.marketplace.world import address_of

if TYPE_CHECKING:
    import httpx

    from tests.integration.api.live import Live


def shown(client: httpx.Client, path: str, **query: str | int) -> dict[str, Any]:
    """The members of an answer that must be there."""
    answer = client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    members: dict[str, Any] = answer.json()
    return members


def test_a_seat_is_as_the_contract_has_it(live: Live) -> None:
    seat = live.mint(SESSION, "ada")
    live.resell(seat, "ada", "bo", Wei(5 * 10**16))
    head = live.mirror()
    told = live.market.contract.seat_of(seat)
    members = shown(live.api, f"/v1/seats/{seat}")
    assert members["seat"] == str(seat) == "1000001"
    assert (members["drop"], members["tier"], members["number"]) == (1, 0, 1)
    assert members["owner"] == told.owner == address_of("bo")
    assert members["epoch"] == told.epoch == 1
    assert members["face_wei"] == str(told.face) == str(4 * 10**16)
    assert members["held_wei"] == str(live.market.contract.held_of(seat)) == str(5 * 10**15)
    assert (members["minted_phase"], members["locked"], members["burned"]) == (0, False, False)
    assert (members["level"], members["as_of_block"]) == ("latest", head)


def test_a_seat_is_shown_as_it_was_at_a_level(live: Live) -> None:
    seat = live.mint(SESSION, "ada")
    live.resell(seat, "ada", "bo")
    live.market.steering.travel(live.market.now + 1)
    head = live.mirror()
    latest = shown(live.api, f"/v1/seats/{seat}")
    safe = shown(live.api, f"/v1/seats/{seat}", level="safe")
    assert (latest["owner"], latest["as_of_block"]) == (address_of("bo"), head)
    assert (safe["owner"], safe["as_of_block"]) == (address_of("ada"), head - 2)
    # Up to the finalized block it was never minted.
    answer = live.api.get(f"/v1/seats/{seat}", params={"level": "finalized"})
    assert code_of(answer) == "not_found"


def test_a_history_names_every_owner_and_every_resale(live: Live) -> None:
    seat = live.mint(SESSION, "ada")
    live.resell(seat, "ada", "bo", Wei(6 * 10**16))
    live.resell(seat, "bo", "cleo", Wei(3 * 10**16))
    head = live.mirror()
    history = shown(live.api, f"/v1/seats/{seat}/history")
    assert history["seat"] == str(seat)
    assert history["as_of_block"] == head
    assert [(one["owner"], one["how"], one["epoch"]) for one in history["owners"]] == [
        (address_of("ada"), "mint", 0),
        (address_of("bo"), "sale", 1),
        (address_of("cleo"), "sale", 2),
    ]
    assert [
        (one["seller"], one["buyer"], one["price_wei"], one["royalty_wei"])
        for one in history["sales"]
    ] == [
        (address_of("ada"), address_of("bo"), str(6 * 10**16), str(6 * 10**15)),
        (address_of("bo"), address_of("cleo"), str(3 * 10**16), str(3 * 10**15)),
    ]
    for change in history["owners"]:
        block = live.market.web3.eth.get_block(change["block_number"])
        assert change["block_hash"] == f"0x{bytes(block['hash']).hex()}"
        receipt = live.market.web3.eth.get_transaction_receipt(change["tx_hash"])
        assert receipt["blockNumber"] == change["block_number"]
        assert change["log_index"] in {log["logIndex"] for log in receipt["logs"]}


def test_a_history_comes_in_pages_each_with_its_own_sales(live: Live) -> None:
    seat = live.mint(SESSION, "ada")
    people = ("ada", "bo", "cleo", "ada")
    for seller, buyer in pairwise(people):
        live.resell(seat, seller, buyer, Wei(3 * 10**16))
    other = live.mint(SESSION, "bo")
    live.mirror()
    path = f"/v1/seats/{seat}/history"
    whole = shown(live.api, path)
    pages = [shown(live.api, path, limit=1)]
    while pages[-1]["next"] is not None:
        assert len(pages) <= len(people)
        pages.append(shown(live.api, path, limit=1, after=pages[-1]["next"]))
    assert [[one["owner"] for one in page["owners"]] for page in pages] == [
        [address_of(name)] for name in people
    ]
    assert [[one["buyer"] for one in page["sales"]] for page in pages] == [
        [],
        *([address_of(name)] for name in people[1:]),
    ]
    assert [one for page in pages for one in page["owners"]] == whole["owners"]
    assert [one for page in pages for one in page["sales"]] == whole["sales"]
    assert whole["next"] is None
    for wrong in (f"{pages[0]['next']}x", "1-1", "1-1."):
        assert code_of(live.api.get(path, params={"after": wrong})) == "invalid_request"
    elsewhere = live.api.get(f"/v1/seats/{other}/history", params={"after": pages[0]["next"]})
    assert code_of(elsewhere) == "invalid_request"


def test_a_drops_seats_come_in_pages_by_their_ids(live: Live) -> None:
    live.mint(SESSION, "ada", quantity=2)
    live.mint(SESSION, "bo", phase=2)
    live.mint(COHORT, "ada")
    live.mirror()
    first = shown(live.api, "/v1/drops/1/seats", limit=2)
    second = shown(live.api, "/v1/drops/1/seats", limit=2, after=first["next"])
    assert [one["seat"] for one in first["seats"]] == ["1000001", "1000002"]
    assert [one["seat"] for one in second["seats"]] == ["1100001"]
    assert (first["next"], second["next"]) == ("1000002", None)
    assert second["seats"][0]["owner"] == address_of("bo")
    other = shown(live.api, "/v1/drops/2/seats", limit=1)
    assert ([one["seat"] for one in other["seats"]], other["next"]) == (["2000001"], None)


def test_the_caller_sees_their_own_seats_and_nobody_elses(live: Live) -> None:
    mine = live.mint(SESSION, "ada", quantity=2)
    sold = live.mint(COHORT, "ada")
    live.resell(sold, "ada", "bo")
    live.mirror()
    ada = shown(live.client("ada"), "/v1/me/seats")
    assert [one["seat"] for one in ada["seats"]] == [str(mine), str(mine + 1)]
    page = shown(live.client("ada"), "/v1/me/seats", after=str(mine), limit=1)
    assert ([one["seat"] for one in page["seats"]], page["next"]) == ([str(mine + 1)], None)
    assert [one["seat"] for one in shown(live.client("bo"), "/v1/me/seats")["seats"]] == [str(sold)]
    assert code_of(live.api.get("/v1/me/seats")) == "sign_in_required"


NUMBERS: Final = {
    "not_found": ["0", "1", "1000002", "1000000", str(2**63 - 1), str(2**63), str(2**256 - 1)],
    "invalid_request": [
        str(2**256),
        "9" * 5_000,
        *("-1", "+1", "01", "1000001.0", "1e6", "1_000_001", "0xf4241", "\u0967", "x"),
    ],
}


@pytest.mark.parametrize("code", NUMBERS)
def test_an_id_that_no_seat_has_is_refused(live: Live, code: str) -> None:
    live.mint(SESSION, "ada")
    live.mirror()
    for seat in NUMBERS[code]:
        for rest in ("", "/history", "/metadata", "/image"):
            assert code_of(live.api.get(f"/v1/seats/{seat}{rest}")) == code, seat[:40] + rest


def test_no_page_of_seats_is_beyond_the_last(live: Live) -> None:
    live.mint(SESSION, "ada")
    live.mirror()
    for after in (1_000_001, 2**63 - 1, 2**63, 2**256 - 1):
        for client, path in ((live.api, "/v1/drops/1/seats"), (live.client("ada"), "/v1/me/seats")):
            page = shown(client, path, after=str(after))
            assert (page["seats"], page["next"]) == ([], None)
    for query in (f"after={2**256}", "after=-1", "after=x", "limit=0", "limit=101", "at=1"):
        assert code_of(live.api.get(f"/v1/drops/1/seats?{query}")) == "invalid_request", query


def test_metadata_and_picture_are_the_contracts_own_bytes(live: Live) -> None:
    seat = live.mint(SESSION, "ada")
    head = live.mirror()
    told = metadata_of(live.market.contract.token_uri(seat))
    metadata = live.api.get(f"/v1/seats/{seat}/metadata")
    assert metadata.headers["content-type"] == "application/json"
    assert metadata.content == told.encode()
    assert json.loads(metadata.content)["name"] == "Seat 1, tier 0, drop 1"
    image = live.api.get(f"/v1/seats/{seat}/image")
    assert image.headers["content-type"] == "image/svg+xml"
    assert image.content == image_of(told).encode()
    assert ET.fromstring(image.content).tag.endswith("svg")  # noqa: S314 - the contract's own
    for answer in (metadata, image):
        assert answer.headers["etag"] == f'"{hashlib.sha256(answer.content).hexdigest()}"'
        assert answer.headers["cache-control"] == "public, max-age=10"
        assert answer.headers["seats-as-of-block"] == str(head)
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_picture_that_is_opened_by_itself_runs_and_loads_nothing(live: Live) -> None:
    seat = live.mint(SESSION, "ada")
    live.mirror()
    headers = live.api.get(f"/v1/seats/{seat}/image").headers
    policy = {part.strip() for part in headers["content-security-policy"].split(";")}
    assert {"default-src 'none'", "style-src 'unsafe-inline'", "sandbox"} <= policy
    assert not [part for part in policy if part.startswith(("script-src", "sandbox "))]
    assert headers["cross-origin-resource-policy"] == "cross-origin"


def test_a_picture_is_sent_once_and_again_when_it_changes(live: Live) -> None:
    seat = live.mint(SESSION, "ada")
    live.mirror()
    for what in ("metadata", "image"):
        path = f"/v1/seats/{seat}/{what}"
        tag = live.api.get(path).headers["etag"]
        same = live.api.get(path, headers={"If-None-Match": tag})
        assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
    before = live.api.get(f"/v1/seats/{seat}/metadata").headers["etag"]
    live.market.send("mentor", live.market.contract.cancel_drop(SESSION))
    live.mirror()
    path = f"/v1/seats/{seat}/metadata"
    assert live.api.get(path, headers={"If-None-Match": before}).status_code == 200


def test_a_picture_is_of_the_block_that_the_mirror_is_at(live: Live) -> None:
    seat = live.mint(SESSION, "ada")
    live.mirror()
    before = live.api.get(f"/v1/seats/{seat}/metadata")
    live.resell(seat, "ada", "bo")
    # The chain has gone on, the mirror has not: nothing is mixed.
    assert live.api.get(f"/v1/seats/{seat}/metadata").content == before.content


def test_what_a_reorganisation_undoes_is_no_longer_shown(live: Live) -> None:
    seat = live.mint(SESSION, "ada")
    head = live.mirror()
    before = shown(live.api, f"/v1/seats/{seat}")
    live.reorganise(1, 2)
    assert live.mirror() == head + 1
    for rest in ("", "/history", "/metadata"):
        assert code_of(live.api.get(f"/v1/seats/{seat}{rest}")) == "not_found"
    drop = shown(live.api, "/v1/drops/1")
    assert (drop["as_of_block"], drop["tiers"][0]["issued"]) == (head + 1, 0)
    assert shown(live.api, "/v1/drops/1/seats")["seats"] == []
    again = live.mint(SESSION, "bo")
    live.mirror()
    after = shown(live.api, f"/v1/seats/{again}")
    assert (after["seat"], after["owner"]) == (before["seat"], address_of("bo"))
    assert after["block_hash"] != before["block_hash"]


def test_a_burned_seat_is_shown_without_an_owner_and_without_a_picture(live: Live) -> None:
    seat = live.mint(SESSION, "ada")
    live.mirror()
    live.market.steering.travel(live.market.now + 1)
    done(live, "ada", "refund", seat=str(seat))
    live.mirror()
    members = shown(live.api, f"/v1/seats/{seat}")
    assert (members["owner"], members["burned"]) == (None, True)
    assert shown(live.api, "/v1/drops/1/seats")["seats"][0]["burned"]
    assert shown(live.client("ada"), "/v1/me/seats")["seats"] == []
    for what in ("metadata", "image"):
        assert code_of(live.api.get(f"/v1/seats/{seat}/{what}")) == "not_found"


def test_a_picture_waits_for_the_node_and_nothing_else_does(live: Live) -> None:
    seat = live.mint(SESSION, "ada")
    live.mirror()
    alone = browser(live.parts_without_node())
    for what in ("metadata", "image"):
        answer = alone.get(f"/v1/seats/{seat}/{what}")
        assert answer.status_code == 503
        assert code_of(answer) == "chain_unavailable"
        assert NO_NODE not in answer.text
    assert shown(alone, f"/v1/seats/{seat}")["seat"] == str(SeatId(seat))
