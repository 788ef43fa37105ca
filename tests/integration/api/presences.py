"""A room with people in it, over a real chain, and a client that hears who has to leave.

Refuses assertions about the API.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from api.app import create_app
from api.server import listen, serving
from marketplace.domain.money import Wei
from marketplace.storage.engines import open_engine
from tests.integration.api.hearing import Served, served
from tests.integration.api.live import SESSION, caught_up, indexing
from tests.integration.api.trading import members
from tests.integration.marketplace.world import address_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import httpx
    from sqlalchemy import Engine

    from marketplace.domain.ids import SeatId
    from tests.databases import Databases
    from tests.integration.api.hearing import Hearing
    from tests.integration.api.live import Live, LiveChain

ROOM: Final = f"/v1/drops/{SESSION}/sessions/1"
TOLL: Final = Wei(10**15)
GUESTS: Final = ("bo", "cleo", "dan", "eve")
PRESENCES: Final = f"{ROOM}/presences"


@dataclass
class Room:
    """An API whose session has begun a minute ago, and who has a seat."""

    server: Served
    seats: dict[str, SeatId]

    @property
    def live(self) -> Live:
        """What the API is over."""
        return self.server.live

    def sell(self, name: str) -> None:
        """Sell somebody's seat to ada."""
        self.live.resell(self.seats[name], name, "ada")

    def give(self, name: str) -> None:
        """Give somebody's seat to ada."""
        giver, ada = address_of(name), address_of("ada")
        contract, seat = self.live.market.contract, self.seats[name]
        gift = contract.transfer(seat, giver, ada, TOLL)
        self.live.market.send(name, gift)


@contextmanager
def opened(chain: LiveChain, database: Engine, **changes: object) -> Iterator[Room]:
    """Open a room; its streams hear by the bell alone, unless `changes` say otherwise."""
    with served(chain, database, **changes) as server:
        live = server.live
        live.publish()
        # Nobody mints once it has begun.
        seats = {name: live.mint(SESSION, name) for name in GUESTS}
        live.market.steering.travel(live.files[SESSION].drop.terms.starts_at + 60)
        live.mirror()
        yield Room(server, seats)


@contextmanager
def elsewhere(
    chain: LiveChain, room: Room, databases: Databases
) -> Iterator[tuple[Served, Callable[[], None]]]:
    """Serve the same over a mirror of its own, which follows the chain only when it is told to.

    As a process does that asks a replica.
    """
    live, url = room.live, databases.create(migrated=True)
    database = open_engine(url)
    try:
        with indexing(chain, live.clock, database) as (shell, facts):
            caught_up(shell)
            parts = replace(live.parts, mirror=facts, reads=database)
            with serving(create_app(parts), parts.settings, listen(parts.settings)) as address:
                yield Served(live, address), lambda: caught_up(shell)
    finally:
        database.dispose()
        databases.drop(url)


def key_for(live: Live, name: str = "mentor", **wish: object) -> str:
    """Make an API key for a room; its text."""
    asked = {"name": "Room", "scopes": ["access:check"], "expires_in_s": 86_400} | wish
    return str(members(live.client(name).post("/v1/api-keys", json=asked), 201)["key"])


def admitted(live: Live, name: str, at: httpx.Client | None = None) -> dict[str, Any]:
    """Let a named account join and come in; what the room is told."""
    ticket = members(live.client(name).post(f"{ROOM}/join"), 201)["ticket"]
    found: dict[str, Any] = members(
        (at or live.api).post("/v1/admissions", json={"ticket": ticket}), 201
    )
    return found


def renewed(
    live: Live, admission: dict[str, Any], at: httpx.Client | None = None
) -> httpx.Response:
    """Ask to let somebody stay."""
    body = {"admission": admission["admission"]}
    return (at or live.api).post("/v1/admissions/renew", json=body)


@contextmanager
def heard_by(server: Served, key: str) -> Iterator[Hearing]:
    """Listen as a room."""
    with server.hear(PRESENCES, Authorization=f"Bearer {key}") as heard:
        yield heard


def told(heard: Hearing) -> tuple[str, dict[str, Any]]:
    """The next event's name and data."""
    while (found := heard.block()) is not None:
        if "event" in found:
            data: dict[str, Any] = json.loads(found["data"])
            return found["event"], data
    raise AssertionError("the stream has ended")


def until(heard: Hearing, name: str) -> list[tuple[str, dict[str, Any]]]:
    """The events up to the next one of a name, which must come."""
    events = [told(heard)]
    while events[-1][0] != name:
        events.append(told(heard))
    return events
