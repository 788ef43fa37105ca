"""Looking at something that may hang: one look at a time, and a bound on how long anybody waits.

Owns the thread that looks, and when its answer is waited for no more. Refuses to end a look that
hangs, which nothing can: until it comes to an end there is no other, however often somebody asks.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING, Final, Generic, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    Reached: TypeAlias = Callable[[str], None]
    """Called by a look with the name of what it is about to look at."""

T = TypeVar("T")

PATIENCE_S: Final = 2.0
"""From the beginning of a look; balancers and supervisors wait for a few seconds at most."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """The look goes on; `at` is what it is looking at."""

    at: str


@dataclass(slots=True, eq=False)
class _Look(Generic[T]):
    """One look; `waited_until` is of the monotonic clock."""

    waited_until: float
    at: str = ""
    found: Future[T] = field(default_factory=Future)

    def reached(self, name: str) -> None:
        """Note what is looked at from now on."""
        self.at = name

    def run(self, look: Callable[[Reached], T]) -> None:
        """Look, on whichever thread."""
        try:
            found = look(self.reached)
        except BaseException as error:  # noqa: BLE001 - raised where it is awaited
            self.found.set_exception(error)
        else:
            self.found.set_result(found)


class Probe(Generic[T]):
    """Something that is looked at whenever somebody asks, by one thread at most.

    Args:
        name: Of the thread.
        patience_s: How long an answer is waited for, from the beginning of the look.
    """

    def __init__(self, name: str, patience_s: float = PATIENCE_S) -> None:
        self._name = name
        self._patience_s = patience_s
        self._beginning = Lock()
        self._look: _Look[T] | None = None

    async def ask(self, look: Callable[[Reached], T]) -> T | Unanswered:
        """Look, or wait for the look that is under way; raises what it raises."""
        under_way = self._under_way(look)
        left_s = under_way.waited_until - monotonic()
        if left_s <= 0 and not under_way.found.done():
            # What waits for a look is kept until it ends, and people may ask for hours.
            return Unanswered(under_way.at)
        answer = asyncio.wrap_future(under_way.found)
        await asyncio.wait({answer}, timeout=max(left_s, 0))
        if answer.done():
            return answer.result()
        answer.cancel()
        return Unanswered(under_way.at)

    def _under_way(self, look: Callable[[Reached], T]) -> _Look[T]:
        with self._beginning:
            if self._look is not None and not self._look.found.done():
                return self._look
            begun = _Look[T](monotonic() + self._patience_s)
            # Who stops waiting takes nothing from the others.
            begun.found.set_running_or_notify_cancel()
            # A daemon: a look that hangs must not keep the process from ending.
            Thread(target=begun.run, args=(look,), name=self._name, daemon=True).start()
            self._look = begun
            return begun
