from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pytest

from api.errors import ApiError
from api.recordings.streams import GuardedStream, Pace

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, MutableMapping

OFTEN: Final = 0.001
HEADERS: Final = {"Content-Length": "300000"}


class No(ApiError):
    """It is known that the reader may not."""


class Unknown(ApiError):
    """Nothing is known."""

    retry_helps = True


@dataclass
class Connection:
    """One end of a connection; takes what is sent, or nothing once it is full."""

    holds: int = 10**9
    sent: list[bytes] = field(default_factory=list)
    status: int = 0
    complete: bool = False
    left: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            return
        if sum(map(len, self.sent)) >= self.holds:
            await asyncio.Event().wait()
        self.sent.append(message["body"])
        self.complete = not message["more_body"]

    async def receive(self) -> MutableMapping[str, Any]:
        await self.left.wait()
        return {"type": "http.disconnect"}


@dataclass
class Guard:
    """Says what it is told, in turn, then always yes; `asked` counts."""

    answers: list[Exception | None] = field(default_factory=list)
    always: Exception | None = None
    asked: int = 0
    _often: dict[int, asyncio.Event] = field(default_factory=dict)

    async def asked_so_often(self, times: int) -> None:
        await self._often.setdefault(times, asyncio.Event()).wait()

    async def __call__(self) -> None:
        self.asked += 1
        self._often.setdefault(self.asked, asyncio.Event()).set()
        answer = self.answers.pop(0) if self.answers else self.always
        if answer is not None:
            raise answer


def stream(connection: Connection, guard: Guard, content: AsyncIterator[bytes], pace: Pace) -> None:
    """Send a stream to its end, whatever that is."""
    answer = GuardedStream(content, 200, HEADERS, may_go_on=guard, pace=pace)

    async def run() -> None:
        async with asyncio.timeout(20):
            await answer({}, connection.receive, connection.send)

    asyncio.run(run())


async def pieces(*given: bytes) -> AsyncIterator[bytes]:
    for piece in given:
        yield piece


async def until_asked(guard: Guard, times: int) -> AsyncIterator[bytes]:
    """Give a byte, and another one only when the guard has been asked so often."""
    yield b"a"
    await guard.asked_so_often(times)
    yield b"b"


def test_a_short_stream_is_sent_without_asking_again() -> None:
    connection, guard = Connection(), Guard()
    stream(connection, guard, pieces(b"a" * 300_000), Pace(60))
    assert b"".join(connection.sent) == b"a" * 300_000
    assert (connection.status, connection.complete, guard.asked) == (200, True, 0)
    # What is handed over cannot be taken back: it is not much at once.
    assert max(map(len, connection.sent)) <= 65_536


def test_a_long_stream_asks_again_and_again() -> None:
    connection, guard = Connection(), Guard()
    stream(connection, guard, until_asked(guard, 5), Pace(OFTEN))
    assert (b"".join(connection.sent), connection.complete) == (b"ab", True)


def test_a_no_cuts_the_stream() -> None:
    connection, guard = Connection(), Guard([None, No()])
    stream(connection, guard, until_asked(guard, 3), Pace(OFTEN))
    assert (connection.sent, connection.complete) == ([b"a"], False)


def test_while_a_question_is_open_nothing_is_sent() -> None:
    connection = Connection()
    asked = asyncio.Event()

    async def content() -> AsyncIterator[bytes]:
        yield b"a"
        await asked.wait()
        yield b"b"

    async def slow() -> None:
        asked.set()
        for _ in range(100):
            await asyncio.sleep(0)
        assert connection.sent == [b"a"]
        raise No

    answer = GuardedStream(content(), 200, HEADERS, may_go_on=slow, pace=Pace(OFTEN))
    asyncio.run(answer({}, connection.receive, connection.send))
    assert connection.sent == [b"a"]


def test_not_knowing_for_a_moment_is_no_no() -> None:
    connection, guard = Connection(), Guard([Unknown(), Unknown(), None])
    stream(connection, guard, until_asked(guard, 2), Pace(OFTEN, unknown_s=60))
    assert connection.complete
    assert guard.asked >= 3


def test_not_knowing_for_too_long_cuts_the_stream() -> None:
    connection, guard = Connection(), Guard(always=Unknown())
    stream(connection, guard, until_asked(guard, 1), Pace(OFTEN, unknown_s=0.01))
    assert (connection.sent, connection.complete) == ([b"a"], False)


def test_a_reader_who_takes_nothing_is_given_up() -> None:
    connection, guard = Connection(holds=1), Guard()
    stream(connection, guard, pieces(b"a", b"b"), Pace(OFTEN, stalled_s=0.01))
    assert (connection.sent, connection.complete) == ([b"a"], False)


def test_a_reader_who_has_left_is_not_read_for() -> None:
    connection, guard = Connection(), Guard()
    connection.left.set()
    stream(connection, guard, until_asked(guard, 10**9), Pace(60))
    assert not connection.complete


def test_a_fault_before_the_first_byte_can_still_be_told() -> None:
    connection, guard = Connection(), Guard()

    async def broken() -> AsyncIterator[bytes]:
        async for piece in pieces():
            yield piece
        raise No

    with pytest.raises(No):
        stream(connection, guard, broken(), Pace(60))
    assert connection.status == 0


def test_a_fault_after_it_cuts_the_stream() -> None:
    connection, guard = Connection(), Guard()

    async def breaking() -> AsyncIterator[bytes]:
        yield b"a"
        raise No

    stream(connection, guard, breaking(), Pace(60))
    assert (connection.sent, connection.complete) == ([b"a"], False)
