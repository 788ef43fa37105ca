"""Where a request's work is done that hardly ever waits.

Owns trying it on the loop's own thread first, where no other thread has to be woken for it, and
moving it to one of those when it would wait after all. Refuses work that may not be begun twice:
whoever gives it makes sure that nothing is written before everything that may wait.
"""

from __future__ import annotations

import asyncio
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import Context, copy_context
from dataclasses import dataclass
from itertools import groupby
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, TypeVar

from starlette.concurrency import run_in_threadpool

from marketplace.storage.waiting import WouldWaitError, promptly

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

T = TypeVar("T")

PATIENCE_S: Final = 0.01
"""How long a piece of work may hold up those behind it in a lane."""

TOLD_TOGETHER: Final = 8
"""So many pieces that are done are told together at most."""


@dataclass(slots=True, eq=False)
class _Piece:
    """Some work, what it was given with, who waits for what it gives, and what it gave.

    Attributes:
        later: When its patience ends, on the loop of whoever waits.
    """

    work: Callable[[], Any]
    context: Context
    awaited: asyncio.Future[Any]
    later: asyncio.TimerHandle | None = None
    found: Any = None
    error: BaseException | None = None

    def do(self) -> None:
        """Do it, on whichever thread."""
        try:
            self.found = self.context.run(self.work)
        except StopIteration as error:
            # No future takes one.
            self.error = RuntimeError("the work ended an iteration that is not there")
            self.error.__cause__ = error
        except BaseException as error:  # noqa: BLE001 - raised where it is awaited
            self.error = error

    def tell(self) -> None:
        """Tell who waits, on their own loop."""
        if self.awaited.done():
            # Whoever waited has gone.
            return
        if self.error is None:
            self.awaited.set_result(self.found)
        else:
            self.awaited.set_exception(self.error)


class Lane:
    """One thread for work that waits for a server's short answers, one piece after the other.

    Where each piece has a thread of its own, threads that wait for a tenth of a millisecond spend
    more on taking Python's lock from each other than on what they do. For the same reason what the
    pieces give is told together, when none is left. Who stands behind a piece that takes longer
    goes past it, to a thread of its own; and what was done before it is told: each who waits looks
    whether they can be told for as long as they have not been, whoever else has gone.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="lane")
        self._lock = Lock()
        self._waiting: deque[_Piece] = deque()
        self._done: list[_Piece] = []
        self._elsewhere: set[asyncio.Future[None]] = set()
        self._is_under_way = False
        self._since = 0.0

    async def do(self, work: Callable[[], T]) -> T:
        """Do it, and give what it gives."""
        loop = asyncio.get_running_loop()
        piece = _Piece(work, copy_context(), loop.create_future())
        with self._lock:
            begins = not self._is_under_way
            if begins:
                # From now on, and not from the last piece that there was.
                self._since = monotonic()
            held_up = not begins and monotonic() - self._since > PATIENCE_S
            if not held_up:
                self._waiting.append(piece)
                self._is_under_way = True
        if held_up:
            return await run_in_threadpool(work)
        if begins:
            self._thread.submit(self._go)
        piece.later = loop.call_later(PATIENCE_S, self._overtake, piece)
        try:
            found: T = await piece.awaited
        finally:
            piece.later.cancel()
        return found

    def _go(self) -> None:
        while (piece := self._next()) is not None:
            piece.do()
            with self._lock:
                self._done.append(piece)
                full = len(self._done) == TOLD_TOGETHER
            if full:
                self._tell()
        self._tell()

    def _next(self) -> _Piece | None:
        with self._lock:
            if not self._waiting:
                self._is_under_way = False
                return None
            self._since = monotonic()
            return self._waiting.popleft()

    def _tell(self) -> None:
        with self._lock:
            done, self._done = self._done, []
        for loop, pieces in groupby(done, lambda piece: piece.awaited.get_loop()):
            # A loop that is closed has nobody left who waits.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(_tell_each, list(pieces))

    def _overtake(self, piece: _Piece) -> None:
        """Tell what is done, and have a piece that was not begun done elsewhere.

        One that is under way looks again: what is begun after it may take long.
        """
        self._tell()
        with self._lock:
            waits = piece in self._waiting
            if waits:
                self._waiting.remove(piece)
        if waits:
            elsewhere = asyncio.ensure_future(run_in_threadpool(piece.do))
            self._elsewhere.add(elsewhere)
            elsewhere.add_done_callback(lambda _: piece.tell())
            elsewhere.add_done_callback(self._elsewhere.discard)
        elif not piece.awaited.done():
            loop = piece.awaited.get_loop()
            piece.later = loop.call_later(PATIENCE_S, self._overtake, piece)


def _tell_each(pieces: list[_Piece]) -> None:
    for piece in pieces:
        piece.tell()


async def at_once(lane: Lane, work: Callable[[], T], *engines: Engine) -> T:
    """Do it, and give what it gives.

    Args:
        lane: Where it waits for servers.
        work: Reads databases, and nothing else that waits, unless it has written nothing yet.
        engines: Of the databases that it always asks.
    """
    try:
        with promptly():
            return work()
    except WouldWaitError:
        if all(engine.dialect.name == "sqlite" for engine in engines):
            return await run_in_threadpool(work)
    return await lane.do(work)
