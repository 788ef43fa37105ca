"""One attempt over real sockets: whom a connection is made to, and what is made of an answer."""

from __future__ import annotations

import asyncio
import socket
import threading
from contextlib import contextmanager, suppress
from time import thread_time
from typing import TYPE_CHECKING, Any, Final

import h11
import pytest

from api.webhooks.schedule import Attempt, Fault
from api.webhooks.sending import attempt, open_client
from tests.integration.api.receiving import Receiver, receiving, status

if TYPE_CHECKING:
    from collections.abc import Iterator

REBOUND: Final = "hooks.example"
"""A name that was harmless when it was registered, and leads to this machine now."""

BOTH: Final = "both.example"
"""Leads outside, and to this machine."""

SPARE: Final = "spare.example"
"""Leads to where nobody is, and to this machine."""

LEADS: Final = {REBOUND: ["127.0.0.1"], BOTH: ["8.8.8.8", "127.0.0.1"], SPARE: ["::1", "127.0.0.1"]}
UNREACHABLE: Final = Attempt(None, fault=Fault.UNREACHABLE)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture(autouse=True)
def looked_up(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names that were looked up; some lead where `LEADS` says."""
    real, asked = socket.getaddrinfo, []

    def leading(name: Any, *rest: Any, **more: Any) -> Any:  # noqa: ANN401 - as the library's
        host = name.decode() if isinstance(name, bytes) else name
        asked.append(host)
        return [one for to in LEADS.get(host, [host]) for one in real(to, *rest, **more)]

    monkeypatch.setattr(socket, "getaddrinfo", leading)
    return asked


@contextmanager
def listening() -> Iterator[tuple[socket.socket, int]]:
    """A socket of this machine that takes connections, and its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(20)
        yield server, server.getsockname()[1]


def sent(url: str, *, development: bool) -> Attempt:
    async def send() -> Attempt | None:
        client = open_client(development=development)
        return await attempt(client, "mentor", url, {"webhook-id": "msg_1"}, "{}")

    became = asyncio.run(send())
    assert became is not None
    return became


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", REBOUND, BOTH])
def test_no_connection_is_made_to_this_machine(host: str) -> None:
    with listening() as (server, port):
        # The same word, and no time, as when nobody is there.
        assert sent(f"http://{host}:{port}/hook", development=False) == UNREACHABLE
        server.settimeout(0)
        with pytest.raises(BlockingIOError):
            server.accept()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", REBOUND])
def test_development_may_send_to_this_machine(receiver: Receiver, host: str) -> None:
    url = receiver.url.replace("127.0.0.1", host)
    assert sent(url, development=True).status == 204
    [got] = receiver.got
    assert got.id == "msg_1"
    assert got.headers["host"] in url
    assert got.headers["host"].startswith(host)


def test_a_name_is_looked_up_once_and_its_addresses_are_tried_in_turn(
    receiver: Receiver, looked_up: list[str]
) -> None:
    assert sent(receiver.url.replace("127.0.0.1", SPARE), development=True).status == 204
    assert looked_up.count(SPARE) == 1


def test_tls_is_asked_for_by_name() -> None:
    said = []

    def answer(server: socket.socket) -> None:
        taken, _ = server.accept()
        with taken:
            taken.settimeout(20)
            said.append(taken.recv(4_096))

    with listening() as (server, port):
        thread = threading.Thread(target=answer, args=(server,))
        thread.start()
        assert sent(f"https://{REBOUND}:{port}/hook", development=True) == UNREACHABLE
        thread.join()
    [hello] = said
    assert REBOUND.encode() in hello


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "http://127.0.0.1:port/", "http://a..b/"])
def test_nobody_there_is_unreachable(url: str) -> None:
    assert sent(url, development=True) == UNREACHABLE


def test_what_is_no_text_in_an_answer_is_shown_as_such(receiver: Receiver) -> None:
    receiver.answer = status(500, b"a\0b\xff")
    assert sent(receiver.url, development=True).answer == "a\ufffdb\ufffd"


@pytest.mark.parametrize(
    "flood",
    [b"HTTP/1.1 100 \r\n\r\n" * 4_096, b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 20_000],
    ids=["informational answers", "headers"],
)
def test_an_answer_that_does_not_begin_is_broken_off_after_a_few_bytes(
    monkeypatch: pytest.MonkeyPatch, flood: bytes
) -> None:
    taken_in: list[int] = []
    real = h11.Connection.receive_data

    def counted(connection: h11.Connection, octets: bytes) -> None:
        taken_in.append(len(octets))
        real(connection, octets)

    monkeypatch.setattr(h11.Connection, "receive_data", counted)

    def answer(server: socket.socket) -> None:
        taken, _ = server.accept()
        with taken, suppress(ConnectionError):
            taken.settimeout(20)
            taken.recv(65_536)
            while True:
                taken.sendall(flood)

    with listening() as (server, port):
        thread = threading.Thread(target=answer, args=(server,))
        thread.start()
        began = thread_time()
        got = sent(f"http://127.0.0.1:{port}/hook", development=True)
        took = thread_time() - began
        thread.join()
    assert (got.status, got.fault) == (None, Fault.BROKEN_OFF)
    assert sum(taken_in) <= 2**16
    # Of the event loop's own time, however busy the machine is.
    assert took < 1
