"""Two workers over one database while seats are sold: what one has given, the other judges anew.

Each worker is an application with connections of its own, as each process has them.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import pytest

from api.gate.mirror import MirrorFacts
from api.programme.programmes import programme_of
from marketplace.storage.engines import open_engine
from tests.integration.api.live import SESSION, Live
from tests.integration.api.trading import (
    FACE,
    Members,
    ask_to_buy,
    book,
    ids,
    list_seat,
    members,
    refusal,
    send,
)
from tests.integration.api.world import browser, code_of
from tests.integration.marketplace.world import address_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from api.parts import Parts
    from marketplace.domain.ids import SeatId

ROOM: Final = f"/v1/drops/{SESSION}/sessions/1/join"
ENTRY: Final = {"action": "enter_session", "drop": str(SESSION), "session": "1"}
LAG_S: Final = 15
"""How far the gate lets a mirror be behind."""


@dataclass(frozen=True)
class Door:
    """Ada has a seat, its session has begun, and there are two workers."""

    live: Live
    seat: SeatId
    workers: tuple[Parts, Parts]

    def client(self, worker: int, name: str) -> httpx.Client:
        """Somebody who is signed in, before one worker."""
        client = browser(self.workers[worker])
        client.headers["Authorization"] = self.live.client(name).headers["Authorization"]
        return client

    def ticket(self, worker: int, name: str) -> str:
        """A ticket that one worker has given."""
        found: str = members(self.client(worker, name).post(ROOM), 201)["ticket"]
        return found

    def bring(self, worker: int, ticket: str) -> httpx.Response:
        """Show a ticket at one worker's door."""
        return browser(self.workers[worker]).post("/v1/admissions", json={"ticket": ticket})

    def renew(self, worker: int, admission: str) -> httpx.Response:
        """Ask one worker to let somebody stay."""
        body = {"admission": admission}
        return browser(self.workers[worker]).post("/v1/admissions/renew", json=body)

    def buy(self, worker: int, buyer: str, listing: str) -> httpx.Response:
        """Ask one worker for a purchase."""
        return ask_to_buy(self.live, buyer, listing, browser(self.workers[worker]))

    def sell(self, worker: int, seller: str, buyer: str) -> str:
        """List the seat, and buy it by what one worker prepares; the listing."""
        listing: str = list_seat(self.live, seller, self.seat)["listing"]
        send(self.live, buyer, members(self.buy(worker, buyer, listing)))
        return listing

    def may_enter(self, name: str) -> list[bool]:
        """What each worker says."""
        asked = [self.client(one, name).get("/v1/access/check", params=ENTRY) for one in (0, 1)]
        return [members(one)["allow"] for one in asked]


@pytest.fixture
def door(live: Live) -> Iterator[Door]:
    live.publish()
    seat = live.mint(SESSION, "ada")
    live.mirror()
    session = programme_of(live.parts, SESSION).session(1)
    assert session is not None
    live.market.steering.travel(session.starts_at)
    live.mirror()
    with ExitStack() as closing:

        def worker() -> Parts:
            engine = open_engine(live.parts.store.url)
            closing.callback(engine.dispose)
            mirror = MirrorFacts(engine, live.parts.mirror_id, lambda: live.clock().timestamp())
            return replace(live.parts, store=engine, reads=engine, mirror=mirror)

        yield Door(live, seat, (worker(), worker()))


def denied(answer: httpx.Response) -> tuple[int, str, Any]:
    """Status, code and the gate's reason."""
    told: Members = answer.json()
    return answer.status_code, code_of(answer), told["decision"]["reason"]


@pytest.mark.parametrize("giver", [0, 1])
def test_what_one_worker_gave_before_a_sale_opens_nothing_at_the_other(
    door: Door, giver: int
) -> None:
    other = 1 - giver
    admission = members(door.bring(other, door.ticket(giver, "ada")), 201)["admission"]
    ticket = door.ticket(giver, "ada")
    assert door.renew(other, admission).status_code == 200

    door.sell(giver, "ada", "bo")
    door.live.mirror()

    assert denied(door.bring(other, ticket)) == (403, "access_denied", "no_seat")
    assert denied(door.renew(other, admission)) == (403, "access_denied", "no_seat")
    assert code_of(door.bring(giver, ticket)) == "ticket_spent"
    assert (door.may_enter("ada"), door.may_enter("bo")) == ([False] * 2, [True] * 2)
    assert door.bring(other, door.ticket(giver, "bo")).status_code == 201


