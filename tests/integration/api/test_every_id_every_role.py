"""Every address of the API, with everybody's ids, asked by everybody (A-22, A-25).

The calls are made from the OpenAPI document, so that a new address has to be thought of here. What
is guarded has its row in `RIGHTS`; everything else must at least answer as it is documented.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import pytest

from api.webhooks.enlisting import enlist
from tests.integration.api.live import COHORT, EXAMPLES, SESSION, Live, launch, live_api, wallet
from tests.integration.api.offering import offer_for
from tests.integration.api.orders import ACTION_ORDERS, order_of
from tests.integration.api.receiving import KEY, log_of, register, send_all
from tests.integration.api.trading import FACE, list_seat, members
from tests.integration.api.world import browser, code_of, sign_in_client
from tests.integration.marketplace.world import address_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    import httpx
    from sqlalchemy import Engine

    from marketplace.domain.ids import DropId
    from tests.integration.api.live import LiveChain

Json: TypeAlias = Any
VIDEO: Final = (EXAMPLES / "workshop-1.webm").read_bytes()
ACCOUNTS: Final = {
    "signed out": "bo",
    "dead token": "ada",
    "former owner": "bo",
    "another holder": "cleo",
    "mentor": "mentor",
    "another mentor": "eve",
    "delegate": "treasury",
    "former owner's delegate": "guardian",
    "verifier": "verifier",
    "owner": "ada",
    "client": "mentor",
    "client with the wrong scope": "mentor",
}
"""Whose account each role has, or names while it is not signed in. A client shows an API key of
the account: one may add recordings, the other does what no address is for."""
CLIENTS: Final = {"client": "recordings:write", "client with the wrong scope": "webhooks:manage"}
ACTS_FOR: Final = dict.fromkeys(CLIENTS, "mentor")
TAKES_KEYS: Final = {
    "POST /v1/drops/{drop}/sessions/{session}/recordings": "recordings:write",
}
"""By the scope that they name; every other address of `RIGHTS` refuses keys."""
HELD: Final = {"one": "owner", "eves": "another holder"}
LENT: Final = {"one": "delegate"}
CHECKED: Final = {"one": "verifier", "cohort": "verifier", "eves": "verifier"}
LED: Final = {"one": "mentor", "cohort": "mentor", "eves": "another mentor"}
NOBODY_LISTENS: Final = "http://127.0.0.1:9/"
NOTHING: Final = "0x" + "00" * 32


@dataclass(frozen=True)
class World:
    """What the ids name: `things` by parameter and by a name of ours."""

    live: Live
    things: Mapping[str, Mapping[str, str]]
    clients: Mapping[str, httpx.Client]
    bodies: Mapping[str, Json]
    seats: Mapping[str, str]


@dataclass(frozen=True)
class Call:
    """One request of one role; `ids` are the names of what it names."""

    method: str
    path: str
    ids: Mapping[str, str]
    role: str
    query: Mapping[str, str] = field(default_factory=dict)
    for_another: bool = False

    @property
    def operation(self) -> str:
        """Method and path."""
        return f"{self.method} {self.path}"

    def __str__(self) -> str:
        return f"{self.role}: {self.operation} {dict(self.ids)} {dict(self.query)}"


Expected: TypeAlias = "set[int | str] | None"
"""Statuses, or codes of problems; None: whatever is documented."""


@pytest.fixture
def world(launched_chain: LiveChain, database: Engine, tmp_path: Path) -> Iterator[World]:
    settings = {
        "webhook_key": KEY,
        "webhook_loopback": True,
        "media_url": f"file://{tmp_path}/first",
        "media_copy_url": f"file://{tmp_path}/second",
        "max_sessions": 100,
    }
    with live_api(launched_chain, database, **settings) as live:
        yield peopled(live)


def peopled(live: Live) -> World:
    """Ada has bought bo's seat of drop 1; cleo has one of eve's; dan lists one of the cohort."""
    eves, file = launch(live.market, EXAMPLES / "drop-session.toml", "eve")
    live.files[eves] = file
    live.publish()
    live.mirror()
    enlist(live.parts)
    seat = live.mint(SESSION, "bo")
    live.delegate(seat, "bo", ACCOUNTS["former owner's delegate"])
    live.resell(seat, "bo", "ada")
    live.delegate(seat, "ada", ACCOUNTS["delegate"])
    another, gated = live.mint(eves, "cleo"), live.mint(COHORT, "dan")
    # Eve's was launched last, and its session begins last.
    live.market.steering.travel(live.files[eves].drop.terms.starts_at + 60)
    hooked = hooks(live)
    listed = {
        "gated": list_seat(live, "dan", gated, live.price(COHORT, 0)),
        "private": list_seat(live, "ada", seat, taker=address_of("cleo")),
        "open": list_seat(live, "cleo", another),
    }
    room = f"/v1/drops/{SESSION}/sessions/1/join"
    ticket = members(live.client("ada").post(room), 201)["ticket"]
    leave = members(live.client("mentor").post(room), 201)["ticket"]
    admitted = members(live.api.post("/v1/admissions", json={"ticket": leave}), 201)
    offered = {
        "gated": offer_for(live, "ada", price=live.price(COHORT, 0), seat=str(gated)),
        "open": offer_for(live, "dan", drop=SESSION, tier=0),
    }
    things = {
        "drop": {"one": "1", "cohort": str(COHORT), "eves": str(eves), "none": "999"},
        "session": {"first": "1", "none": "99"},
        "seat": {"owners": str(seat), "eves": str(another), "none": "4242"},
        "recording": {
            "one": uploaded(live, "mentor", SESSION),
            "eves": uploaded(live, "eve", eves),
            "none": "0" * 32,
        },
        "listing": {name: one["listing"] for name, one in listed.items()} | {"none": NOTHING},
        "session_id": {
            "owner": session_of(signed_in(live, "ada")),
            "another holder": session_of(signed_in(live, "cleo")),
            "none": NOTHING,
        },
        "key": {
            "owner": key_of(live.client("ada"), "events:read")["id"],
            "another holder": key_of(live.client("cleo"), "events:read")["id"],
            "none": "key_" + "0" * 16,
        },
        "code": {"known": "not_found", "none": "nothing"},
        "ticket": {"owners": ticket, "none": "x" * 43},
        "admission": {"mentors": admitted["admission"], "none": "x" * 43},
        "signed": {name: name for name in listed},
        "offer": {name: one["offer"] for name, one in offered.items()} | {"none": NOTHING},
        "bid": {name: name for name in offered},
        **hooked,
    }
    bodies = {
        "documents": {str(drop): one.document for drop, one in live.files.items()},
        "signed": {
            name: one["message"] | {"signature": one["signature"]} for name, one in listed.items()
        },
        "bids": {
            name: {"offer": one["message"], "signature": one["signature"]}
            for name, one in offered.items()
        },
    }
    return World(
        live, things, clients_of(live), bodies, {"owner": str(seat), "another holder": str(another)}
    )


def hooks(live: Live) -> Mapping[str, Mapping[str, str]]:
    """An endpoint of each mentor, to which what has happened by now was sent in vain."""
    found = {name: register(live, NOBODY_LISTENS, name) for name in ("mentor", "eve")}
    live.mirror()
    send_all(live.parts)
    logs = {name: log_of(live, one, name)[0]["delivery"] for name, one in found.items()}
    return {
        "endpoint": {
            "mentors": found["mentor"]["endpoint"]["endpoint"],
            "eves": found["eve"]["endpoint"]["endpoint"],
            "none": "whe_none",
        },
        "delivery": {"mentors": logs["mentor"], "eves": logs["eve"], "none": "dlv_none"},
    }


def clients_of(live: Live) -> Mapping[str, httpx.Client]:
    """By role."""
    named = {role: live.client(name) for role, name in ACCOUNTS.items()}
    dead = signed_in(live, "ada")
    assert dead.post("/v1/auth/sign-out").status_code == 204
    for role, scope in CLIENTS.items():
        named[role] = browser(live.parts)
        key = key_of(live.client(ACCOUNTS[role]), scope)["key"]
        named[role].headers["Authorization"] = f"Bearer {key}"
    return named | {"signed out": live.api, "dead token": dead}


def key_of(client: httpx.Client, scope: str) -> Json:
    """Make a key."""
    wish = {"name": scope, "scopes": [scope], "expires_in_s": 86_400}
    return members(client.post("/v1/api-keys", json=wish), 201)


def signed_in(live: Live, name: str) -> httpx.Client:
    client = browser(live.parts)
    client.headers["Authorization"] = f"Bearer {sign_in_client(client, wallet(name))}"
    return client


def session_of(client: httpx.Client) -> str:
    return str(members(client.get("/v1/auth/session"))["id"])


def uploaded(live: Live, mentor: str, drop: DropId) -> str:
    answer = live.client(mentor).post(
        f"/v1/drops/{drop}/sessions/1/recordings",
        params={"title": "Part one"},
        content=VIDEO,
        headers={"Content-Type": "video/webm"},
    )
    return str(members(answer, 201)["recording"])


def watches(call: Call, drop: str) -> bool:
    """Whether the caller may watch what belongs to a drop."""
    return call.role in {HELD.get(drop), LED.get(drop), LENT.get(drop)}


def enters(call: Call, drop: str) -> bool:
    """Whether the caller may enter a drop's room; the cohort's is open to those who open it."""
    return watches(call, drop) or call.role == CHECKED.get(drop)


def gated(call: Call, good: int, *, opened: bool, exists: bool = True) -> Expected:
    """What somebody gets who must be signed in."""
    if call.role == "signed out":
        return {"sign_in_required"}
    if call.role == "dead token":
        return {"session_ended"}
    if refuses_the_key(call):
        return {"api_key_refused"}
    if not exists:
        return {"not_found"}
    return {good} if opened else {"access_denied", "mentor_required"}


def refuses_the_key(call: Call) -> bool:
    """Whether a client comes where its key is not good for anything."""
    return call.role in CLIENTS and CLIENTS[call.role] != TAKES_KEYS.get(call.operation)


def shown(call: Call, good: int, *, opened: bool, exists: bool = True) -> Expected:
    """What somebody gets who need not be signed in, and may then be told no."""
    if call.role == "dead token":
        return {"session_ended"}
    if refuses_the_key(call):
        return {"api_key_refused"}
    if not exists:
        return {"not_found"}
    return {good} if opened else {"access_denied"}


def sees_resales(call: Call, drop: str) -> bool:
    """The cohort's are for those who hold drop 1 or 2, and for its mentor."""
    return drop != "cohort" or call.role in {"owner", "mentor"}


