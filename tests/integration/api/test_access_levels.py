"""The access check at a level: how settled the ownership must be that somebody gets in by."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pytest

from api.app import create_app
from api.programme.programmes import programme_of
from marketplace.chain.keys import signer_of_key
from marketplace.client import SeatmarketClient
from marketplace.client.access import Check
from marketplace.receipts.transport import receipt_from_json
from tests.integration.api.live import COHORT, SESSION, Live, wallet
from tests.integration.api.world import InProcess, code_of
from tests.integration.questions import questions
from tests.unit.marketplace.receipts.examples import SIGNER

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    Ask = Callable[[httpx.Client, dict[str, str | int]], dict[str, Any]]

ROOM: Final[dict[str, str | int]] = {"action": "enter_session", "drop": SESSION, "session": 1}
RESALE: Final[dict[str, str | int]] = {"action": "see_resale", "drop": COHORT}
BEHIND: Final = {"safe": 2, "finalized": 4}
"""Blocks by which the development chain's levels trail its head."""


@pytest.fixture
def door(live: Live) -> Live:
    """The room is open, and in the head ada has bought the seat that bo had long had."""
    live.parts = replace(live.parts, receipts=SIGNER)
    live.publish()
    seat = live.mint(SESSION, "bo")
    live.mirror()
    session = programme_of(live.parts, SESSION).session(1)
    assert session is not None
    live.market.steering.travel(session.starts_at)
    settle(live, BEHIND["finalized"])
    live.resell(seat, "bo", "ada")
    live.mirror()
    return live


def settle(live: Live, blocks: int) -> None:
    for _ in range(blocks):
        live.market.steering.travel(live.market.now + 1)
    live.mirror()


def by_check(client: httpx.Client, asked: dict[str, str | int]) -> dict[str, Any]:
    answer = client.get("/v1/access/check", params=asked)
    assert answer.status_code == 200, answer.text
    decision: dict[str, Any] = answer.json()
    return decision


def in_the_frameworks_way(client: httpx.Client, asked: dict[str, str | int]) -> dict[str, Any]:
    # A name that is escaped is none of the plain form's.
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    answer = client.get(f"/v1/access/check?{query.replace('action', '%61ction')}")
    assert answer.status_code == 200, answer.text
    decision: dict[str, Any] = answer.json()
    return decision


def by_batch(client: httpx.Client, asked: dict[str, str | int]) -> dict[str, Any]:
    answer = client.post("/v1/access/check:batch", json={"checks": [ROOM, asked]})
    assert answer.status_code == 200, answer.text
    beside, decision = (one["decision"] for one in answer.json()["answers"])
    assert (beside["level"], beside["block_hash"]) == ("latest", decision["block_hash"])
    told: dict[str, Any] = decision
    return told


def by_receipt(client: httpx.Client, asked: dict[str, str | int]) -> dict[str, Any]:
    answer = client.get("/v1/access/receipt", params=asked)
    assert answer.status_code == 200, answer.text
    decision: dict[str, Any] = answer.json()["decision"]
    signed = receipt_from_json(json.dumps(answer.json()["receipt"])).receipt
    assert (signed.level, signed.reason) == (decision["level"], decision["reason"])
    return decision


@pytest.mark.parametrize("ask", [by_check, in_the_frameworks_way, by_batch, by_receipt])
@pytest.mark.parametrize("level", BEHIND)
def test_a_seat_bought_in_the_head_opens_at_a_level_once_its_block_is_that(
    door: Live, level: str, ask: Ask
) -> None:
    buyer, bought_in = door.client("ada"), door.market.web3.eth.block_number
    asked = ROOM | {"level": level}
    assert ask(buyer, ROOM | {"level": "latest"})["allow"]

    early = ask(buyer, asked)
    settle(door, BEHIND[level] - 1)
    still = ask(buyer, asked)
    settle(door, 1)
    late = ask(buyer, asked)

    assert (early["allow"], early["reason"], early["level"]) == (False, "not_settled", level)
    remedy = {name: early["remedy"][name] for name in ("name", "block", "level")}
    assert remedy == {"name": "wait_for_block", "block": bought_in, "level": level}
    assert still["remedy"] == early["remedy"]
    assert (late["allow"], late["via"], late["level"]) == (True, "seat", level)