@pytest.mark.parametrize("buyer", [0, 1])
def test_a_listing_that_was_bought_at_one_worker_is_dead_at_the_other(
    door: Door, buyer: int
) -> None:
    listing = door.sell(buyer, "ada", "bo")
    dead = (409, "contract_reverted", "seat_market_seller_not_owner")
    # The purchase is tried on the chain, so nobody waits for the mirror.
    assert refusal(door.buy(1 - buyer, "cleo", listing)) == dead
    door.live.mirror()
    assert [refusal(door.buy(one, "cleo", listing)) for one in (0, 1)] == [dead] * 2
    for one in (0, 1):
        assert ids(book(door.live, SESSION, browser(door.workers[one]))) == []


def test_who_has_bought_back_comes_in_at_both_and_the_old_listing_stays_dead(door: Door) -> None:
    before = door.ticket(0, "ada")
    first = door.sell(0, "ada", "bo")
    door.live.mirror()
    between = door.ticket(1, "bo")
    second = door.sell(1, "bo", "ada")
    door.live.mirror()

    assert (door.may_enter("ada"), door.may_enter("bo")) == ([True] * 2, [False] * 2)
    assert denied(door.bring(0, between)) == (403, "access_denied", "no_seat")
    assert door.bring(1, before).status_code == 201
    causes = {first: "seat_market_epoch_passed", second: "seat_market_seller_not_owner"}
    for listing, cause in causes.items():
        told = [refusal(door.buy(one, "cleo", listing)) for one in (0, 1)]
        assert told == [(409, "contract_reverted", cause)] * 2


def test_a_sale_that_a_reorganisation_undoes_is_undone_at_both(door: Door) -> None:
    listing = door.sell(0, "ada", "bo")
    door.live.mirror()
    ticket = door.ticket(0, "bo")
    assert (door.may_enter("ada"), door.may_enter("bo")) == ([False] * 2, [True] * 2)

    door.live.reorganise(1, 2)
    door.live.mirror()

    assert (door.may_enter("ada"), door.may_enter("bo")) == ([True] * 2, [False] * 2)
    assert denied(door.bring(1, ticket)) == (403, "access_denied", "no_seat")
    assert door.bring(1, door.ticket(0, "ada")).status_code == 201
    for one in (0, 1):
        assert ids(book(door.live, SESSION, browser(door.workers[one]))) == [listing]
        assert members(door.buy(one, "cleo", listing))["value_wei"] == str(FACE)


def test_while_the_mirror_stands_still_neither_opens_anything(door: Door) -> None:
    listing: str = list_seat(door.live, "ada", door.seat)["listing"]
    admission = members(door.bring(1, door.ticket(0, "ada")), 201)["admission"]
    # Whatever comes of it, a ticket is spent where it is shown.
    tickets = [door.ticket(0, "ada") for _ in range(3)]
    send(door.live, "bo", members(door.buy(0, "bo", listing)))

    door.live.clock.forward(LAG_S + 1)

    unknown = (503, "mirror_behind", "mirror_lags")
    for one in (0, 1):
        for name in ("ada", "bo"):
            client = door.client(one, name)
            assert denied(client.get("/v1/access/check", params=ENTRY)) == unknown
            assert denied(client.post(ROOM)) == unknown
        assert denied(door.bring(one, tickets.pop())) == unknown
        assert denied(door.renew(one, admission)) == unknown
    door.live.mirror()
    assert denied(door.bring(1, tickets.pop())) == (403, "access_denied", "no_seat")
    assert members(door.client(0, "bo").post(ROOM), 201)["decision"]["via"] == "seat"
    assert address_of("bo") == door.live.market.contract.owner_of(door.seat)