def of_a_listing(call: Call) -> Expected:
    listing = call.ids["listing"]
    if listing == "private":
        told = call.role in {"owner", "another holder"}
        return shown(call, 200, opened=True, exists=told)
    seen = listing != "gated" or sees_resales(call, "cohort")
    return shown(call, 200, opened=seen, exists=listing != "none")


def of_a_purchase(call: Call) -> Expected:
    wanted, listing = of_a_listing(call), call.ids["listing"]
    if wanted != {200}:
        return wanted
    if call.for_another:
        return {"another_account"}
    # Nobody buys from themselves.
    own = (call.role, listing) in {("owner", "private"), ("another holder", "open")}
    return {"contract_reverted"} if own else {200}


def of_a_basket(call: Call) -> Expected:
    # What nobody may know of is left out of a basket as what is not there, and the rest is dead.
    wanted = of_a_purchase(call)
    return {"listing_dead"} if wanted in ({"not_found"}, {"contract_reverted"}) else wanted


def of_an_offer(call: Call) -> Expected:
    offer = call.ids["offer"]
    seen = offer != "gated" or sees_resales(call, "cohort")
    return shown(call, 200, opened=seen, exists=offer != "none")


def of_an_acceptance(call: Call) -> Expected:
    wanted, offer = of_an_offer(call), call.ids["offer"]
    # Nobody of these owns the gated seat, and the open offer wants to know which seat it gets.
    refused: dict[str, Expected] = {"gated": {"contract_reverted"}, "open": {"invalid_request"}}
    return refused[offer] if wanted == {200} else wanted


