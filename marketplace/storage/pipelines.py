"""Questions to PostgreSQL that an event loop does not wait for: many at once on one connection.

Owns a connection in libpq's pipeline mode for each loop: what is asked is sent at once, whatever is
under way there, and answered in the same order; each question is a transaction of its own. Whoever
asks steps aside meanwhile (`marketplace.storage.aside`). A pipeline gives answers and nothing else:
whatever goes wrong, and an answer that does not come, is told as WouldWaitError, so that the same
is asked again where errors have names and may be waited for. Refuses to connect: that waits.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

import psycopg
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ExecStatus, Format

from marketplace.storage.aside import awaited, is_aside
from marketplace.storage.waiting import WouldWaitError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from psycopg.pq.abc import PGresult

PATIENCE_S: Final = 0.1
"""Seconds for which the oldest question may go unanswered: all others stand behind it."""

REST_S: Final = 1.0
"""Seconds for which a server is left to those who may wait, after it took longer."""

_SOUND: Final = frozenset({ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK})


@dataclass(slots=True)
class _Asked:
    """A question that was sent: who awaits it, and what has come of it.

    Attributes:
        prepares: Whether the statement is prepared with it.
    """

    answer: asyncio.Future[PGresult]
    prepares: bool
    results: list[PGresult] = field(default_factory=list)

    def settle(self) -> bool:
        """All of it has come; False: a statement was not prepared that others may count on."""
        failed = not self.results or any(one.status not in _SOUND for one in self.results)
        if failed:
            self.fail()
        elif not self.answer.done():
            self.answer.set_result(self.results[-1])
        return not (failed and self.prepares)

    def fail(self) -> None:
        """There is no answer; whoever asked may have gone."""
        if not self.answer.done():
            self.answer.set_exception(WouldWaitError())


class Pipeline:
    """One connection, and what was asked on it. Of one loop, and used on its thread alone.

    Args:
        connection: Idle, between two transactions; it is this one's from now on.
        late: Called when an answer did not come in time.
    """

    def __init__(self, connection: psycopg.Connection[Any], late: Callable[[], None]) -> None:
        self._connection = connection
        self._link = connection.pgconn
        self._socket = self._link.socket
        self._late = late
        self._names: dict[tuple[str, tuple[int, ...]], bytes] = {}
        self._asked: deque[_Asked] = deque()
        self._moved_at = 0.0
        self._is_given_up = False
        self._link.enter_pipeline_mode()
        self._settle_here()

    def _settle_here(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._look: asyncio.TimerHandle | None = None
        self._loop.add_reader(self._socket, self._read)

    @property
    def is_over(self) -> bool:
        """Whether it was given up, or its loop was closed."""
        return self._is_given_up or self._loop.is_closed()

    def is_taken_over(self) -> bool:
        """Go on with it on the loop under way, its own having been closed; False: give it up."""
        if self._is_given_up or self._asked:
            self.give_up()
            return False
        self._settle_here()
        return True

    def rows(self, text: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        """Ask, and give all rows.

        Args:
            text: The statement, with $1 and so on for the values.
            values: As psycopg takes them.

        Raises:
            WouldWaitError: there is no answer.
        """
        turned = Transformer(self._connection)
        try:
            given = turned.dump_sequence(values, [PyFormat.BINARY] * len(values))
        except psycopg.Error as error:
            raise WouldWaitError from error
        kinds = turned.types or ()
        name = self._names.get((text, kinds))
        try:
            if name is None:
                self._link.send_prepare(self._named(text, kinds), text.encode(), kinds)
            self._link.send_query_prepared(
                name or self._names[text, kinds], given, turned.formats, Format.BINARY
            )
            self._link.pipeline_sync()
            self._flush()
        except psycopg.Error as error:
            self.give_up()
            raise WouldWaitError from error
        found = awaited(self._answer(prepares=name is None))
        turned.set_pgresult(found)
        return turned.load_rows(0, found.ntuples, tuple)

    def _named(self, text: str, kinds: tuple[int, ...]) -> bytes:
        name = self._names[text, kinds] = b"along_%d" % len(self._names)
        return name

    def _answer(self, *, prepares: bool) -> asyncio.Future[PGresult]:
        """Of what was sent last."""
        asked = _Asked(self._loop.create_future(), prepares)
        if not self._asked:
            self._moved_at = self._loop.time()
        self._asked.append(asked)
        if self._look is None:
            self._look = self._loop.call_later(PATIENCE_S, self._look_after)
        return asked.answer

    def _flush(self) -> None:
        if self._link.flush():
            # Too much for the socket's buffer: the rest when there is room.
            self._loop.add_writer(self._socket, self._flush_on)

    def _flush_on(self) -> None:
        try:
            if not self._link.flush():
                self._loop.remove_writer(self._socket)
        except psycopg.Error:
            self.give_up()

    def _read(self) -> None:
        try:
            self._link.consume_input()
            while self._asked and not self._link.is_busy():
                self._take(self._link.get_result())
        except psycopg.Error:
            self.give_up()

    def _take(self, result: PGresult | None) -> None:
        asked = self._asked[0]
        if result is None:
            # The end of one of its answers; a connection that is lost gives nothing else for ever.
            if not asked.results:
                raise psycopg.OperationalError("the connection is lost")
        elif result.status == ExecStatus.PIPELINE_SYNC:
            self._asked.popleft()
            self._moved_at = self._loop.time()
            if not asked.settle():
                self.give_up()
        else:
            asked.results.append(result)

    def _look_after(self) -> None:
        self._look = None
        # What has come is read first: it may be the loop that was busy.
        self._read()
        if not self._asked:
            return
        left_s = self._moved_at + PATIENCE_S - self._loop.time()
        if left_s > 0:
            self._look = self._loop.call_later(left_s, self._look_after)
            return
        self.give_up()
        self._late()

    def give_up(self) -> None:
        """Close it; whoever waits for an answer is told that there will be none."""
        if self._is_given_up:
            return
        self._is_given_up = True
        asked, self._asked = self._asked, deque()
        if not self._loop.is_closed():
            # Before it is closed: its number may be another file's afterwards.
            self._loop.remove_reader(self._socket)
            self._loop.remove_writer(self._socket)
            if self._look is not None:
                self._look.cancel()
            for one in asked:
                one.fail()
        self._link.finish()

    def put_away(self) -> None:
        """Give it up, on whichever thread."""
        if self._loop.is_running() and not self._is_here():
            # It may be closed in this moment, and leaves everything to us then.
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self.give_up)
                return
        self.give_up()

    def _is_here(self) -> bool:
        try:
            return asyncio.get_running_loop() is self._loop
        except RuntimeError:
            return False


class Pipelines:
    """The pipelines of one engine, one for each loop.

    Args:
        at_hand: Gives a connection that is open already, or raises WouldWaitError.
    """

    def __init__(self, at_hand: Callable[[], psycopg.Connection[Any]]) -> None:
        self._at_hand = at_hand
        self._of_loops: dict[asyncio.AbstractEventLoop, Pipeline] = {}
        self._rests_until = 0.0

    def here(self) -> Pipeline:
        """That of the loop under way.

        Raises:
            WouldWaitError: there is none and none to be had without waiting, or the work under way
                cannot step aside.
        """
        if not is_aside():
            raise WouldWaitError
        loop = asyncio.get_running_loop()
        found = self._of_loops.get(loop)
        if found is None or found.is_over:
            found = self._of_loops[loop] = self._begun()
        return found

    def _begun(self) -> Pipeline:
        if monotonic() < self._rests_until:
            raise WouldWaitError
        for loop, left in list(self._of_loops.items()):
            # Whoever gets it out is the only one who has it.
            if left.is_over and self._of_loops.pop(loop, None) is left and left.is_taken_over():
                return left
        return Pipeline(self._at_hand(), self._rest)

    def _rest(self) -> None:
        self._rests_until = monotonic() + REST_S

    def put_away(self) -> None:
        """Give all of them up."""
        while self._of_loops:
            _, pipeline = self._of_loops.popitem()
            pipeline.put_away()
