from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine

from api.errors import NotFound
from api.node_turns import NodeBusy
from api.push import lines, listening, streams
from api.push.breaths import BREATH_S, Breaths
from api.push.crowd import Crowd
from api.push.listening import Listening
from api.push.sources import Look
from api.push.streams import EventStream, Pace
from indexer.queries import MirrorId
from marketplace.storage.errors import DatabaseLockedError
from tests.unit.api.push.jumping import run_jumping

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import Message

    from marketplace.domain.errors import SeatmarketError

PAGES = 100
PACE = Pace(look_s=60, beat_s=15, stalled_s=30)
LOOKING = Pace(look_s=2, beat_s=1_000, stalled_s=30)
LONG_BEAT = replace(PACE, beat_s=1_000)


@pytest.fixture(autouse=True)
def without_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    async def at_once(function: Callable[[], Look]) -> Look:
        return function()

    monkeypatch.setattr(streams, "run_in_threadpool", at_once)
    monkeypatch.setattr(listening, "_Ear", Deaf)


class Deaf:
    """Stands in for the thread at the bell."""

    def __init__(self, *_: object) -> None: ...

    def close(self) -> None: ...


@dataclass
class Pages:
    """Pages of an outbox, each of which has this text; at the last, `done` is called."""

    text: str
    done: Callable[[], None]
    most: int = PAGES
    at: list[float] = field(default_factory=list)

    def look(self) -> Look:
        self.at.append(asyncio.get_running_loop().time())
        if len(self.at) >= self.most:
            self.done()
        return Look(self.text, len(self.at) < self.most)

    def alive(self) -> str:
        return ": alive\n\n"


@dataclass
class Unsure(Pages):
    """Pages, before which the source does not know for so many looks."""

    error: SeatmarketError = field(default_factory=lambda: NodeBusy(4))
    unknown: int = 1

    def look(self) -> Look:
        if self.unknown:
            self.unknown -= 1
            raise self.error
        return super().look()


@dataclass
class Often(Pages):
    """Pages, before each of which the source does not know."""

    known: bool = True

    def look(self) -> Look:
        self.known = not self.known
        if not self.known:
            raise NodeBusy(4)
        return super().look()


@dataclass
class Reader:
    """A client that takes everything until it leaves."""

    gone: asyncio.Event = field(default_factory=asyncio.Event)
    at: list[float] = field(default_factory=list)
    text: str = ""

    async def receive(self) -> Message:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        self.text += message.get("body", b"").decode()
        self.at.append(asyncio.get_running_loop().time())


class Process:
    """The streams of one process."""

    def __init__(self, pace: Pace = PACE) -> None:
        self._pace = pace
        self.listening = Listening(create_engine("sqlite://"), MirrorId(31337))
        self._crowd = Crowd(1_000, 1_000)
        self._breaths = Breaths(self.listening)

    async def tell(self, pages: Pages, reader: Reader) -> None:
        stream = EventStream(
            pages,
            listening=self.listening,
            crowd=(self._crowd, ("192.0.2.7",)),
            pace=self._pace,
            breaths=self._breaths,
        )
        await stream({}, reader.receive, reader.send)


async def told_alone(text: str) -> Pages:
    reader = Reader()
    pages = Pages(text, reader.gone.set)
    await Process().tell(pages, reader)
    return pages


def test_pages_that_tell_nothing_are_looked_at_with_a_breath_between() -> None:
    pages = run_jumping(told_alone(""))
    assert len(pages.at) == PAGES
    assert pages.at[-1] >= (PAGES - 1) * BREATH_S * 0.999


def test_after_a_page_that_tells_something_the_next_one_comes_at_once() -> None:
    pages = run_jumping(told_alone("data: {}\n\n"))
    assert len(pages.at) == PAGES
    assert pages.at[-1] == 0


def test_ten_streams_that_are_told_nothing_look_no_more_often_than_one() -> None:
    async def ten() -> list[Pages]:
        process, readers = Process(LONG_BEAT), [Reader() for _ in range(10)]
        pages = [Pages("", reader.gone.set) for reader in readers]
        await asyncio.gather(*map(process.tell, pages, readers))
        return pages

    pages = run_jumping(ten())
    at = sorted(moment for one in pages for moment in one.at)
    assert len(at) == 10 * PAGES
    # Nobody has waited for the first look of each.
    assert at[-1] >= (len(at) - 10) * BREATH_S * 0.999
    # They take turns.
    assert all(one.at[-1] > at[-1] * 0.9 for one in pages)


def test_many_that_are_told_nothing_still_show_that_they_live_in_time() -> None:
    async def many() -> Reader:
        process, readers = Process(), [Reader() for _ in range(500)]

        def end() -> None:
            for one in readers:
                one.gone.set()

        pages = [Pages("", end, most=4) for _ in readers]
        await asyncio.gather(*map(process.tell, pages, readers))
        return readers[-1]

    last = run_jumping(many())
    # Five hundred breaths are longer than a beat.
    assert [round(moment) for moment in last.at[:3]] == [0, 0, PACE.beat_s]


@pytest.mark.parametrize("ends", ["the reader", "the server"])
def test_who_waits_for_a_breath_is_let_go_at_the_end(ends: str) -> None:
    async def crowded() -> float:
        process, readers = Process(), [Reader() for _ in range(200)]

        def end() -> None:
            if ends == "the server":
                process.listening.end()
            else:
                for one in readers:
                    one.gone.set()

        pages = [Pages("", end, most=10**9) for _ in readers[1:]]
        first = Pages("", end, most=3)
        await asyncio.gather(*map(process.tell, [first, *pages], readers))
        return asyncio.get_running_loop().time() - first.at[-1]

    assert run_jumping(crowded()) <= BREATH_S * 1.001


async def told_by(pages: Pages, reader: Reader, pace: Pace = LOOKING) -> float:
    await Process(pace).tell(pages, reader)
    return asyncio.get_running_loop().time()


def test_what_is_not_known_for_a_moment_ends_no_stream() -> None:
    reader = Reader()
    pages = Unsure(lines.event(7, "drop", "{}"), reader.gone.set, most=1, unknown=3)
    run_jumping(told_by(pages, reader))
    assert "id: 7\n" in reader.text
    assert lines.end("try_again") not in reader.text
    # Not at once: whoever has asked meanwhile needs some time for it.
    assert pages.at == [3 * LOOKING.look_s]


def test_what_stays_unknown_ends_a_stream_after_some_seconds() -> None:
    reader = Reader()
    pages = Unsure("", reader.gone.set, unknown=PAGES)
    ended_at = run_jumping(told_by(pages, reader))
    assert reader.text.endswith(lines.end("try_again"))
    assert LOOKING.unknown_s < ended_at < LOOKING.unknown_s + 2 * LOOKING.look_s


def test_what_is_unknown_again_and_again_is_counted_from_the_last_answer() -> None:
    reader = Reader()
    pages = Often("", reader.gone.set, most=20)
    run_jumping(told_by(pages, reader))
    assert pages.at[-1] > LOOKING.unknown_s
    assert lines.end("try_again") not in reader.text


@pytest.mark.parametrize("error", [NotFound("seat"), DatabaseLockedError("the store")])
def test_what_no_other_look_can_mend_ends_a_stream_at_once(error: SeatmarketError) -> None:
    reader = Reader()
    pages = Unsure("", reader.gone.set, error=error)
    assert run_jumping(told_by(pages, reader)) == 0
    assert reader.text.endswith(lines.end("try_again"))