def of_a_bid(call: Call) -> Expected:
    drop = {"owners": "one", "eves": "eves", "none": "none"}[call.ids["seat"]]
    wanted = shown(call, 200, opened=True, exists=drop != "none")
    # Who has no wrapped ether cannot offer it, and nobody offers for their own seat.
    return {200, "rule_violated", "offer_dead"} if wanted == {200} else wanted


def of_a_check(call: Call) -> Expected:
    drop, recording = call.ids["drop"], call.ids.get("recording")
    there = drop != "none" and call.ids.get("session") != "none" and recording in {None, drop}
    return shown(call, 200, opened=True, exists=there)


def of_a_session_id(call: Call) -> Expected:
    return gated(call, 204, opened=True, exists=call.ids["session_id"] == call.role)


def of_a_key(call: Call) -> Expected:
    return gated(call, 204, opened=True, exists=call.ids["key"] == call.role)


def of_an_upload(call: Call) -> Expected:
    there = call.ids["drop"] != "none" and call.ids["session"] != "none"
    mentor = LED.get(call.ids["drop"])
    return gated(call, 201, opened=mentor in {call.role, ACTS_FOR.get(call.role)}, exists=there)


def of_a_join(call: Call) -> Expected:
    there = call.ids["drop"] != "none" and call.ids["session"] != "none"
    return gated(call, 201, opened=enters(call, call.ids["drop"]), exists=there)


