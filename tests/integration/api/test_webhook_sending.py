"""One attempt over real sockets: whom a connection is made to, and what is made of an answer."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING, Any, Final

import pytest

from api.webhooks.schedule import Attempt, Fault
from api.webhooks.sending import attempt, open_client
from tests.integration.api.receiving import Receiver, receiving, status

if TYPE_CHECKING:
    from collections.abc import Iterator

REBOUND: Final = "hooks.example"
UNREACHABLE: Final = Attempt(None, fault=Fault.UNREACHABLE)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture(autouse=True)
def names(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that was harmless when it was registered, and leads to this machine now."""
    real = socket.getaddrinfo

    def rebound(name: Any, *rest: Any, **more: Any) -> Any:  # noqa: ANN401 - as the library's
        inside = name in {REBOUND, REBOUND.encode()}
        return real("127.0.0.1" if inside else name, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", rebound)


def sent(url: str, *, development: bool) -> Attempt:
    async def send() -> Attempt:
        async with open_client(development=development) as client:
            return await attempt(client, url, {"webhook-id": "msg_1"}, "{}")

    return asyncio.run(send())


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", REBOUND])
def test_no_connection_is_made_to_this_machine(receiver: Receiver, host: str) -> None:
    url = receiver.url.replace("127.0.0.1", host)
    # The same word, and no time, as when nobody is there.
    assert sent(url, development=False) == UNREACHABLE
    assert receiver.got == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", REBOUND])
def test_development_may_send_to_this_machine(receiver: Receiver, host: str) -> None:
    url = receiver.url.replace("127.0.0.1", host)
    assert sent(url, development=True).status == 204
    assert [one.id for one in receiver.got] == ["msg_1"]


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "http://127.0.0.1:port/", "http://a..b/"])
def test_nobody_there_is_unreachable(url: str) -> None:
    assert sent(url, development=True) == UNREACHABLE


def test_what_is_no_text_in_an_answer_is_shown_as_such(receiver: Receiver) -> None:
    receiver.answer = status(500, b"a\0b\xff")
    assert sent(receiver.url, development=True).answer == "a\ufffdb\ufffd"
