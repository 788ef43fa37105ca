"""Connections for single questions: a driver's own, kept open, always between two transactions.

Owns how they are opened, lent and given up, and how many there are. Each statement on one is a
transaction of its own that only reads. Refuses statements: `marketplace.storage.single` has them.

A transaction of `marketplace.storage.transactions` costs SQLAlchemy's work and, on PostgreSQL,
three further messages to the server and back: more than a question itself takes that is answered by
a few looks into indexes.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy.exc import TimeoutError as NoConnectionFreeError

from marketplace.storage.pipelines import Pipelines
from marketplace.storage.server import Asking
from marketplace.storage.waiting import WouldWaitError, is_prompt

if TYPE_CHECKING:
    from sqlalchemy import Engine

DIRECT: Final = "storage_direct"
"""Execution option of an engine: its connections for single questions."""

POSTGRES: Final = "postgresql"

_STEPS: Final = 1_000
"""Steps of SQLite's machine after which it tells that it is still at work."""

_MOST_TOLD: Final = 20
"""How often it may tell that before a question on a loop is given up: about a millisecond."""


class Link:
    """One connection, and what asks on it: a cursor, or of a server its `asking`.

    Attributes:
        hurries: Whether it is one to a file on which nobody may wait for an answer.
    """

    __slots__ = ("_told", "asking", "connection", "cursor", "hurries")

    def __init__(self, connection: Any, *, hurries: bool = False) -> None:  # noqa: ANN401 - a driver's own
        self.connection = connection
        self.cursor = connection.cursor()
        self.hurries = hurries
        self.asking: Asking | None = None
        self._told = 0
        if hurries:
            connection.set_progress_handler(self._is_over, _STEPS)

    def begin(self) -> None:
        """A question begins."""
        self._told = 0

    def _is_over(self) -> bool:
        # Steps are counted on from one question to the next: the first word may come at once.
        self._told += 1
        return self._told > _MOST_TOLD


class Direct:
    """The connections of one engine for single questions.

    Args:
        most: How many may be lent at once to whoever can wait.
        wait_s: Seconds for which they wait for a free one.
    """

    def __init__(self, most: int, wait_s: float) -> None:
        self._free = BoundedSemaphore(most)
        self._wait_s = wait_s
        self._kept: dict[bool, deque[Link]] = {True: deque(), False: deque()}
        self.compiled: dict[object, Any] = {}
        """What `marketplace.storage.single` has compiled for this engine."""
        self.pipelines = Pipelines(self._at_hand)
        """Where a server is asked by whoever must not wait."""

    def lend(self, engine: Engine) -> Link:
        """Lend a connection, which has to be given back or dropped.

        Args:
            engine: Whose these are.

        Raises:
            TimeoutError: SQLAlchemy's; none is free in time.
        """
        # On a server nobody comes here who must not wait: a pipeline answers them.
        hurries = is_prompt()
        # Of those that hurry there are never more than loops: each is back before its loop goes on.
        if not hurries and not self._free.acquire(timeout=self._wait_s):
            raise NoConnectionFreeError
        try:
            # The one that was used last: its caches are warm.
            link = self._kept[hurries].pop()
        except IndexError:
            link = self._opened(engine, hurries=hurries)
        link.begin()
        return link

    def _at_hand(self) -> Any:  # noqa: ANN401 - a driver's own
        """A connection to a server that is open already; whoever takes it keeps it."""
        try:
            return self._kept[False].pop().connection
        except IndexError:
            raise WouldWaitError from None

    def _opened(self, engine: Engine, *, hurries: bool) -> Link:
        if hurries:
            return _hurrying(engine)
        try:
            return _waiting(engine)
        except BaseException:
            self._free.release()
            raise

    def take_back(self, link: Link) -> None:
        """Keep a connection for the next question."""
        self._kept[link.hurries].append(link)
        if not link.hurries:
            self._free.release()

    def drop(self, link: Link) -> None:
        """Give a connection up on which something went wrong."""
        if not link.hurries:
            self._free.release()
        link.connection.close()

    def close(self) -> None:
        """Give up all that are not lent."""
        for links in self._kept.values():
            while links:
                links.pop().connection.close()

    def put_away(self) -> None:
        """Give up all that are not lent, and what loops ask on."""
        self.close()
        self.pipelines.put_away()


def _waiting(engine: Engine) -> Link:
    # By the pool, which bounds how many are opened at once and asks a server whether it lives.
    lent = engine.raw_connection()
    connection: Any = lent.driver_connection
    lent.detach()
    if engine.dialect.name == POSTGRES:
        connection.rollback()
        connection.autocommit = True
        connection.execute("SET default_transaction_read_only = on")
        # Looks into indexes are planned alike whatever they look for, and planning one anew takes
        # longer than it does.
        connection.execute("SET plan_cache_mode = force_generic_plan")
        link = Link(connection)
        link.asking = Asking(connection)
        return link
    connection.execute("PRAGMA query_only = ON")
    return Link(connection)


def _hurrying(engine: Engine) -> Link:
    # It waits for nobody: not for a lock, and not for a place in the pool.
    connection = sqlite3.connect(
        str(engine.url.database), timeout=0, isolation_level=None, check_same_thread=False
    )
    connection.execute("PRAGMA query_only = ON")
    return Link(connection, hurries=True)