def of_a_recording(call: Call) -> Expected:
    found = call.ids["recording"]
    return shown(call, 200, opened=watches(call, found), exists=found != "none")


def of_terms(call: Call) -> Expected:
    drop = call.ids["drop"]
    return gated(call, 200, opened=LED.get(drop) == call.role, exists=drop != "none")


def of_a_book(call: Call) -> Expected:
    drop = call.ids["drop"]
    return shown(call, 200, opened=sees_resales(call, drop), exists=drop != "none")


def owns_the_endpoint(call: Call) -> bool:
    return (call.role, call.ids["endpoint"]) in {("mentor", "mentors"), ("another mentor", "eves")}


def of_an_endpoint(good: int) -> Callable[[Call], Expected]:
    def right(call: Call) -> Expected:
        return gated(call, good, opened=True, exists=owns_the_endpoint(call))

    return right


def of_a_delivery(call: Call) -> Expected:
    there = owns_the_endpoint(call) and call.ids["delivery"] == call.ids["endpoint"]
    return gated(call, 202, opened=True, exists=there)


def of_oneself(call: Call) -> Expected:
    return gated(call, 200, opened=True)


RIGHTS: Final[Mapping[str, Callable[[Call], Expected]]] = {
    "GET /v1/auth/session": of_oneself,
    "GET /v1/auth/sessions": of_oneself,
    "DELETE /v1/auth/sessions/{session_id}": of_a_session_id,
    "POST /v1/api-keys": lambda call: gated(call, 201, opened=True),
    "GET /v1/api-keys": of_oneself,
    "DELETE /v1/api-keys/{key}": of_a_key,
    "POST /v1/auth/sign-out": lambda call: gated(call, 204, opened=True),
    "PUT /v1/drops/{drop}/terms": of_terms,
    "GET /v1/me/seats": of_oneself,
    "GET /v1/events": lambda call: shown(call, 410, opened=True),
    "GET /v1/me/events": lambda call: gated(call, 410, opened=True),
    "GET /v1/webhook-endpoints": of_oneself,
    "POST /v1/webhook-endpoints": lambda call: gated(
        call,
        201,
        opened=LED.get(call.ids["drop"]) == call.role,
        exists=call.ids["drop"] != "none",
    ),
    "GET /v1/webhook-endpoints/{endpoint}": of_an_endpoint(200),
    "PATCH /v1/webhook-endpoints/{endpoint}": of_an_endpoint(200),
    "DELETE /v1/webhook-endpoints/{endpoint}": of_an_endpoint(204),
    "POST /v1/webhook-endpoints/{endpoint}/rotate-secret": of_an_endpoint(200),
    "GET /v1/webhook-endpoints/{endpoint}/deliveries": of_an_endpoint(200),
    "POST /v1/webhook-endpoints/{endpoint}/deliveries/{delivery}/replay": of_a_delivery,
    "POST /v1/tx/buy": of_a_purchase,
    "POST /v1/tx/buy-many": of_a_basket,
    "GET /v1/drops/{drop}/listings": of_a_book,
    "GET /v1/drops/{drop}/offers": of_a_book,
    "GET /v1/offers/{offer}": of_an_offer,
    "POST /v1/tx/accept-offer": of_an_acceptance,
    "POST /v1/tx/offer": of_a_bid,
    "GET /v1/listings/{listing}": of_a_listing,
    "POST /v1/drops/{drop}/sessions/{session}/join": of_a_join,
    "POST /v1/drops/{drop}/sessions/{session}/recordings": of_an_upload,
    "GET /v1/recordings/{recording}/stream": of_a_recording,
    "HEAD /v1/recordings/{recording}/stream": of_a_recording,
    "GET /v1/access/check": of_a_check,
    "POST /v1/access/check:batch": lambda call: shown(call, 200, opened=True),
    "POST /v1/admissions": lambda call: (
        {"ticket_spent"} if call.ids["ticket"] == "none" else {201, "ticket_spent"}
    ),
    "POST /v1/admissions/renew": lambda call: (
        {"admission_ended"} if call.ids["admission"] == "none" else {200}
    ),
}
"""What is guarded. A ticket and an admission are credentials: whoever brings one may use it."""

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
}
"""Ids that stand in a body."""

