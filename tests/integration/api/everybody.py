"""The people and the things of the test that asks everybody for everything.

Owns who has which account, seat, listing, key and endpoint there. Refuses to say what they may do:
`rights` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from api.programme.products import product_id
from api.webhooks.enlisting import enlist
from marketplace.domain.addresses import ChecksumAddress
from marketplace.launch.published import read_terms
from tests.integration.api.live import COHORT, EXAMPLES, SESSION, Live, launch, wallet
from tests.integration.api.offering import offer_for
from tests.integration.api.receiving import log_of, register, send_all
from tests.integration.api.trading import list_seat, members
from tests.integration.api.waiting import drop_with_turns, join
from tests.integration.api.world import browser, sign_in_client
from tests.integration.marketplace.world import address_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import httpx

    from marketplace.domain.ids import DropId

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
    "verifier of another drop": "deployer",
    "co-host": "resolver",
    "co-host of another drop": "payout",
    "owner": "ada",
    "client": "mentor",
    "client that clears": "mentor",
    "client at a door": "mentor",
    "client for webhooks": "mentor",
    "client that listens": "mentor",
    "client that oversees": "deployer",
}
"""Whose account each role has, or names while it is not signed in. A client shows an API key of
the account: each is for one thing, which `CLIENTS` names. The
one that oversees is the platform's."""
CLIENTS: Final = {
    "client": "recordings:write",
    "client that clears": "recordings:remove",
    "client at a door": "access:check",
    "client for webhooks": "webhooks:manage",
    "client that listens": "events:read",
    "client that oversees": "resales:read",
}
NOBODY_LISTENS: Final = "http://127.0.0.1:9/"
NOTHING: Final = "0x" + "00" * 32
STRANGER: Final = ChecksumAddress("0x000000000000000000000000000000000000dEaD")
"""Nobody's account."""


@dataclass(frozen=True)
class World:
    """What the ids name: `things` by parameter and by a name of ours."""

    live: Live
    things: Mapping[str, Mapping[str, str]]
    clients: Mapping[str, httpx.Client]
    bodies: Mapping[str, Json]
    seats: Mapping[str, str]


def peopled(live: Live, folder: Path) -> World:
    """Ada has bought bo's seat of drop 1; cleo has one of eve's; dan lists one of the cohort.

    Eve's drop has a verifier of its own, which the example file of all others does not name.

    Of a fourth drop dan lists a seat too, and it is ada's turn, before eve's.
    """
    turns = drop_with_turns(live, folder)
    eves, file = launch(live.market, EXAMPLES / "drop-session.toml", "eve")
    live.files[eves] = file
    checks_in = address_of(ACCOUNTS["verifier of another drop"])
    live.market.send("eve", live.market.contract.set_verifier(eves, checks_in))
    live.publish()
    live.mirror()
    enlist(live.parts)
    seat = live.mint(SESSION, "bo")
    live.delegate(seat, "bo", ACCOUNTS["former owner's delegate"])
    live.resell(seat, "bo", "ada")
    live.delegate(seat, "ada", ACCOUNTS["delegate"])
    another, gated = live.mint(eves, "cleo"), live.mint(COHORT, "dan")
    waited = live.mint(turns, "dan")
    # Eve's was launched last, and its session begins last.
    live.market.steering.travel(live.files[eves].drop.terms.starts_at + 60)
    offered_by = {"one": ("mentor", SESSION), "eves": ("eve", eves)}
    for name, drop in offered_by.values():
        members(
            live.client(name).put(
                f"/v1/drops/{drop}/terms", json={"document": live.files[drop].document}
            )
        )
    hooked = hooks(live)
    join(live, turns, "ada", "eve")
    listed = {
        "gated": list_seat(live, "dan", gated, live.price(COHORT, 0)),
        "private": list_seat(live, "ada", seat, taker=address_of("cleo")),
        "open": list_seat(live, "cleo", another),
        "turn": list_seat(live, "dan", waited),
    }
    room = f"/v1/drops/{SESSION}/sessions/1/join"
    ticket = members(live.client("ada").post(room), 201)["ticket"]
    leave = members(live.client("mentor").post(room), 201)["ticket"]
    admitted = members(live.api.post("/v1/admissions", json={"ticket": leave}), 201)
    offered = {
        "gated": offer_for(live, "ada", price=live.price(COHORT, 0), seat=str(gated)),
        "open": offer_for(live, "dan", drop=SESSION, tier=0),
    }
    for mentor, drop, name in (
        ("mentor", SESSION, "co-host"),
        ("mentor", COHORT, "co-host"),
        ("eve", eves, "co-host of another drop"),
    ):
        path = f"/v1/drops/{drop}/co-hosts/{address_of(ACCOUNTS[name])}"
        members(live.client(mentor).put(path))
    seats = {"owners": str(seat), "eves": str(another), "none": "4242"}
    things = {
        "drop": {
            "one": "1",
            "cohort": str(COHORT),
            "eves": str(eves),
            "turns": str(turns),
            "none": "999",
        },
        "mentor": {
            "one": str(address_of("mentor")),
            "eves": str(address_of("eve")),
            "none": str(address_of("ada")),
        },
        "product": {
            role: product_id(address_of(name), read_terms(live.files[drop].document).product)
            for role, (name, drop) in offered_by.items()
        }
        | {"none": NOTHING},
        "session": {"first": "1", "none": "99"},
        "phase": {"first": "0"},
        # Somebody who is nobody else here: a mentor who names them gives away nothing.
        "account": {"newcomer": str(address_of("dan"))},
        "tier": {"first": "0", "none": "9"},
        "seat": seats,
        "opening_seat": seats,
        "waited": {"turns": str(waited), "owners": str(seat), "none": "4242"},
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
