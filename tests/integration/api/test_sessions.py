from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from api.auth.sessions import known
from api.auth.tokens import Carrier, SessionToken
from api.auth.writes import NewSession, start_session
from api.store.tables import sessions
from marketplace.storage.transactions import reading, writing
from tests.integration.api.world import (
    Clock,
    Wallet,
    browser,
    code_of,
    parts_for,
    sign_in,
    sign_in_client,
)
from tests.integration.plans import plan_of

if TYPE_CHECKING:
    from datetime import datetime

    import httpx
    from sqlalchemy import Engine

    from api.parts import Parts

COOKIE = "__Host-seats_session"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_nobody_is_told_to_sign_in(client: httpx.Client) -> None:
    answer = client.get("/v1/auth/session")
    assert (answer.status_code, code_of(answer)) == (401, "sign_in_required")
    assert answer.headers["www-authenticate"] == 'Bearer realm="seats"'


@pytest.mark.parametrize("header", ["Bearer x", "Bearer " + "A" * 43, "Basic abc", "", "Bearer"])
def test_a_token_of_no_session_is_not_nobody(client: httpx.Client, header: str) -> None:
    answer = client.get("/v1/auth/session", headers={"Authorization": header})
    assert code_of(answer) == "session_ended"


def test_a_session_is_found_by_looks_into_indexes(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = plan_of(monkeypatch, lambda: known(parts, SessionToken.new(Carrier.BEARER)))

    assert told
    assert not [line for line in told if "SCAN" in line or "Seq Scan" in line]


def test_a_session_ends_when_its_time_is_over(
    database: Engine, clock: Clock, wallet: Wallet
) -> None:
    client = browser(parts_for(database, clock, session_lifetime_s=3_600, session_idle_s=7_200))
    sign_in(client, wallet)
    clock.forward(3_599)
    assert client.get("/v1/auth/session").status_code == 200
    clock.forward(1)
    assert code_of(client.get("/v1/auth/session")) == "session_ended"


def test_a_session_ends_when_it_is_not_used(database: Engine, clock: Clock, wallet: Wallet) -> None:
    client = browser(parts_for(database, clock, session_idle_s=1_000, session_touch_s=100))
    sign_in(client, wallet)
    for _ in range(3):
        clock.forward(900)
        assert client.get("/v1/auth/session").status_code == 200
    clock.forward(1_000)
    assert code_of(client.get("/v1/auth/session")) == "session_ended"


def test_the_account_sees_its_sessions_and_which_one_asks(
    parts: Parts, wallet: Wallet, clock: Clock
) -> None:
    phone, laptop = browser(parts), browser(parts)
    phone.headers["User-Agent"] = "phone\x7f" + "x" * 600
    sign_in(phone, wallet)
    clock.forward(5)
    sign_in(laptop, wallet)
    sign_in(browser(parts), Wallet())
    listed = laptop.get("/v1/auth/sessions").json()["sessions"]
    assert [one["current"] for one in listed] == [True, False]
    assert listed[1]["user_agent"] == "phone?" + "x" * 506


def test_a_session_is_ended_from_another_one_at_once(parts: Parts, wallet: Wallet) -> None:
    lost, own = browser(parts), browser(parts)
    sign_in(lost, wallet)
    csrf = sign_in(own, wallet)["csrf_token"]
    listed = own.get("/v1/auth/sessions").json()["sessions"]
    other = next(one["id"] for one in listed if not one["current"])
    answer = own.delete(f"/v1/auth/sessions/{other}", headers={"X-CSRF-Token": csrf})
    assert answer.status_code == 204
    assert code_of(lost.get("/v1/auth/session")) == "session_ended"
    assert own.get("/v1/auth/session").status_code == 200


def test_a_session_of_somebody_else_does_not_exist(parts: Parts, wallet: Wallet) -> None:
    own, theirs = browser(parts), browser(parts)
    csrf = sign_in(own, wallet)["csrf_token"]
    sign_in(theirs, Wallet())
    target = theirs.get("/v1/auth/session").json()["id"]
    answer = own.delete(f"/v1/auth/sessions/{target}", headers={"X-CSRF-Token": csrf})
    assert (answer.status_code, code_of(answer)) == (404, "not_found")
    assert theirs.get("/v1/auth/session").status_code == 200


def test_signing_out_ends_the_session_and_takes_the_cookie_away(
    client: httpx.Client, wallet: Wallet
) -> None:
    csrf = sign_in(client, wallet)["csrf_token"]
    kept = client.cookies[COOKIE]
    answer = client.post("/v1/auth/sign-out", headers={"X-CSRF-Token": csrf})
    assert answer.status_code == 204
    assert COOKIE not in client.cookies
    client.cookies.set(COOKIE, kept)
    assert code_of(client.get("/v1/auth/session")) == "session_ended"


@pytest.mark.parametrize("token", [None, "", "0" * 64, "é"])
def test_a_cookie_without_its_csrf_token_changes_nothing(
    client: httpx.Client, wallet: Wallet, token: str | None
) -> None:
    sign_in(client, wallet)
    headers = {} if token is None else {b"X-CSRF-Token": token.encode()}
    answer = client.post("/v1/auth/sign-out", headers=headers)
    assert (answer.status_code, code_of(answer)) == (403, "csrf_token_wrong")
    assert client.get("/v1/auth/session").status_code == 200


def test_the_csrf_token_of_another_session_does_not_count(parts: Parts, wallet: Wallet) -> None:
    own, other = browser(parts), browser(parts)
    sign_in(own, wallet)
    csrf = sign_in(other, wallet)["csrf_token"]
    answer = own.post("/v1/auth/sign-out", headers={"X-CSRF-Token": csrf})
    assert code_of(answer) == "csrf_token_wrong"


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "same-site"}],
)
def test_a_page_of_another_origin_cannot_use_the_cookie(
    client: httpx.Client, wallet: Wallet, headers: dict[str, str]
) -> None:
    csrf = sign_in(client, wallet)["csrf_token"]
    answer = client.post("/v1/auth/sign-out", headers={"X-CSRF-Token": csrf} | headers)
    assert (answer.status_code, code_of(answer)) == (403, "cross_site_request")


