"""How far the reading of history is, and how fast anything long goes and how long it will take.

Owns the figures and how often they are told. Refuses wall clocks: one that is set would make a
rate of nothing.
"""

from __future__ import annotations

from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_REMEMBERED_S: Final = 30.0
"""The rate is that of the last half minute: density changes along a chain."""


class Rate:
    """Told of each part of something long; gives how fast it goes and how long it will take.

    `clock` gives seconds that nobody sets.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._events = 0
        self._marks: deque[tuple[float, int, int]] = deque()

    def begin(self, done: int) -> None:
        """So much is done already; nothing happens when it goes on."""
        if not self._marks:
            self._marks.append((self._clock(), done, self._events))

    def went_on(self, done: int, of: int, events: int) -> dict[str, int]:
        """A part with so many events brought it to `done` of `of`.

        Gives `events_per_s` and `left_s`; nothing while neither is known, as after the first part
        of what was not begun. At its end it is forgotten.
        """
        now = self._clock()
        self._events += events
        self._marks.append((now, done, self._events))
        while len(self._marks) > 1 and self._marks[1][0] < now - _REMEMBERED_S:
            self._marks.popleft()
        began, first, before = self._marks[0]
        took = now - began
        if done >= of:
            self._marks.clear()
        if took <= 0 or done <= first:
            return {}
        return {
            "events_per_s": round((self._events - before) / took),
            "left_s": round((of - done) * took / (done - first)),
        }


class Progress:
    """Told of each part of history; tells at most once in `every_s` seconds.

    `tell` is given `progress` and its fields: `done` and `of` (blocks), `events` so far,
    `events_per_s`, `left_s`; and before and after each index that history ends with `indexing` and
    `indexed`. `clock` gives seconds that nobody sets.
    """

    def __init__(
        self,
        tell: Callable[..., None],
        clock: Callable[[], float],
        *,
        every_s: float = 1.0,
    ) -> None:
        self._tell = tell
        self._clock = clock
        self._every_s = every_s
        self._events = 0
        self._told_at: float | None = None
        self._rate = Rate(clock)

    def begin(self, done: int) -> None:
        """History is read from this block on; nothing happens when it goes on."""
        self._rate.begin(done)

    def went_on(self, done: int, of: int, events: int) -> None:
        """A part was committed: the mirror stands at block `done` of `of`."""
        self._events += events
        rate = self._rate.went_on(done, of, events)
        now = self._clock()
        due = self._told_at is None or now - self._told_at >= self._every_s
        if due or done >= of:
            self._told_at = now
            self._tell("progress", done=done, of=of, events=self._events, **rate)

    @contextmanager
    def indexing(self, index: str, number: int, of: int) -> Iterator[None]:
        """An index is built while the block lasts, the `number`th `of` so many."""
        self._tell("indexing", index=index, number=number, of=of)
        began = self._clock()
        yield
        took_s = round(self._clock() - began, 1)
        self._tell("indexed", index=index, number=number, of=of, took_s=took_s)
