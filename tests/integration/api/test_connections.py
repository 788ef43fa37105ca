"""Clients that send too much or too little, over real sockets."""

from __future__ import annotations

import socket
import threading
from time import monotonic
from typing import TYPE_CHECKING

import httpx
import pytest
from fastapi import Response
from fastapi.responses import StreamingResponse

from tests.integration.api.test_serving import loopback

if TYPE_CHECKING:
    from sqlalchemy import Engine

MIB = 1_048_576
PATIENCE_S = 20


def connected(url: str) -> socket.socket:
    host, _, port = url.removeprefix("http://").partition(":")
    return socket.create_connection((host, int(port)), timeout=PATIENCE_S)


def is_cut(client: socket.socket) -> bool:
    """Whether the server ends the connection, within the socket's patience."""
    try:
        while client.recv(65_536):
            pass
    except ConnectionError:
        return True
    except TimeoutError:
        return False
    return True


def sent_until_cut(url: str, start: bytes) -> int:
    """Bytes that are taken of a head without an end; 64 MiB when it is never cut."""
    with connected(url) as client:
        sent = 0
        try:
            client.sendall(start)
            while sent < 64 * MIB:
                client.sendall(b"x" * 65_536)
                sent += 65_536
        except ConnectionError:
            pass
        return sent


@pytest.mark.parametrize("start", [b"GET /health/live?", b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: "])
def test_a_head_without_an_end_is_cut_and_holds_nobody_up(database: Engine, start: bytes) -> None:
    with loopback(database) as (url, _, _), httpx.Client(base_url=url, timeout=PATIENCE_S) as other:
        sent: list[int] = []
        sending = threading.Thread(target=lambda: sent.append(sent_until_cut(url, start)))
        sending.start()
        alive = [other.get("/health/live").status_code for _ in range(20)]
        sending.join(PATIENCE_S)
        assert alive == [200] * 20
        # What the kernels hold is counted too.
        assert [one < 32 * MIB for one in sent] == [True]


def test_a_head_of_an_ordinary_size_is_taken(database: Engine) -> None:
    with loopback(database) as (url, _, _):
        answer = httpx.get(f"{url}/health/live", headers={"X-Long": "x" * 15_000})
        assert answer.status_code == 200


@pytest.mark.parametrize("begun", [b"", b"GET /health/live HTTP/1.1\r\n"])
def test_a_head_that_does_not_come_to_its_end_is_given_up(database: Engine, begun: bytes) -> None:
    with loopback(database, head_timeout_s=1) as (url, _, _), connected(url) as client:
        client.sendall(begun)
        assert is_cut(client)


def test_the_head_of_a_second_request_is_given_up_as_well(database: Engine) -> None:
    with loopback(database, head_timeout_s=1) as (url, _, _), connected(url) as client:
        client.sendall(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")
        assert client.recv(12) == b"HTTP/1.1 200"
        client.sendall(b"GET /health")
        assert is_cut(client)


def test_an_answer_may_take_longer_than_a_head(database: Engine) -> None:
    late = threading.Event()
    with loopback(database, head_timeout_s=1) as (url, _, app):

        @app.get("/slow")
        def slow() -> bool:
            return late.wait(2)

        assert httpx.get(f"{url}/slow", timeout=PATIENCE_S).json() is False


def test_one_connection_too_many_is_told_to_come_back(database: Engine) -> None:
    with loopback(database, max_connections=2) as (url, _, _):
        with connected(url), connected(url):
            assert httpx.get(f"{url}/health/live").status_code == 503
        with connected(url):
            assert httpx.get(f"{url}/health/live").status_code == 200


@pytest.mark.parametrize("path", ["/whole", "/in-pieces"])
def test_who_takes_nothing_of_an_answer_is_given_up(
    database: Engine, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr("api.connections.STALLED_S", 0.3)
    with loopback(database, max_connections=1) as (url, _, app):

        @app.get("/whole")
        def whole() -> Response:
            # More than the kernels take in. It counts as answered: what is left waits in a buffer.
            return Response(b"x" * 16 * MIB)

        @app.get("/in-pieces")
        def pieces() -> Response:
            return StreamingResponse(b"x" * 65_536 for _ in range(256))

        with connected(url) as client:
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            alive = threading.Event()

            def ask() -> None:
                while not alive.is_set() and httpx.get(f"{url}/health/live").status_code != 200:
                    pass
                alive.set()

            asking = threading.Thread(target=ask)
            asking.start()
            came = alive.wait(PATIENCE_S)
            alive.set()
            asking.join()
            assert came


def test_who_takes_an_answer_slowly_gets_all_of_it(
    database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    stalled_s = 3
    monkeypatch.setattr("api.connections.STALLED_S", stalled_s)
    paused = threading.Event()
    with loopback(database) as (url, _, app):

        @app.get("/long")
        def long() -> Response:
            return Response(b"x" * 16 * MIB)

        with connected(url) as client:
            client.sendall(b"GET /long HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            taken, began = len(client.recv(MIB)), monotonic()
            while piece := client.recv(MIB):
                taken += len(piece)
                paused.wait(0.4)
            assert taken > 16 * MIB
            # It took so long to take, and nobody was cut.
            assert monotonic() - began > stalled_s


def test_a_body_that_comes_drop_by_drop_is_given_up(database: Engine) -> None:
    ended = threading.Event()

    def drip(client: socket.socket) -> None:
        try:
            while not ended.wait(0.3):
                client.sendall(b" ")
        except OSError:
            return

    head = b"POST /v1/auth/nonce HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    with loopback(database, body_timeout_s=1) as (url, _, _), connected(url) as client:
        client.sendall(head + b"Content-Length: 1000\r\n\r\n{")
        dripping = threading.Thread(target=drip, args=(client,))
        dripping.start()
        try:
            said = client.recv(65_536)
            assert said.startswith(b"HTTP/1.1 408")
            assert b"\r\nconnection: close\r\n" in said.lower()
            assert is_cut(client)
        finally:
            ended.set()
            dripping.join()


def test_what_is_left_of_a_body_that_is_too_large_is_not_read(database: Engine) -> None:
    with loopback(database) as (url, _, _), httpx.Client(base_url=url) as client:
        headers = {"Content-Type": "application/json"}
        answer = client.post("/v1/auth/nonce", content=b"x" * 70_000, headers=headers)
        assert (answer.status_code, answer.headers["connection"]) == (413, "close")