def test_a_client_needs_no_csrf_token(client: httpx.Client, wallet: Wallet) -> None:
    token = sign_in_client(client, wallet)
    assert client.post("/v1/auth/sign-out", headers=bearer(token)).status_code == 204
    assert code_of(client.get("/v1/auth/session", headers=bearer(token))) == "session_ended"


def test_the_value_of_a_cookie_is_no_bearer_token_and_the_other_way_round(
    client: httpx.Client, wallet: Wallet
) -> None:
    # Else whoever reads a cookie could go round the CSRF check.
    token = sign_in_client(client, wallet)
    sign_in(client, wallet)
    cookie = client.cookies[COOKIE]
    assert code_of(client.get("/v1/auth/session", headers=bearer(cookie))) == "session_ended"
    client.cookies.clear()
    client.cookies.set(COOKIE, token)
    assert code_of(client.get("/v1/auth/session")) == "session_ended"


def test_a_header_beside_a_cookie_counts_alone(client: httpx.Client, wallet: Wallet) -> None:
    other = Wallet()
    sign_in(client, wallet)
    token = sign_in_client(client, other)
    session = client.get("/v1/auth/session", headers=bearer(token)).json()
    assert session["account"] == other.address


def test_one_session_too_many_ends_the_one_that_was_idle_longest(
    database: Engine, clock: Clock, wallet: Wallet
) -> None:
    client = browser(parts_for(database, clock, max_sessions=2))
    tokens = []
    for _ in range(3):
        tokens.append(sign_in_client(client, wallet))
        clock.forward(10)
    alive = [client.get("/v1/auth/session", headers=bearer(one)).status_code for one in tokens]
    assert alive == [401, 200, 200]


def test_two_sessions_that_start_at_once_are_counted_both(
    database: Engine, clock: Clock, wallet: Wallet
) -> None:
    def start(number: int, now: datetime) -> None:
        digest = "0x" + f"{number:064x}"
        kept = NewSession(digest, wallet.address, now, now + timedelta(days=1), None)
        with writing(database) as connection:
            start_session(connection, kept, 31337, 1)
            if number == 1:
                other.start()
                # Whoever does not wait for the first to end is through by then.
                through.wait(1)

    def second() -> None:
        start(2, clock.now)
        through.set()

    through = threading.Event()
    other = threading.Thread(target=second)
    start(1, clock.now)
    other.join(20)
    alive = select(func.count()).where(sessions.c.revoked_at.is_(None))
    with reading(database) as connection:
        assert connection.scalar(alive) == 1