@pytest.mark.parametrize("ask", [by_check, in_the_frameworks_way, by_batch, by_receipt])
def test_who_sold_in_the_head_is_out_at_every_level(door: Live, ask: Ask) -> None:
    seller = door.client("bo")

    told = [ask(seller, ROOM | {"level": level}) for level in ("latest", *BEHIND)]

    # The mirror's safe block still says that the seat is theirs.
    assert [(one["allow"], one["reason"]) for one in told] == [(False, "no_seat")] * 3
    assert {one["remedy"]["name"] for one in told} == {"buy_seat"}


def test_a_level_is_asked_of_whatever_a_seat_opens_and_of_no_other_right(door: Live) -> None:
    asked = RESALE | {"level": "finalized"}

    assert by_check(door.client("ada"), asked)["reason"] == "not_settled"
    mentors = by_check(door.client("mentor"), asked)
    everybodys = by_check(door.api, asked | {"drop": SESSION})

    assert (mentors["via"], mentors["level"]) == ("mentor", "latest")
    assert (everybodys["via"], everybodys["level"]) == ("open_to_all", "latest")


@pytest.mark.parametrize("ask", [by_check, in_the_frameworks_way, by_batch, by_receipt])
@pytest.mark.parametrize("level", BEHIND)
def test_a_yes_that_rests_on_no_seat_claims_the_latest_block_and_no_more(
    door: Live, level: str, ask: Ask
) -> None:
    # Resales of the session are for everybody, whoever holds however young a seat of it.
    told = ask(door.client("ada"), RESALE | {"drop": SESSION, "level": level})

    assert (told["allow"], told["via"], told["seat"]) == (True, "open_to_all", None)
    assert told["level"] == "latest"


def test_a_batch_asks_each_question_at_its_own_level(door: Live) -> None:
    levels = ("latest", "safe", "finalized")
    settle(door, BEHIND["safe"])

    answer = door.client("ada").post(
        "/v1/access/check:batch", json={"checks": [ROOM | {"level": one} for one in levels]}
    )

    told = [one["decision"] for one in answer.json()["answers"]]
    assert [(one["level"], one["allow"]) for one in told] == [
        ("latest", True),
        ("safe", True),
        ("finalized", False),
    ]


@pytest.mark.parametrize("way", [by_check, in_the_frameworks_way])
def test_a_level_costs_no_question_more(
    door: Live, monkeypatch: pytest.MonkeyPatch, way: Ask
) -> None:
    # A holder is not looked for among the co-hosts; somebody who is told no is.
    settle(door, BEHIND["finalized"])
    client = door.client("ada")
    way(client, ROOM)
    told = {}
    for level in ("latest", *BEHIND):
        with questions(monkeypatch, door.parts.reads) as asked:
            way(client, ROOM | {"level": level})
        told[level] = asked

    assert len(told["latest"]) > 1
    assert told["safe"] == told["finalized"] == told["latest"]


def test_what_is_no_level_is_refused(door: Live) -> None:
    client = door.client("ada")
    for level in ("", "head", "LATEST", "7"):
        for path in ("check", "receipt"):
            answer = client.get(f"/v1/access/{path}", params=ROOM | {"level": level})
            assert (answer.status_code, code_of(answer)) == (422, "invalid_request"), level
        body = {"checks": [ROOM | {"level": level}]}
        answer = client.post("/v1/access/check:batch", json=body)
        assert (answer.status_code, code_of(answer)) == (422, "invalid_request"), level


def test_the_client_asks_at_a_level(door: Live) -> None:
    with SeatmarketClient(
        door.parts.origin.url, transport=InProcess(create_app(door.parts))
    ) as client:
        client.sign_in(signer_of_key(bytes(wallet("ada").signer.key)))
        room = Check("enter_session", SESSION, session=1, level="safe")

        alone = client.check(room)
        (of_many,) = client.check_many([room])
        signed = client.receipt(room).signed.receipt

    assert (alone.reason, alone.level) == ("not_settled", "safe")
    assert of_many.decision == alone
    assert (signed.reason, signed.level) == ("not_settled", "safe")
