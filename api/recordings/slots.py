"""How many uploads are under way, whose share that is, and whose place somebody else gets.

Owns the places, one of which each upload takes, and how fast its bytes come. Where all are taken,
the slowest one of those that hardly move gives its place to whoever comes: to wait for one that is
free would favour whoever asks most often. The event loop's thread alone asks. Refuses HTTP, and to
know what is uploaded.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Final

from api.recordings.errors import UploadsBusy, UploadTooSlow

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from collections.abc import Set as AbstractSet

    from api.errors import ApiError
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId

SLOW_BYTES: Final = 2**20
"""Bytes in a minute; who sends fewer keeps a place only while nobody else needs it."""

MINUTE_S: Final = 60

REMEMBERED_S: Final = 300
"""For so long whose upload came that slowly, whole or not, has to show anew that bytes come: a
first minute that nobody judges could be begun again each minute."""


class Slot:
    """The place of one upload.

    Args:
        whose: Of whose shares it is.
        clock: Seconds, which only rise.
        is_known: False where it counts as slow until something has come.
    """

    def __init__(
        self,
        whose: tuple[ChecksumAddress | DropId, ...],
        clock: Callable[[], float],
        *,
        is_known: bool,
    ) -> None:
        self.whose = whose
        self._pace = _Pace(clock, float("inf") if is_known else 0.0)
        self._next: asyncio.Task[bytes | None] | None = None
        self._broken_off_by: ApiError | None = None

    async def arriving(self, body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """Hand the body on as it comes.

        Raises what it was broken off by.
        """
        while (piece := await self._piece(body)) is not None:
            yield piece
        # What is still to be done is not the sender's.
        self._pace.end()

    @property
    def slow_by(self) -> float:
        """Bytes that came too few in a minute; 0: it moves, or nobody can tell yet."""
        return max(0.0, SLOW_BYTES - self._pace.bytes_a_minute())

    @property
    def came_to_nothing(self) -> bool:
        """Whether next to nothing has come, for the time that was waited for it.

        Not whether it came whole: a single byte that is kept back for a minute is a whole upload.
        """
        return self._pace.came_to_nothing

    def break_off(self, error: ApiError) -> None:
        """End the upload, whether or not anything comes; what has come whole goes on."""
        self._broken_off_by = error
        if self._next is not None:
            self._next.cancel()

    async def _piece(self, body: AsyncIterator[bytes]) -> bytes | None:
        if self._broken_off_by is not None:
            raise self._broken_off_by
        self._next = asyncio.ensure_future(_next(body))
        self._pace.ask()
        try:
            # Not awaited itself: who cancels it has broken the upload off.
            await asyncio.wait({self._next})
            if self._broken_off_by is not None:
                raise self._broken_off_by
            piece = self._next.result()
        finally:
            self._next.cancel()
            await asyncio.gather(self._next, return_exceptions=True)
        self._pace.come(0 if piece is None else len(piece))
        return piece


class Slots:
    """The places that one process has, each of which takes some megabytes of memory.

    One account has a quarter of them at most, and so have all co-hosts of one drop: an upload may
    take an hour, anybody can launch a drop to be a mentor, and a mentor names co-hosts for nothing.
    A mentor has the account's quarter alone, which no co-host can use up.

    Args:
        most: At once, in this process.
        clock: Seconds, which only rise.
    """

    def __init__(self, most: int, clock: Callable[[], float] = monotonic) -> None:
        self._most = most
        self._most_of_one = max(1, most // 4)
        self._clock = clock
        self._under_way: set[Slot] = set()
        self._taken: Counter[ChecksumAddress | DropId] = Counter()
        self._came_to_nothing: dict[ChecksumAddress | DropId, float] = {}

    @contextmanager
    def one(
        self, account: ChecksumAddress, drop: DropId, *, by_co_host: bool = False
    ) -> Iterator[Slot]:
        """Take a slot; UploadsBusy when there is none. Nobody waits: a waiting body times out."""
        whose = (account, drop) if by_co_host else (account,)
        if any(self._taken[name] >= self._most_of_one for name in whose):
            raise UploadsBusy(self._most_of_one, of_one=True)
        if len(self._under_way) >= self._most:
            self._make_room()
        slot = Slot(whose, self._clock, is_known=self._lately().isdisjoint(whose))
        self._under_way.add(slot)
        self._taken.update(whose)
        try:
            yield slot
        finally:
            self._free(slot)

    def _make_room(self) -> None:
        slowest = max(self._under_way, key=lambda one: one.slow_by)
        if not slowest.slow_by:
            raise UploadsBusy(self._most)
        self._free(slowest)
        slowest.break_off(UploadTooSlow(SLOW_BYTES))

    def _free(self, slot: Slot) -> None:
        if slot in self._under_way:
            self._under_way.remove(slot)
            self._taken.subtract(slot.whose)
            # Unary plus leaves out whoever has none.
            self._taken = +self._taken
            if slot.came_to_nothing:
                # Of a co-host the drop too: another one would take the place the next minute.
                self._came_to_nothing.update(dict.fromkeys(slot.whose, self._clock()))

    def _lately(self) -> AbstractSet[ChecksumAddress | DropId]:
        """Of whose shares an upload has come to nothing not long ago."""
        since = self._clock() - REMEMBERED_S
        self._came_to_nothing = {
            name: at for name, at in self._came_to_nothing.items() if at > since
        }
        return self._came_to_nothing.keys()


class _Pace:
    """How fast bytes come, by the time that is spent waiting for them.

    What is done with them meanwhile takes time too, which is not the sender's fault.
    """

    def __init__(self, clock: Callable[[], float], first: float) -> None:
        self._clock = clock
        self._asked_at: float | None = None
        self._waited_s = 0.0
        self._bytes = 0
        self._last = first
        self._all_waited_s = 0.0
        self._all_bytes = 0
        self._is_over = False

    def ask(self) -> None:
        self._asked_at = self._clock()

    def come(self, count: int) -> None:
        more = self._since_asked()
        self._asked_at = None
        self._waited_s += more
        self._all_waited_s += more
        self._bytes += count
        self._all_bytes += count
        if self._waited_s >= MINUTE_S:
            self._last = self._rate(self._waited_s)
            self._waited_s, self._bytes = 0.0, 0

    def end(self) -> None:
        """Nothing more is to come."""
        self._asked_at, self._waited_s, self._last = None, 0.0, float("inf")
        self._is_over = True

    @property
    def came_to_nothing(self) -> bool:
        """Whether all that was waited was too long for what came."""
        if not self._all_bytes and not self._is_over:
            return True
        waited_s = self._all_waited_s + self._since_asked()
        return self._all_bytes * MINUTE_S < SLOW_BYTES * waited_s

    def bytes_a_minute(self) -> float:
        """Of the last minute at least; before there is one, as it was begun.

        What has come since counts at once: in less than a minute it is at least that many.
        """
        waited_s = self._waited()
        return self._rate(waited_s) if waited_s >= MINUTE_S else max(self._last, self._bytes)

    def _waited(self) -> float:
        return self._waited_s + self._since_asked()

    def _since_asked(self) -> float:
        return 0.0 if self._asked_at is None else self._clock() - self._asked_at

    def _rate(self, waited_s: float) -> float:
        return self._bytes * MINUTE_S / waited_s


async def _next(body: AsyncIterator[bytes]) -> bytes | None:
    return await anext(body, None)
