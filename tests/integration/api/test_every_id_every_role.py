"""Every address of the API, with everybody's ids, asked by everybody (A-22, A-25).

The calls are made from the OpenAPI document, so that a new address has to be thought of here. What
is guarded has its row in `RIGHTS`; everything else must at least answer as it is documented.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import groupby, product
from random import Random
from typing import TYPE_CHECKING, Any, Final

import pytest

from api.keys.tokens import PREFIX
from tests.integration.api.everybody import (
    ACCOUNTS,
    NOBODY_LISTENS,
    STRANGER,
    VIDEO,
    Json,
    World,
    peopled,
)
from tests.integration.api.live import live_api
from tests.integration.api.orders import ACTION_ORDERS, order_of
from tests.integration.api.receiving import KEY
from tests.integration.api.rights import (
    ACTS_FOR,
    LED,
    RIGHTS,
    Call,
    enters,
    sees_resales,
    watches,
)
from tests.integration.api.trading import FACE
from tests.integration.api.world import browser, code_of
from tests.integration.marketplace.world import address_of
from tests.unit.marketplace.receipts.examples import SIGNER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    import httpx
    from sqlalchemy import Engine

    from tests.integration.api.live import LiveChain


@pytest.fixture
def world(launched_chain: LiveChain, database: Engine, tmp_path: Path) -> Iterator[World]:
    settings = {
        "webhook_key": KEY,
        "webhook_loopback": True,
        "media_url": f"file://{tmp_path}/first",
        "media_copy_url": f"file://{tmp_path}/second",
        "max_sessions": 100,
        "operators": str(address_of(ACCOUNTS["client that oversees"])),
    }
    with live_api(launched_chain, database, **settings) as live:
        live.parts = replace(live.parts, receipts=SIGNER)
        live.api = browser(live.parts)
        yield peopled(live, tmp_path)


IN_BODIES: Final = {
    **{f"POST /v1/tx/{path}": (kind,) for path, (kind, _) in ACTION_ORDERS.items() if kind},
    "POST /v1/tx/list": ("seat",),
    "POST /v1/tx/buy": ("listing",),
    "POST /v1/tx/buy-many": ("listing",),
    "POST /v1/listings": ("signed",),
    "POST /v1/access/check:batch": ("drop", "session", "recording"),
    "POST /v1/tx/offer": ("seat",),
    "POST /v1/tx/accept-offer": ("offer",),
    "POST /v1/offers": ("bid",),
    "POST /v1/webhook-endpoints": ("drop",),
    "POST /v1/admissions": ("ticket",),
    "POST /v1/admissions/renew": ("admission",),
    "DELETE /v1/drops/{drop}/wait-lists/{tier}/turn": ("waited",),
}
"""Ids that stand in a body, or in a query."""

BESIDE: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    **dict.fromkeys(("GET /v1/events", "GET /v1/me/events"), ((), ("drop",), ("seat",))),
    "GET /v1/drops/{drop}/listings": ((), ("tier",)),
    "GET /v1/drops/{drop}/offers": ((), ("tier",), ("seat",)),
    "GET /v1/drops/{drop}/phases/{phase}/eligibility": ((), ("opening_seat",)),
    "POST /v1/api-keys": ((), ("drop",)),
    "PATCH /v1/webhook-endpoints/{endpoint}": ((), ("drop",)),
}
"""Ids that need not be named, in a query or a body: none, and each kind by itself."""

ASKING: Final = ("signed out", "owner", "mentor")
"""Who asks for actions that are prepared for anybody: no session is looked at, the contract says
who may, and the account in the body is all that differs. That it is so has a test of its own."""

ABOUT: Final = ("owner", "former owner", "co-host")
"""Whom the gate is asked about by others: whoever may ask, of everything, the rest of one drop."""

SOME: Final = 14
"""Calls of each operation on PostgreSQL."""

PURCHASES: Final = {"POST /v1/tx/buy", "POST /v1/tx/buy-many"}

CHECKS: Final = {
    "enter_session": ("drop", "session"),
    "watch_recording": ("drop", "recording"),
    "see_resale": ("drop",),
}
CHECKED: Final = {"/v1/access/check", "/v1/access/receipt"}

MAY: Final = {
    "enter_session": enters,
    "watch_recording": watches,
    "see_resale": sees_resales,
}


def calls(world: World, document: Json) -> Iterator[Call]:
    """Every operation of a document, with every combination of ids, by every role."""
    for path, operations in document["paths"].items():
        for method in operations:
            operation = f"{method.upper()} {path}"
            named = (*re.findall(r"\{(\w+)\}", path), *IN_BODIES.get(operation, ()))
            kinds = [("", (*named, *beside)) for beside in BESIDE.get(operation, ((),))]
            if path in CHECKED:
                kinds = list(CHECKS.items())
            roles = ASKING if operation.startswith("POST /v1/tx/") else tuple(ACCOUNTS)
            if operation in RIGHTS:
                roles = tuple(ACCOUNTS)
            for (action, needed), role in product(kinds, roles):
                query = {"action": action} if action else {}
                for chosen in product(*(world.things[name] for name in needed)):
                    ids = dict(zip(needed, chosen, strict=True))
                    call = Call(method.upper(), path, ids, role, query)
                    yield call
                    if path.startswith("/v1/access/check"):
                        yield from about_others(call)
                    # What only some may see, somebody might buy for others.
                    if operation in PURCHASES and ids["listing"] == "gated":
                        yield Call(method.upper(), path, ids, role, query, for_another=True)


def about_others(call: Call) -> Iterator[Call]:
    """The same question about others."""
    if call.role == "client at a door":
        yield from (replace(call, about=about) for about in ABOUT)
    elif call.ids["drop"] == "one":
        yield replace(call, about=ABOUT[0])


def asked(world: World, call: Call) -> httpx.Response:
    """Make a call."""
    values = {name: world.things[name][chosen] for name, chosen in call.ids.items()}
    path = re.sub(r"\{(\w+)\}", lambda found: values[found[1]], call.path)
    given: dict[str, Any] = {"params": dict(call.query)}
    if call.path.endswith("/recordings"):
        given |= {"content": VIDEO, "headers": {"Content-Type": "video/webm"}}
        given["params"] |= {"title": "Part two"}
    elif call.path.endswith("/events"):
        # Whoever may listen is told that there is nothing to go on from; a stream has no end.
        given["params"] |= beside(call, values) | {"after": str(2**53 - 1)}
    elif call.path.endswith("/turn"):
        given["params"] |= {"seat": values["waited"]}
    elif call.path.endswith("/eligibility"):
        given["params"] |= {"account": address_of(ACCOUNTS[call.role])}
        given["params"] |= beside(call, values)
    elif call.path in CHECKED:
        given["params"] |= values
        if call.about is not None:
            given["params"] |= {"account": address_of(ACCOUNTS[call.about])}
    elif call.method == "PATCH":
        drops = {"drops": [int(values["drop"])]} if "drop" in values else {}
        given |= {"json": drops, "headers": {"If-Match": "*"}}
    elif call.method in {"POST", "PUT"}:
        body = body_of(world, call, values)
        given |= {} if body is None else {"json": body}
    elif call.operation in BESIDE:
        given["params"] |= beside(call, values)
    return world.clients[call.role].request(call.method, path, **given)


def beside(call: Call, values: Mapping[str, str]) -> dict[str, str]:
    """What a call names that its path does not."""
    return {name: one for name, one in values.items() if f"{{{name}}}" not in call.path}


def questions(values: Mapping[str, str]) -> Json:
    """What is asked at once: to enter, to watch, to see the resales."""
    if not {"drop", "session", "recording"} <= values.keys():
        return None
    drop = int(values["drop"])
    return [
        {"action": "enter_session", "drop": drop, "session": int(values["session"])},
        {"action": "watch_recording", "drop": drop, "recording": values["recording"]},
        {"action": "see_resale", "drop": drop},
    ]


def body_of(world: World, call: Call, values: Mapping[str, str]) -> Json:
    """What goes into a request; None: nothing."""
    account = STRANGER if call.for_another else address_of(ACCOUNTS[call.role])
    own = {"account": account} | dict(values)
    _, _, action = call.operation.partition("POST /v1/tx/")
    if action in ACTION_ORDERS:
        return order_of(action, account, values)
    bodies: dict[str, Json] = {
        "POST /v1/auth/nonce": {"session": "bearer"},
        "POST /v1/auth/verify": {"message": "Let me in.", "signature": "0x"},
        "POST /v1/api-keys": {
            "name": "Door",
            "scopes": ["events:read"],
            "expires_in_s": 86_400,
        }
        | ({"drops": [int(values["drop"])]} if "drop" in values else {}),
        "POST /v1/tx/list": own | {"expires_in_s": 86_400, "price_wei": str(FACE)},
        "POST /v1/tx/buy": own,
        "POST /v1/tx/buy-many": {"account": account, "listings": [values.get("listing")]},
        "POST /v1/listings": world.bodies["signed"].get(values.get("signed")),
        "POST /v1/access/check:batch": {"checks": questions(values)}
        | ({} if call.about is None else {"account": address_of(ACCOUNTS[call.about])}),
        "POST /v1/tx/offer": own | {"expires_in_s": 86_400, "price_wei": str(FACE)},
        "POST /v1/tx/accept-offer": own,
        "POST /v1/tx/wrap": own | {"amount_wei": "5"},
        "POST /v1/offers": world.bodies["bids"].get(values.get("bid")),
        "POST /v1/webhook-endpoints": {
            "url": NOBODY_LISTENS,
            "events": ["seat.sold"],
            "drops": [int(values.get("drop", 0))],
        },
        "POST /v1/admissions": values,
        "POST /v1/admissions/renew": values,
        "PUT /v1/drops/{drop}/terms": {
            "document": world.bodies["documents"].get(values.get("drop"), "none")
        },
        "PUT /v1/drops/{drop}/phases/{phase}/allowlist": {"accounts": [account]},
    }
    return bodies.get(call.operation)


def faults(call: Call, answer: httpx.Response, responses: Json) -> Iterator[str]:
    """What is wrong with an answer."""
    status, said = answer.status_code, str(answer.status_code)
    if said not in responses or status >= 500:
        yield f"{status} is not documented"
        return
    code = None
    # A HEAD has no body to read a code in.
    if status >= 400 and call.method != "HEAD":
        code = code_of(answer)
        if f"`{code}`" not in responses[said]["description"]:
            yield f"{code} is not documented"
    right = RIGHTS.get(call.operation)
    expected = None if right is None else right(call)
    if call.method == "HEAD" and expected is not None:
        words = {
            "session_ended": 401,
            "access_denied": 403,
            "api_key_refused": 403,
            "not_found": 404,
        }
        expected = {words.get(str(one), one) for one in expected}
    if expected is not None and not {status, code} & expected:
        yield f"{status} {code} is not in {expected}"
    if call.path in CHECKED and status == 200:
        told = answer.json()
        yield from faults_of_a_check(call, told.get("decision", told)["allow"])
    if call.path == "/v1/access/check:batch" and status == 200:
        yield from faults_of_a_batch(call, answer.json()["answers"])


def faults_of_a_check(call: Call, allowed: object) -> Iterator[str]:
    if allowed is not MAY[call.query["action"]](call.subject, call.ids["drop"]):
        yield f"allow is {allowed}"


def faults_of_a_batch(call: Call, answers: Json) -> Iterator[str]:
    drop, recording = call.ids["drop"], call.ids["recording"]
    there = {
        "enter_session": drop != "none" and call.ids["session"] != "none",
        "watch_recording": drop != "none" and recording == drop,
        "see_resale": drop != "none",
    }
    for (action, exists), answer in zip(there.items(), answers, strict=True):
        wanted = MAY[action](call.subject, drop) if exists else "not_found"
        if call.about is not None and drop != "none" and LED.get(drop) != ACTS_FOR.get(call.role):
            wanted = "mentor_required"
        decision = answer["decision"]
        told = answer["problem"] if decision is None else decision["allow"]
        if told != wanted:
            yield f"{action} is {told}"


def some_of_each(every: Iterable[Call]) -> list[Call]:
    """Calls of every operation, the same ones each time, some of them where there are many."""
    chosen = Random(0)
    found: list[Call] = []
    for _, group in groupby(every, key=lambda one: one.operation):
        calls = list(group)
        found += chosen.sample(calls, min(SOME, len(calls)))
    return found


@pytest.mark.timeout(1_200)
def test_everybody_gets_what_is_theirs_and_nothing_else(
    world: World, record_property: Callable[[str, object], None]
) -> None:
    document = world.live.api.get("/v1/openapi.json").json()
    every = list(calls(world, document))
    missing = RIGHTS.keys() - {call.operation for call in every}
    assert not missing
    assert len(every) > 8_000
    kind = world.live.parts.store.dialect.name
    if kind == "postgresql":
        # The rules are the same code; what the other database may get wrong is a statement.
        every = some_of_each(every)
    # What changes what others ask for comes after what must not, and signing out comes last.
    every.sort(key=lambda one: (one.path.endswith("sign-out"), changes_something(one)))
    wrong, came_in = [], 0
    for call in every:
        answer = asked(world, call)
        came_in += call.path == "/v1/admissions" and answer.status_code == 201
        responses = document["paths"][call.path][call.method.lower()]["responses"]
        wrong += [
            f"{call}: {fault}: {answer.text[:300]}" for fault in faults(call, answer, responses)
        ]
        if call.path == "/v1/me/seats" and not answer.is_error:
            own = {world.seats[call.role]} if call.role in world.seats else set()
            assert {one["seat"] for one in answer.json()["seats"]} == own, call
    assert not wrong, "\n".join(wrong)
    assert came_in == 1
    record_property("told", f"{len(every)} pairs of ids and roles on {kind}")


def changes_something(call: Call) -> bool:
    if call.method == "PATCH":
        return "drop" in call.ids
    return call.method == "DELETE" and 204 in (RIGHTS[call.operation](call) or ())


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_whoever_asks_for_an_action_is_told_the_same(
    world: World, record_property: Callable[[str, object], None]
) -> None:
    document = world.live.api.get("/v1/openapi.json").json()
    made_up = {"nobody's token": "x" * 43, "nobody's key": PREFIX + "x" * 43}
    strangers = {role: browser(world.live.parts) for role in made_up}
    for role, text in made_up.items():
        strangers[role].headers["Authorization"] = f"Bearer {text}"
    everybody = {**world.clients, **strangers}
    unguarded = {
        call.path: call
        for call in calls(world, document)
        if call.path.startswith("/v1/tx/") and call.operation not in RIGHTS
    }
    assert len(unguarded) > 25
    for path, call in unguarded.items():
        ids = {name: next(iter(world.things[name])) for name in call.ids}
        values = {name: world.things[name][chosen] for name, chosen in ids.items()}
        body = body_of(world, replace(call, role="owner"), values)
        answers = {role: client.post(path, json=body) for role, client in everybody.items()}
        told = {role: (one.status_code, said_in(one)) for role, one in answers.items()}
        assert {role for role, one in told.items() if one != told["signed out"]} == set(), path
    record_property("told", f"{len(unguarded)} actions asked for by {len(everybody)} roles alike")


def said_in(answer: httpx.Response) -> Json:
    """What everybody is told; the number of a request is its own."""
    return {name: one for name, one in answer.json().items() if name != "request_id"}
