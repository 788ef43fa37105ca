"""Quotas of addresses over both databases: many accounts at one have no more than it has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from api.app import create_app
from tests.integration.api.world import (
    Clock,
    Wallet,
    code_of,
    in_front_of,
    parts_for,
    sign_in_client,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx
    from sqlalchemy import Engine
    from starlette.types import Receive, Scope, Send

    from api.parts import Parts

HERE: Final = "192.0.2.7"
ELSEWHERE: Final = "192.0.2.8"
READ: Final = "/v1/auth/session"
CROWD: Final = 11
"""Accounts that want more than ten times what one has."""


class Place:
    """The clients of one process, each at an address."""

    def __init__(self, parts: Parts, clock: Clock) -> None:
        self._app, self._url, self._clock = create_app(parts), parts.origin.url, clock

    def client(self, host: str, **headers: str) -> httpx.Client:
        async def moved(scope: Scope, receive: Receive, send: Send) -> None:
            await self._app({**scope, "client": (host, 1)}, receive, send)

        found = in_front_of(moved, self._url)  # type: ignore[arg-type] # any application does
        found.headers.update(headers)
        return found

    def known(self, host: str) -> httpx.Client:
        """A client of a new account, whose session this process has seen; all buckets are full."""
        token = sign_in_client(self.client(host), Wallet())
        found = self.client(host, Authorization=f"Bearer {token}")
        assert found.get(READ).status_code == 200
        self._clock.forward(60)
        return found

    def crowd(self, host: str = HERE) -> list[httpx.Client]:
        return [self.known(host) for _ in range(CROWD)]


@pytest.fixture
def place(database: Engine, clock: Clock) -> Callable[..., Place]:
    """Makes a process; quotas are off unless they are named."""

    def process(**limits: object) -> Place:
        return Place(parts_for(database, clock, None, **limits), clock)

    return process


def read(client: httpx.Client) -> int:
    return client.get(READ).status_code


def test_many_accounts_at_one_address_have_together_ten_times_what_one_has(
    place: Callable[..., Place], clock: Clock
) -> None:
    process = place(limit_reads=2)
    other, crowd = process.known(ELSEWHERE), process.crowd()
    told = [read(one) for one in crowd for _ in range(2)]
    assert told == [200] * 20 + [429] * 2
    refused = crowd[-1].get(READ)
    assert code_of(refused) == "too_many_requests"
    assert (refused.json()["quota"], refused.json()["requests"]) == ("reads-of-address", 20)
    assert refused.headers["ratelimit-policy"] == '"reads-of-address";q=20;w=60'
    assert refused.headers["ratelimit"] == '"reads-of-address";r=0;t=60'
    assert refused.headers["retry-after"] == "3"
    # Another address is not concerned, nor the account when it comes from there, nor strangers.
    assert [read(other), read(other)] == [200, 200]
    away = process.client(ELSEWHERE, Authorization=crowd[-1].headers["Authorization"])
    assert read(away) == 200
    assert process.client(HERE).get("/v1/problems").status_code == 200
    clock.forward(3)
    assert [read(crowd[-1]), read(crowd[-1])] == [200, 429]


def test_what_changes_something_counts_for_the_address_too(place: Callable[..., Place]) -> None:
    process = place(limit_reads=1_000, limit_writes=1)
    crowd = process.crowd()
    assert [one.post("/nowhere").status_code for one in crowd] == [404] * 10 + [429]
    refused = crowd[-1].post("/nowhere")
    assert refused.headers["ratelimit-policy"] == '"writes-of-address";q=10;w=60'


def test_customers_of_one_network_are_one_address(place: Callable[..., Place]) -> None:
    process = place(limit_reads=1)
    crowd = [process.known(f"2001:db8::{number}") for number in range(1, CROWD + 1)]
    neighbour = process.known("2001:db8:0:1::1")
    assert [read(one) for one in crowd] == [200] * 10 + [429]
    assert read(neighbour) == 200


def test_where_addresses_are_left_out_accounts_alone_count(place: Callable[..., Place]) -> None:
    process = place(limit_reads=1, limit_writes=1, limit_addresses=False)
    crowd = process.crowd()
    assert [read(one) for one in crowd] == [200] * CROWD
    assert [read(one) for one in crowd] == [429] * CROWD
    assert [one.post("/nowhere").status_code for one in crowd] == [404] * CROWD


def test_what_an_account_is_refused_costs_its_address_nothing(
    place: Callable[..., Place],
) -> None:
    process = place(limit_reads=1_000, limit_checks=1, limit_writes=1)
    crowd = process.crowd()
    for _ in range(20):
        crowd[0].get("/v1/access/check?action=see_resale&drop=1")
        crowd[0].post("/nowhere")
    checked = [one.get("/v1/access/check?action=see_resale&drop=1").status_code for one in crowd]
    # It had one of the address's ten, and nine others have the rest.
    assert [one == 429 for one in checked] == [True] + [False] * 9 + [True]
    assert [one.post("/nowhere").status_code for one in crowd] == [429] + [404] * 9 + [429]


def test_who_shows_nothing_keeps_nobody_from_being_recognised(
    place: Callable[..., Place],
) -> None:
    first, second = (place(limit_reads=2, limit_writes=2) for _ in range(2))
    away = {"Authorization": first.known(HERE).headers["Authorization"]}
    nobody, somebody = second.client(HERE), second.client(HERE, **away)
    assert [nobody.get("/v1/problems").status_code for _ in range(3)] == [200, 200, 429]
    assert [nobody.post("/nowhere").status_code for _ in range(3)] == [404, 404, 429]
    assert somebody.post("/nowhere").status_code == 404
    # The first is not known to this process yet, and the next two are the account's.
    assert [read(somebody) for _ in range(4)] == [200, 200, 200, 429]


def test_made_up_credentials_take_no_more_than_nobody_has(place: Callable[..., Place]) -> None:
    process = place(limit_reads=2, limit_writes=2, limit_sign_in=2)
    made_up = [process.client(HERE, Authorization=f"Bearer {number:043d}") for number in range(3)]
    assert [one.get("/v1/problems").status_code for one in made_up] == [200, 200, 429]
    assert [one.post("/nowhere").status_code for one in made_up] == [404, 404, 429]
    asked = [one.post("/v1/auth/nonce", json={"session": "bearer"}) for one in made_up]
    assert [one.status_code for one in asked] == [201, 201, 429]
    # Nor do they take it from nobody.
    nobody = process.client(HERE)
    assert [nobody.get("/v1/problems").status_code for _ in range(3)] == [200, 200, 429]
    assert nobody.post("/v1/auth/nonce", json={"session": "bearer"}).status_code == 429


def test_the_tighter_of_two_quotas_is_told(place: Callable[..., Place]) -> None:
    process = place(limit_reads=3)
    crowd = process.crowd()
    first = crowd[0].get(READ)
    assert first.headers["ratelimit-policy"] == '"reads";q=3;w=60'
    assert first.headers["ratelimit"] == '"reads";r=2;t=20'
    for one in crowd[1:10]:
        assert [read(one) for _ in range(3)] == [200] * 3
    last = crowd[10].get(READ)
    assert last.headers["ratelimit-policy"] == '"reads-of-address";q=30;w=60'
    assert last.headers["ratelimit"] == '"reads-of-address";r=1;t=58'


def test_each_process_has_its_share_and_no_less_than_one_account(
    place: Callable[..., Place],
) -> None:
    process = place(limit_reads=40, limit_writes=4, processes=20)
    crowd = process.crowd()
    assert [read(one) for one in crowd for _ in range(2)] == [200] * 20 + [429] * 2
    # What all processes count together is an account's at any of them.
    assert [crowd[0].post("/nowhere").status_code for _ in range(5)] == [404] * 4 + [429]