ASKING: Final = ("signed out", "owner", "mentor")
"""Who asks for actions that are prepared for anybody: no session is looked at, the contract says
who may, and the account in the body is all that differs."""

PURCHASES: Final = {"POST /v1/tx/buy", "POST /v1/tx/buy-many"}

CHECKS: Final = {
    "enter_session": ("drop", "session"),
    "watch_recording": ("drop", "recording"),
    "see_resale": ("drop",),
}


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
            kinds = CHECKS if path == "/v1/access/check" else {"": named}
            roles = ASKING if operation.startswith("POST /v1/tx/") else tuple(ACCOUNTS)
            if operation in RIGHTS:
                roles = tuple(ACCOUNTS)
            for (action, needed), role in product(kinds.items(), roles):
                query = {"action": action} if action else {}
                for chosen in product(*(world.things[name] for name in needed)):
                    ids = dict(zip(needed, chosen, strict=True))
                    yield Call(method.upper(), path, ids, role, query)
                    # What only some may see, somebody might buy for others.
                    if operation in PURCHASES and ids["listing"] == "gated":
                        yield Call(method.upper(), path, ids, role, query, for_another=True)


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
        given["params"] |= {"after": 2**53 - 1}
    elif call.path == "/v1/access/check":
        given["params"] |= values
    elif call.method == "PATCH":
        given |= {"json": {}, "headers": {"If-Match": "*"}}
    elif call.method in {"POST", "PUT"}:
        body = body_of(world, call, values)
        given |= {} if body is None else {"json": body}
    return world.clients[call.role].request(call.method, path, **given)


def questions(values: Mapping[str, str]) -> Json:
    """What is asked at once: to enter, to watch, to see the resales."""
    if "drop" not in values:
        return None
    drop = int(values["drop"])
    return [
        {"action": "enter_session", "drop": drop, "session": int(values["session"])},
        {"action": "watch_recording", "drop": drop, "recording": values["recording"]},
        {"action": "see_resale", "drop": drop},
    ]


def body_of(world: World, call: Call, values: Mapping[str, str]) -> Json:
    """What goes into a request; None: nothing."""
    account = address_of("deployer" if call.for_another else ACCOUNTS[call.role])
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
        },
        "POST /v1/tx/list": own | {"expires_in_s": 86_400, "price_wei": str(FACE)},
        "POST /v1/tx/buy": own,
        "POST /v1/tx/buy-many": {"account": account, "listings": [values.get("listing")]},
        "POST /v1/listings": world.bodies["signed"].get(values.get("signed")),
        "POST /v1/access/check:batch": {"checks": questions(values)},
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
    if call.path == "/v1/access/check" and status == 200:
        yield from faults_of_a_check(call, answer.json()["allow"])
    if call.path == "/v1/access/check:batch" and status == 200:
        yield from faults_of_a_batch(call, answer.json()["answers"])


def faults_of_a_check(call: Call, allowed: object) -> Iterator[str]:
    if allowed is not MAY[call.query["action"]](call, call.ids["drop"]):
        yield f"allow is {allowed}"


def faults_of_a_batch(call: Call, answers: Json) -> Iterator[str]:
    drop, recording = call.ids["drop"], call.ids["recording"]
    there = {
        "enter_session": drop != "none" and call.ids["session"] != "none",
        "watch_recording": recording == drop,
        "see_resale": drop != "none",
    }
    for (action, exists), answer in zip(there.items(), answers, strict=True):
        wanted = MAY[action](call, drop) if exists else "not_found"
        decision = answer["decision"]
        told = answer["problem"] if decision is None else decision["allow"]
        if told != wanted:
            yield f"{action} is {told}"


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_everybody_gets_what_is_theirs_and_nothing_else(world: World) -> None:
    document = world.live.api.get("/v1/openapi.json").json()
    every = list(calls(world, document))
    missing = RIGHTS.keys() - {call.operation for call in every}
    assert not missing
    # What ends something comes after what must not, and signing out comes last.
    every.sort(key=lambda one: (one.path.endswith("sign-out"), ends_something(one)))
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
    assert wrong == []
    assert came_in == 1
    assert len(every) > 900
    sys.stdout.write(f"{len(every)} pairs of ids and roles\n")


def ends_something(call: Call) -> bool:
    return call.method == "DELETE" and RIGHTS[call.operation](call) == {204}
