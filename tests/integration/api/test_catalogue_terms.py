from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest
from eth_utils.crypto import keccak
from sqlalchemy import func, select, update

from api.catalogue.terms_routes import MAX_BODY_BYTES
from api.store.tables import published_terms
from marketplace.bindings.events import DropCreated
from marketplace.domain.money import Wei
from marketplace.launch.file import parse_launch_file
from marketplace.storage.transactions import reading, writing
from tests.integration.api.live import COHORT, EXAMPLES, SESSION, wallet
from tests.integration.api.world import browser, code_of, sign_in
from tests.integration.marketplace.world import address_of, one

if TYPE_CHECKING:
    import httpx

    from marketplace.domain.drop import NewDrop
    from marketplace.domain.ids import DropId
    from tests.integration.api.live import Live


def put(live: Live, drop: int, document: object, name: str = "mentor") -> httpx.Response:
    return live.client(name).put(f"/v1/drops/{drop}/terms", json={"document": document})


def kept(live: Live) -> int:
    """How many documents are kept."""
    with reading(live.parts.store) as connection:
        return connection.scalar(select(func.count()).select_from(published_terms)) or 0


def create(live: Live, offer: NewDrop, name: str = "mentor") -> DropId:
    """Create a drop by hand; the mirror knows of it afterwards."""
    made = live.market.send(name, live.market.contract.create_drop(offer))
    live.mirror()
    return one(live.market.contract.events_of(made), DropCreated).drop


def with_hash_of(offer: NewDrop, document: str) -> NewDrop:
    return replace(offer, terms=replace(offer.terms, terms_hash=keccak(text=document)))


