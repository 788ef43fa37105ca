from __future__ import annotations

import http.client
import threading
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import httpx
import pytest
from fastapi import Request  # noqa: TC002 - FastAPI reads the annotations

from api.app import create_app
from api.parts import Parts
from api.process import chain_of
from api.server import AddressTaken, listen, origin_of, serving
from tests.integration.api.world import (
    Clock,
    ToldMirror,
    Wallet,
    code_of,
    settings_for,
    sign_in_client,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI
    from sqlalchemy import Engine


@contextmanager
def loopback(database: Engine, **changes: object) -> Iterator[tuple[str, Parts, FastAPI]]:
    """Serve an API on a free port of the loopback, as a developer would."""
    settings = settings_for(database, port=0, public_url=None, **changes)
    listener = listen(settings)
    parts = Parts(
        settings=settings,
        origin=origin_of(settings, listener),
        store=database,
        mirror=ToldMirror(),
        reads=database,
        chain=chain_of(settings),
        clock=Clock(),
    )
    app = create_app(parts)
    with serving(app, settings, listener) as url:
        yield url, parts, app


def test_a_client_signs_in_over_the_wire(database: Engine) -> None:
    with loopback(database) as (url, parts, _), httpx.Client(base_url=url) as client:
        assert parts.origin.url == url
        wallet = Wallet()
        token = sign_in_client(client, wallet)
        answer = client.get("/v1/auth/session", headers={"Authorization": f"Bearer {token}"})
        assert answer.json()["account"] == wallet.address
        assert "server" not in answer.headers
        assert "strict-transport-security" not in answer.headers


def test_the_cookies_are_no_weaker_on_the_loopback(database: Engine) -> None:
    with loopback(database) as (url, _, _), httpx.Client(base_url=url) as client:
        answer = client.post("/v1/auth/nonce", json={})
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-seats_attempt=")
        assert {"Secure", "HttpOnly", "SameSite=strict"} <= set(cookie.split("; "))


def test_who_is_connected_is_not_what_a_header_says(database: Engine) -> None:
    with loopback(database) as (url, _, app):

        @app.get("/seen")
        async def seen(request: Request) -> str:
            return f"{request.url.scheme} {request.client.host if request.client else None}"

        lies = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}
        assert httpx.get(f"{url}/seen", headers=lies).json() == "http 127.0.0.1"


def test_a_body_in_pieces_is_cut_off_at_its_limit(database: Engine) -> None:
    with loopback(database) as (url, _, _), httpx.Client(base_url=url) as client:
        answer = client.post(
            "/v1/auth/nonce",
            content=(b"x" * 1_024 for _ in range(1_000)),
            headers={"Content-Type": "application/json"},
        )
        assert (answer.status_code, code_of(answer)) == (413, "body_too_large")


def test_a_body_that_does_not_come_is_given_up(database: Engine) -> None:
    with loopback(database, body_timeout_s=1) as (url, _, _):
        connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=10)
        with closing(connection):
            connection.putrequest("POST", "/v1/auth/nonce")
            connection.putheader("Content-Type", "application/json")
            connection.putheader("Content-Length", "10")
            connection.endheaders(b"{")
            answer = connection.getresponse()
            assert answer.status == 408
            assert b"body_too_slow" in answer.read()


def test_a_port_that_is_taken_is_named(database: Engine) -> None:
    with loopback(database) as (url, _, _):
        taken = settings_for(database, port=int(url.rpartition(":")[2]))
        with pytest.raises(AddressTaken, match="is taken: stop the program"):
            listen(taken)


def test_a_request_under_way_is_answered_before_the_end(database: Engine) -> None:
    begun, go_on = threading.Event(), threading.Event()
    answers: list[httpx.Response] = []
    with loopback(database) as (url, _, app):

        @app.get("/slow")
        def slow() -> str:
            begun.set()
            assert go_on.wait(20)
            return "done"

        asking = threading.Thread(target=lambda: answers.append(httpx.get(f"{url}/slow")))
        asking.start()
        assert begun.wait(20)
        threading.Timer(0.3, go_on.set).start()
    # The server has been told to end while the request was held.
    asking.join(20)
    assert [answer.json() for answer in answers] == ["done"]
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}/health/live")
