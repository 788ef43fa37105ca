from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine

from api.push import listening, streams
from api.push.breaths import BREATH_S, Breaths
from api.push.crowd import Crowd
from api.push.listening import Listening
from api.push.sources import Look
from api.push.streams import EventStream, Pace
from indexer.queries import MirrorId
from tests.unit.api.push.jumping import run_jumping

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import Message

PAGES = 100
PACE = Pace(look_s=60, beat_s=15, stalled_s=30)
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
class Reader:
    """A client that takes everything until it leaves."""

    gone: asyncio.Event = field(default_factory=asyncio.Event)
    at: list[float] = field(default_factory=list)

    async def receive(self) -> Message:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        del message
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