def test_the_mentor_publishes_and_everybody_reads_the_very_bytes(live: Live) -> None:
    live.mirror()
    document = live.files[SESSION].document
    before = live.api.get("/v1/drops/1/terms")
    assert code_of(before) == "terms_unpublished"
    terms_hash = f"0x{live.files[SESSION].drop.terms.terms_hash.hex()}"
    assert terms_hash in before.json()["detail"]
    answer = put(live, SESSION, document)
    assert answer.status_code == 200
    assert answer.json() == {"drop": 1, "terms_hash": terms_hash}
    shown = live.api.get("/v1/drops/1/terms")
    assert shown.content == document.encode()
    assert f"0x{keccak(shown.content).hex()}" == terms_hash
    assert shown.headers["content-type"] == "application/json"
    assert shown.headers["etag"] == f'"{terms_hash}"'
    assert shown.headers["cache-control"] == "no-cache"
    again = live.api.get("/v1/drops/1/terms", headers={"If-None-Match": shown.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert code_of(live.api.get("/v1/drops/2/terms")) == "terms_unpublished"


def test_publishing_twice_is_publishing_once(live: Live) -> None:
    live.mirror()
    answers = [put(live, SESSION, live.files[SESSION].document) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert kept(live) == 1


def test_only_the_mentor_publishes(live: Live) -> None:
    live.mirror()
    document = live.files[SESSION].document
    refused = put(live, SESSION, document, "ada")
    assert (refused.status_code, code_of(refused)) == (403, "mentor_required")
    nobody = live.api.put("/v1/drops/1/terms", json={"document": document})
    assert code_of(nobody) == "sign_in_required"
    assert code_of(put(live, 9, document)) == "not_found"
    page = browser(live.parts)
    sign_in(page, wallet("mentor"))
    assert code_of(page.put("/v1/drops/1/terms", json={"document": document})) == "csrf_token_wrong"
    assert kept(live) == 0


def test_who_may_not_publish_is_told_before_the_body_is_looked_at(live: Live) -> None:
    live.mirror()
    spoiled = {"content": b"{", "headers": {"Content-Type": "application/json"}}
    for client, code in (
        (live.api, "sign_in_required"),
        (live.client("ada"), "mentor_required"),
        (live.client("mentor"), "malformed_body"),
    ):
        answer = client.request("PUT", "/v1/drops/1/terms", **spoiled)  # type: ignore[arg-type] # two kinds of arguments
        assert code_of(answer) == code


def test_another_text_is_refused_with_both_hashes(live: Live) -> None:
    live.mirror()
    for document in (
        live.files[COHORT].document,
        live.files[SESSION].document.replace("110", "100"),
        live.files[SESSION].document.rstrip("\n"),
        "{}",
    ):
        answer = put(live, SESSION, document)
        assert (answer.status_code, code_of(answer)) == (409, "terms_differ")
        assert answer.json()["sent_hash"] == f"0x{keccak(text=document).hex()}"
        assert answer.json()["terms_hash"] == (
            f"0x{live.files[SESSION].drop.terms.terms_hash.hex()}"
        )
    assert kept(live) == 0


@pytest.mark.parametrize("text", ["{}", "The terms: come and see.", '{"form": "another 1"}\n'])
def test_a_text_of_another_kind_is_not_kept_though_its_hash_is_right(live: Live, text: str) -> None:
    drop = create(live, with_hash_of(live.files[SESSION].drop, text))
    answer = put(live, drop, text)
    assert (answer.status_code, code_of(answer)) == (422, "terms_unreadable")
    assert kept(live) == 0
    shown = live.api.get(f"/v1/drops/{drop}").json()
    assert (shown["drop"], shown["product"]) == (drop, None)


def test_a_text_that_says_another_royalty_than_the_drop_is_not_kept(live: Live) -> None:
    file = live.files[SESSION]
    document = file.document.replace('"royalty": "10%"', '"royalty": "0%"')
    drop = create(live, with_hash_of(file.drop, document))
    answer = put(live, drop, document)
    assert (answer.status_code, code_of(answer)) == (409, "terms_contradict")
    assert answer.json()["field"] == "resale.royalty"
    assert kept(live) == 0


def test_a_published_text_is_not_shown_for_a_drop_that_only_borrows_its_hash(live: Live) -> None:
    live.mirror()
    live.publish()
    offer = live.files[SESSION].drop
    dearer = replace(offer.tiers[0], list_price=Wei(offer.tiers[0].list_price * 10))
    drop = create(live, replace(offer, tiers=(dearer, *offer.tiers[1:])), "eve")
    assert live.api.get("/v1/drops/1").json()["product"] is not None
    assert live.api.get(f"/v1/drops/{drop}").json()["product"] is None
    assert code_of(live.api.get(f"/v1/drops/{drop}/terms")) == "terms_unpublished"
    listed = live.api.get("/v1/drops").json()["drops"]
    assert [row["title"] is None for row in listed] == [False, False, True]


def test_a_damaged_text_is_not_believed_and_can_be_published_again(live: Live) -> None:
    live.mirror()
    live.publish()
    with writing(live.parts.store) as connection:
        # Nothing that the chain would contradict: only the hash tells.
        damaged = func.replace(published_terms.c.document, "Inês Calado", "Inês Callado")
        connection.execute(update(published_terms).values(document=damaged))
    assert code_of(live.api.get("/v1/drops/1/terms")) == "terms_unpublished"
    assert live.api.get("/v1/drops/1").json()["product"] is None
    assert put(live, SESSION, live.files[SESSION].document).status_code == 200
    assert live.api.get("/v1/drops/1/terms").text == live.files[SESSION].document


BODIES: Final = {
    "malformed_body": ["", "{", '{"document": "x", "document": "y"}', '{"document": "\\ud800"}'],
    "invalid_request": [
        *("[]", "{}", '{"document": 1}', '{"document": ""}', '{"document": null}'),
        '{"document": "x", "drop": 1}',
        json.dumps({"document": "x" * 262_145}),
    ],
    "body_too_large": [json.dumps({"document": "x" * MAX_BODY_BYTES})],
}


@pytest.mark.parametrize("code", BODIES)
def test_a_body_that_does_not_fit_is_refused(live: Live, code: str) -> None:
    live.mirror()
    for body in BODIES[code]:
        answer = live.client("mentor").put(
            "/v1/drops/1/terms", content=body, headers={"Content-Type": "application/json"}
        )
        assert code_of(answer) == code, body[:40]
    plain = live.client("mentor").put("/v1/drops/1/terms", content="x")
    assert code_of(plain) == "unsupported_media_type"


def largest_file() -> bytes:
    """As many sessions and tiers as a file may have, with the longest names, in four bytes each."""
    text = (EXAMPLES / "drop-session.toml").read_text("utf-8")
    head, rest = text.split("[[sessions]]", 1)
    tail = rest[rest.index("[[phases]]") :]
    names = [f"{number}" + "\U0001f393" * 119 for number in range(10)]
    sessions = "".join(
        f'[[sessions]]\ntitle = "{number}"\nkind = "session"\n'
        f'starts = "launch + {number} hours"\nlasts = "2 hours"\n'
        for number in range(1, 61)
    )
    tiers = "".join(
        f'[[tiers]]\nname = "{name}"\nprice = "0.12"\nseats = 4\nincludes = ["all"]\n'
        for name in names
    )
    phases = tail.replace('"Access"', f'"{names[0]}"').replace('"Practice"', f'"{names[1]}"')
    for old in ('"launch + 7 days"', '"start - 2 days"', '"start"'):
        phases = phases.replace(f"closes = {old}", 'closes = "launch + 1 day"')
    return (head + sessions + tiers + phases).encode()


def test_the_largest_document_of_a_launch_file_can_be_published(live: Live) -> None:
    """It is longer than any other body may be, also with every letter escaped."""
    file = parse_launch_file("largest.toml", largest_file(), live.clock(), address_of("mentor"))
    drop = create(live, file.drop)
    escaped = json.dumps({"document": file.document})
    assert len(file.document.encode()) > 4 * live.parts.settings.max_body_bytes
    answer = live.client("mentor").put(
        f"/v1/drops/{drop}/terms", content=escaped, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 200, answer.text
    assert live.api.get(f"/v1/drops/{drop}/terms").text == file.document
    assert len(live.api.get(f"/v1/drops/{drop}").json()["sessions"]) == 60
