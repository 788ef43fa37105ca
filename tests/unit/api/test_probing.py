"""One look at a time, and an end to waiting for it."""

from __future__ import annotations

import asyncio
import gc
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from api.probing import Probe, Unanswered

if TYPE_CHECKING:
    from api.probing import Reached

LONG_S = 600.0


@dataclass
class Hanging:
    """Something that answers how often it was looked at, once it is let go."""

    go: threading.Event = field(default_factory=threading.Event)
    begun: threading.Event = field(default_factory=threading.Event)
    looks: int = 0

    def look(self, reached: Reached) -> int:
        """Look, and hang."""
        self.looks += 1
        reached("store")
        self.begun.set()
        self.go.wait()
        return self.looks


def ended(name: str) -> None:
    """Wait for the threads of a name to end."""
    for thread in threading.enumerate():
        if thread.name == name:
            thread.join()


async def both(probe: Probe[int], hanging: Hanging) -> list[int | Unanswered]:
    """Ask twice at once, and let the look go when both wait."""
    asked = [asyncio.ensure_future(probe.ask(hanging.look)) for _ in range(2)]
    await asyncio.to_thread(hanging.begun.wait)
    hanging.go.set()
    return await asyncio.gather(*asked)


def test_whoever_asks_while_somebody_looks_is_told_what_they_find() -> None:
    hanging = Hanging()
    assert asyncio.run(both(Probe("both", LONG_S), hanging)) == [1, 1]
    assert hanging.looks == 1


def test_each_later_question_is_another_look() -> None:
    hanging = Hanging()
    hanging.go.set()
    probe: Probe[int] = Probe("later", LONG_S)
    assert [asyncio.run(probe.ask(hanging.look)) for _ in range(3)] == [1, 2, 3]


def test_a_look_that_hangs_is_waited_for_once_and_begun_by_nobody_again() -> None:
    hanging, probe = Hanging(), Probe[int]("hangs", 0.05)
    # The thread may begin later than anybody waits for it.
    asyncio.run(probe.ask(hanging.look))
    assert hanging.begun.wait(LONG_S)
    assert [asyncio.run(probe.ask(hanging.look)) for _ in range(50)] == [Unanswered("store")] * 50
    assert hanging.looks == 1
    assert [one.name for one in threading.enumerate()].count("hangs") == 1
    hanging.go.set()
    ended("hangs")
    assert asyncio.run(probe.ask(hanging.look)) == 2


def test_whoever_asks_after_a_look_that_hangs_leaves_nothing_behind() -> None:
    hanging, probe = Hanging(), Probe[int]("leaves", 0.05)
    asyncio.run(probe.ask(hanging.look))
    assert hanging.begun.wait(LONG_S)
    before = futures()

    async def ask_often() -> set[int | Unanswered]:
        return {await probe.ask(hanging.look) for _ in range(200)}

    assert asyncio.run(ask_often()) == {Unanswered("store")}
    assert futures() - before < 10
    hanging.go.set()
    ended("leaves")


def futures() -> int:
    """How many futures of event loops there are."""
    gc.collect()
    return sum(isinstance(one, asyncio.Future) for one in gc.get_objects())


def test_one_who_stops_waiting_takes_nothing_from_the_others() -> None:
    hanging, probe = Hanging(), Probe[int]("gone", LONG_S)

    async def leave() -> int | Unanswered:
        leaving, staying = (asyncio.ensure_future(probe.ask(hanging.look)) for _ in range(2))
        await asyncio.to_thread(hanging.begun.wait)
        leaving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await leaving
        hanging.go.set()
        return await staying

    assert asyncio.run(leave()) == 1


def test_what_a_look_raises_is_raised_where_it_is_awaited() -> None:
    def broken(_: Reached) -> int:
        raise LookupError("broken")

    with pytest.raises(LookupError, match="broken"):
        asyncio.run(Probe[int]("broken", LONG_S).ask(broken))
