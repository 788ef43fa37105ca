"""Quotas over both databases: who counts for whom, what all processes share, and what is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import pytest
from sqlalchemy import func, select

from api.app import create_app
from api.limits import counters
from api.limits.classes import SHARED, class_of
from api.limits.quotas import SECOND, Buckets, Quota
from api.store.request_tables import rate_buckets
from marketplace.storage.engines import open_engine
from marketplace.storage.transactions import reading, writing
from tests.integration.api.world import (
    Clock,
    Wallet,
    ask_nonce,
    browser,
    code_of,
    in_front_of,
    parts_for,
    sign_in,
    sign_in_client,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx
    from sqlalchemy import Engine
    from starlette.types import Receive, Scope, Send

    from api.parts import Parts

Json: TypeAlias = Any
CHECK: Final = "/v1/access/check?action=see_resale&drop=1"
NONCE: Final = {"session": "bearer"}


@pytest.fixture
def limited(database: Engine, clock: Clock) -> Callable[..., Parts]:
    """Makes the parts of a process; quotas are off unless they are named."""

    def process(**limits: object) -> Parts:
        return parts_for(database, clock, None, **limits)

    return process


def signed_in(parts: Parts, wallet: Wallet) -> httpx.Client:
    client = browser(parts)
    client.headers["Authorization"] = f"Bearer {sign_in_client(client, wallet)}"
    return client


def from_address(parts: Parts, host: str) -> httpx.Client:
    """A client that comes from an address."""
    app = create_app(parts)

    async def moved(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "client": (host, 1)}, receive, send)

    return in_front_of(moved, parts.origin.url)  # type: ignore[arg-type] # any application does


def statuses(client: httpx.Client, count: int, path: str = CHECK) -> list[int]:
    return [client.get(path).status_code for _ in range(count)]


def test_whoever_asks_too_often_is_told_when_to_come_back(
    limited: Callable[..., Parts], clock: Clock
) -> None:
    client = browser(limited(limit_reads=3))
    answers = [client.get("/v1/problems") for _ in range(4)]
    assert [one.headers["ratelimit"] for one in answers] == [
        '"reads";r=2;t=20',
        '"reads";r=1;t=40',
        '"reads";r=0;t=60',
        '"reads";r=0;t=60',
    ]
    assert {one.headers["ratelimit-policy"] for one in answers} == {'"reads";q=3;w=60'}
    refused = answers[-1]
    assert (refused.status_code, code_of(refused)) == (429, "too_many_requests")
    assert refused.headers["retry-after"] == "20"
    assert refused.headers["x-content-type-options"] == "nosniff"
    assert refused.json()["quota"] == "reads"
    clock.forward(20)
    assert client.get("/v1/problems").status_code == 200


def test_what_is_answered_with_a_problem_counts_and_says_so(limited: Callable[..., Parts]) -> None:
    client = browser(limited(limit_reads=2, limit_writes=1))
    answers = [client.get("/nowhere"), client.get("/v1/auth/session"), client.get("/nowhere")]
    assert [one.status_code for one in answers] == [404, 401, 429]
    assert all("ratelimit" in one.headers for one in answers)
    assert [client.post("/nowhere").status_code for _ in range(2)] == [404, 429]


def test_a_quota_of_nothing_is_none_and_health_has_none(limited: Callable[..., Parts]) -> None:
    unlimited = browser(limited())
    answers = [unlimited.get("/v1/problems") for _ in range(20)]
    assert {one.status_code for one in answers} == {200}
    assert not any("ratelimit" in one.headers for one in answers)
    watched = browser(limited(limit_reads=1))
    assert statuses(watched, 5, "/health/live") == [200] * 5


def test_classes_have_quotas_of_their_own(limited: Callable[..., Parts]) -> None:
    client = browser(limited(limit_reads=1, limit_checks=2, limit_preparing=1))
    assert statuses(client, 2, "/v1/problems") == [200, 429]
    assert [one == 429 for one in statuses(client, 3)] == [False, False, True]
    order = {"account": Wallet().address}
    codes = [code_of(client.post("/v1/tx/bump-counter", json=order)) for _ in range(2)]
    assert codes == ["chain_unavailable", "too_many_requests"]


def test_nobody_counts_for_the_address_and_somebody_for_their_account(
    limited: Callable[..., Parts],
) -> None:
    parts = limited(limit_reads=3)
    ada = Wallet()
    client = browser(parts)
    first, second = (sign_in_client(client, ada) for _ in range(2))
    for token in (first, second):
        # Not known to this process yet: it counts for the address.
        headers = {"Authorization": f"Bearer {token}"}
        assert client.get("/v1/auth/session", headers=headers).status_code == 200
    known = [
        client.get("/v1/auth/session", headers={"Authorization": f"Bearer {token}"}).status_code
        for token in (first, second, first, second)
    ]
    assert known == [200, 200, 200, 429]
    # The account has used up what it has, and who shows nothing at the address has all of theirs.
    assert statuses(client, 4, "/v1/problems") == [200, 200, 200, 429]


def test_made_up_credentials_count_for_the_address(limited: Callable[..., Parts]) -> None:
    client = browser(limited(limit_reads=4))
    answers = [
        client.get("/v1/auth/session", headers={"Authorization": f"Bearer {number:043d}"})
        for number in range(6)
    ]
    assert [one.status_code for one in answers] == [401, 401, 401, 401, 429, 429]


def test_a_session_that_ended_counts_for_the_address_again(limited: Callable[..., Parts]) -> None:
    client = signed_in(limited(limit_reads=9), Wallet())

    def left() -> str:
        return client.get("/v1/auth/session").headers["ratelimit"].split(";")[1]

    # What is shown at the address has lost one, and then the account two, the second refused.
    assert [left(), left()] == ["r=8", "r=8"]
    assert client.post("/v1/auth/sign-out").status_code == 204
    assert [left(), left(), left()] == ["r=7", "r=7", "r=6"]


def test_customers_of_one_network_count_together(limited: Callable[..., Parts]) -> None:
    parts = limited(limit_sign_in=2)
    hosts = ["2001:db8::1", "2001:db8::ffff", "2001:db8:0:0:9::", "2001:db8:0:1::1", "192.0.2.7"]
    answers = [from_address(parts, host).post("/v1/auth/nonce", json=NONCE) for host in hosts]
    assert [one.status_code for one in answers] == [201, 201, 429, 201, 201]


def test_a_batch_counts_as_ten(limited: Callable[..., Parts]) -> None:
    client = browser(limited(limit_checks=25))
    batch = {"checks": [{"action": "see_resale", "drop": 1}]}
    answers = [client.post("/v1/access/check:batch", json=batch) for _ in range(3)]
    assert 429 not in {one.status_code for one in answers[:2]}
    assert (answers[2].status_code, answers[2].headers["retry-after"]) == (429, "12")
    assert 429 not in statuses(client, 5)
    assert statuses(client, 1) == [429]


def test_a_quota_below_a_batch_lets_one_through(limited: Callable[..., Parts]) -> None:
    client = browser(limited(limit_checks=3))
    batch = {"checks": [{"action": "see_resale", "drop": 1}]}
    told = [client.post("/v1/access/check:batch", json=batch).status_code for _ in range(2)]
    assert told[0] != 429
    assert told[1] == 429


def test_a_header_does_not_change_for_whom_it_counts(limited: Callable[..., Parts]) -> None:
    client = browser(limited(limit_sign_in=2))
    answers = [
        client.post("/v1/auth/nonce", json=NONCE, headers={"X-Forwarded-For": f"192.0.2.{number}"})
        for number in range(3)
    ]
    assert [one.status_code for one in answers] == [201, 201, 429]


def test_behind_a_proxy_addresses_can_be_left_out(limited: Callable[..., Parts]) -> None:
    parts = limited(limit_sign_in=1, limit_reads=1, limit_addresses=False)
    client = browser(parts)
    assert [client.post("/v1/auth/nonce", json=NONCE).status_code for _ in range(3)] == [201] * 3
    ada = signed_in(parts, Wallet())
    assert statuses(ada, 3, "/v1/auth/session") == [200, 200, 429]


def test_writing_a_credential_otherwise_brings_no_other_quota(
    limited: Callable[..., Parts],
) -> None:
    parts = limited(limit_reads=2, limit_addresses=False)
    client = browser(parts)
    token = sign_in_client(client, Wallet())
    spellings = ["Bearer", "bearer", "BEARER", "bEaReR"]
    answers = [
        client.get("/v1/auth/session", headers={"Authorization": f"{one} {token}"})
        for one in spellings
    ]
    # The first is not known to this process yet.
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    client.cookies.set("a", "0")
    sign_in(client, Wallet())
    codes = []
    for number in range(4):
        client.cookies.set("a", str(number))
        codes.append(client.get("/v1/auth/session").status_code)
    assert codes == [200, 200, 200, 429]


def test_signing_in_counts_for_the_address_whoever_asks(limited: Callable[..., Parts]) -> None:
    parts = limited(limit_sign_in=4, limit_reads=9)
    ada, client = signed_in(parts, Wallet()), browser(parts)
    assert ada.get("/v1/auth/session").status_code == 200
    assert ada.post("/v1/auth/nonce", json=NONCE).status_code == 201
    ask_nonce(client, Wallet())
    assert ada.post("/v1/auth/nonce", json=NONCE).status_code == 429


def test_processes_share_what_is_strict_and_each_has_its_share_of_the_rest(
    limited: Callable[..., Parts],
) -> None:
    limits = {"limit_sign_in": 3, "limit_reads": 4, "processes": 2}
    first, second = (browser(limited(**limits)) for _ in range(2))
    asked = [first, second, first, second]
    codes = [one.post("/v1/auth/nonce", json=NONCE).status_code for one in asked]
    assert codes == [201, 201, 201, 429]
    for client in (first, second):
        assert statuses(client, 3, "/v1/problems") == [200, 200, 429]
        assert client.get("/v1/problems").headers["ratelimit-policy"] == '"reads";q=2;w=60'


def test_one_account_on_two_chains_has_two_quotas(limited: Callable[..., Parts]) -> None:
    ada = Wallet()
    codes = []
    # The longest id that a chain may have here, and another: processes of one database.
    for chain_id in (2**53 - 1, 31337):
        for _ in range(2):
            client = signed_in(limited(limit_writes=2, chain_id=chain_id), ada)
            assert client.get("/v1/auth/session").status_code == 200
            codes += [client.post("/nowhere").status_code for _ in range(2)]
    assert codes == [404, 404, 429, 429] * 2


def test_of_many_at_once_exactly_the_quota_gets_in(database: Engine, clock: Clock) -> None:
    quota, now = Quota("writes", 12), int(clock().timestamp() * SECOND)
    start = Barrier(4)
    engines = [open_engine(database.url) for _ in range(2)]

    def flood(number: int) -> int:
        start.wait(30)
        store = engines[number % 2]
        return sum(counters.take(store, quota, "account 0x1", now).allowed for _ in range(6))

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(flood, range(4))) == 12
    for engine in engines:
        engine.dispose()


def test_rows_say_what_buckets_in_memory_say(database: Engine) -> None:
    quota, now = Quota("writes", 3), 1_800_000_000 * SECOND
    buckets = Buckets(quota)
    steps = [0, 0, 0, 0, 19, 1, 0, 300, 0, -4_000, 0, 0, 0, -5, 70]
    for step in steps:
        now += step * SECOND
        assert counters.take(database, quota, "ada", now) == buckets.take("ada", now), step


def test_buckets_that_are_full_are_forgotten(database: Engine) -> None:
    quota, now = Quota("writes", 60), 1_800_000_000 * SECOND
    for name in ("ada", "bo"):
        counters.take(database, quota, name, now)
    later = now + 30 * SECOND
    for _ in range(40):
        counters.take(database, quota, "cleo", later)
    counters.forget_full(database, later)
    with reading(database) as connection:
        assert list(connection.scalars(select(rate_buckets.c.name))) == ["writes cleo"]
        assert connection.scalar(select(func.count()).select_from(rate_buckets)) == 1


def test_while_the_counters_cannot_be_reached_nothing_is_changed(
    limited: Callable[..., Parts], database: Engine
) -> None:
    client = browser(limited(limit_sign_in=5, limit_reads=5))
    with writing(database) as connection:
        rate_buckets.drop(connection)
    answer = client.post("/v1/auth/nonce", json=NONCE)
    assert answer.status_code == 503
    assert code_of(answer) in {"storage_version", "storage_unreachable", "storage"}
    assert client.get("/v1/problems").status_code == 200


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_the_document_says_what_is_counted(client: httpx.Client) -> None:
    document = client.get("/v1/openapi.json").json()
    counted = 0
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            responses = operation["responses"]
            kind = class_of(method.upper(), path)
            told = "`too_many_requests`" in responses.get("429", {}).get("description", "")
            assert told == (kind is not None), path
            if kind is None:
                continue
            counted += 1
            assert "Retry-After" in responses["429"]["headers"], path
            for response in responses.values():
                assert {"RateLimit", "RateLimit-Policy"} <= response["headers"].keys()
            if kind in SHARED:
                # Counting them needs the database, which then may not answer.
                assert "`storage_unreachable`" in responses["503"]["description"], path
                assert "`storage_locked`" in responses["503"]["description"], path
    assert counted > 60
