"""Each address that makes something takes a key, and is asked twice here."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import pytest
from sqlalchemy import func, select

from api.idempotency.asking import HEADER, LASTS_S, REPEAT_PROBLEMS, REPLAYED
from api.idempotency.attempts import Asked, attempt
from api.idempotency.sealing import Shown
from api.idempotency.values import Place
from api.problems import PROBLEMS
from api.sessions.tokens import Pass, hash_of
from api.sessions.writes import use_ticket
from api.store.tables import admissions, join_tickets, listings, offers, recordings
from api.store.webhook_tables import webhook_endpoints
from marketplace.storage.transactions import reading, writing
from tests.integration.api.live import live_api, wallet
from tests.integration.api.offering import fund, prepared_offer, signed_offer
from tests.integration.api.receiving import KEY
from tests.integration.api.staging import ROOM, SEAT, VIDEO, Stage, staged
from tests.integration.api.trading import market_of_two, prepared_list, signed
from tests.integration.api.world import browser, code_of, sign_in_client

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx
    from sqlalchemy import Engine, Table

    from api.parts import Parts
    from tests.integration.api.live import Live, LiveChain

Json: TypeAlias = Any
DIGEST: Final = f"sha-256=:{b64encode(sha256(VIDEO).digest()).decode()}:"

WITHOUT: Final = {
    "POST /v1/auth/nonce": "a nonce serves one attempt; one more than is used lapses",
    "POST /v1/auth/verify": "its nonce is the key: it is spent by the first attempt",
    "POST /v1/auth/sign-out": "it ends something, and a second time there is nothing to end",
    "POST /v1/access/check:batch": "it makes nothing",
    "POST /v1/admissions/renew": "it makes nothing: an admission is renewed as often as wished",
    "POST /v1/webhook-endpoints/{endpoint}/deliveries/{delivery}/replay": (
        "it makes nothing: the message goes out again under its own id"
    ),
}
"""What takes no key, and why. What is under /v1/tx prepares for somebody else to sign."""


@pytest.fixture
def stage(launched_chain: LiveChain, database: Engine, tmp_path: Path) -> Iterator[Stage]:
    with staged(launched_chain, database, tmp_path) as found:
        found.to_the_session()
        found.give(found.holder, SEAT)
        yield found


@pytest.fixture
def trading(launched_chain: LiveChain, database: Engine) -> Iterator[Live]:
    with live_api(launched_chain, database, webhook_key=KEY, webhook_loopback=True) as live:
        yield live


@dataclass(frozen=True)
class Twice:
    """Two answers to one request."""

    first: httpx.Response
    again: httpx.Response


def twice(client: httpx.Client, path: str, **given: Json) -> Twice:
    """Ask twice under one key, and hold the second answer against the first."""
    headers = {HEADER: "twice", **given.pop("headers", {})}
    answers = [client.post(path, headers=headers, **given) for _ in range(2)]
    for one in answers:
        assert one.status_code in {200, 201}, one.text
    first, again = answers
    assert REPLAYED not in first.headers
    assert again.headers[REPLAYED] == "true"
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers.get("etag") == first.headers.get("etag")
    return Twice(first, again)


def rows(parts: Parts, table: Table) -> int:
    with reading(parts.store) as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_every_post_takes_a_key_or_is_named_with_its_reason(client: httpx.Client) -> None:
    paths = client.get("/v1/openapi.json").json()["paths"]
    posts = {f"POST {path}": one["post"] for path, one in paths.items() if "post" in one}
    taking = {
        name: operation
        for name, operation in posts.items()
        if any(one["name"] == HEADER for one in operation.get("parameters", []))
    }
    prepared = {name for name in posts if name.startswith("POST /v1/tx/")}
    assert posts.keys() - taking.keys() == WITHOUT.keys() | prepared
    assert not taking.keys() & prepared
    assert len(taking) >= 8
    for name, operation in taking.items():
        for code in REPEAT_PROBLEMS:
            told = operation["responses"][str(int(PROBLEMS[code].status))]["description"]
            assert f"`{code}`" in told, name


def test_getting_into_a_room_under_a_key_is_one_presence(stage: Stage) -> None:
    holder = stage.client(stage.holder)
    ticket = twice(holder, f"{ROOM}/join").first.json()["ticket"]
    assert rows(stage.parts, join_tickets) == 1
    # The ticket is spent by the first of them.
    twice(stage.api, "/v1/admissions", json={"ticket": ticket})
    assert rows(stage.parts, admissions) == 1
    other = stage.api.post("/v1/admissions", json={"ticket": "x" * 43}, headers={HEADER: "twice"})
    assert code_of(other) == "idempotency_key_reused"


def test_a_ticket_that_another_request_of_the_key_has_just_spent_is_under_way(
    stage: Stage,
) -> None:
    ticket = stage.client(stage.holder).post(f"{ROOM}/join").json()["ticket"]
    body, parts = json.dumps({"ticket": ticket}).encode(), stage.parts
    place = Place(parts.mirror_id, "address 127.0.0.1", "POST", "/v1/admissions", "twice")
    headers = {HEADER: "twice", "Content-Type": "application/json"}
    with attempt(parts, Asked(place, Shown("", "twice", body), "", LASTS_S)):
        with writing(parts.store) as connection:
            token_hash = hash_of(Pass.TICKET, ticket)
            assert use_ticket(connection, parts.mirror_id, token_hash, parts.clock())
        waits = stage.api.post("/v1/admissions", content=body, headers=headers)
    assert (waits.status_code, code_of(waits)) == (409, "idempotency_key_in_use")
    over = stage.api.post("/v1/admissions", content=body, headers=headers)
    assert (over.status_code, code_of(over)) == (410, "ticket_spent")


def test_a_recording_under_a_key_is_announced_and_kept_once(stage: Stage) -> None:
    mentor = stage.client(stage.mentor)
    given: Json = {"params": {"title": "Part one"}, "content": VIDEO}
    webm = {"Content-Type": "video/webm"}
    unannounced = mentor.post(f"{ROOM}/recordings", headers={**webm, HEADER: "twice"}, **given)
    assert (unannounced.status_code, code_of(unannounced)) == (422, "invalid_request")
    twice(mentor, f"{ROOM}/recordings", headers={**webm, "Repr-Digest": DIGEST}, **given)
    assert rows(stage.parts, recordings) == 1
    assert {name: len(files) for name, files in stage.files().items()} == {"first": 1, "second": 1}
    another: Json = given | {"params": {"title": "Part two"}}
    headers = {**webm, HEADER: "twice", "Repr-Digest": DIGEST}
    reused = mentor.post(f"{ROOM}/recordings", headers=headers, **another)
    assert code_of(reused) == "idempotency_key_reused"


def test_a_program_keeps_its_keys_apart_from_its_accounts(stage: Stage) -> None:
    mentor = stage.client(stage.mentor)
    wish = {"name": "Camera", "scopes": ["recordings:write"], "expires_in_s": 3_600}
    text = mentor.post("/v1/api-keys", json=wish).json()["key"]
    program = browser(stage.parts)
    program.headers["Authorization"] = f"Bearer {text}"
    given: Json = {"params": {"title": "Part one"}, "content": VIDEO}
    headers = {"Content-Type": "video/webm", "Repr-Digest": DIGEST}
    for one in (mentor, program):
        twice(one, f"{ROOM}/recordings", headers=headers, **given)
    assert rows(stage.parts, recordings) == 2


def test_what_is_signed_and_handed_over_is_answered_as_before(trading: Live) -> None:
    adas, bos = market_of_two(trading)
    body = signed(prepared_list(trading, "ada", adas), "ada")
    twice(trading.api, "/v1/listings", json=body)
    # A listing that is there already is answered as such, and so again.
    known = trading.api.post("/v1/listings", json=body, headers={HEADER: "another"})
    assert known.status_code == 200
    again = trading.api.post("/v1/listings", json=body, headers={HEADER: "another"})
    assert (again.status_code, again.headers[REPLAYED]) == (200, "true")
    fund(trading, "cleo")
    trading.mirror()
    offer = signed_offer(prepared_offer(trading, "cleo", seat=str(bos)), "cleo")
    twice(trading.api, "/v1/offers", json=offer)
    assert (rows(trading.parts, listings), rows(trading.parts, offers)) == (1, 1)


def test_an_endpoint_under_a_key_is_registered_once_and_gets_one_new_secret(trading: Live) -> None:
    trading.mirror()
    mentor = trading.client("mentor")
    wish = {"url": "http://127.0.0.1:9/", "events": ["seat.sold"]}
    made = twice(mentor, "/v1/webhook-endpoints", json=wish).first.json()
    assert rows(trading.parts, webhook_endpoints) == 1
    rotate = f"/v1/webhook-endpoints/{made['endpoint']['endpoint']}/rotate-secret"
    rotated = twice(mentor, rotate).first.json()["secret"]
    assert rotated != made["secret"]
    # Done once: the secret before this one still signs beside it.
    with reading(trading.parts.store) as connection:
        assert connection.execute(select(webhook_endpoints.c.generation)).scalar_one() == 2
    other = browser(trading.parts)
    other.headers["Authorization"] = f"Bearer {sign_in_client(other, wallet('mentor'))}"
    sealed = other.post("/v1/webhook-endpoints", json=wish, headers={HEADER: "twice"})
    assert code_of(sealed) == "answer_sealed"
