"""A server's connection for whoever must not wait, and when a server is not asked by them at all.

Owns how long the thread of an event loop stands for an answer: for so long everything else stands
with it. Refuses to begin a connection there. A server that is slow, or far away, is left to the
threads that may wait, and tried again a second later.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any, Final, TypeVar

import psycopg
from psycopg.pq import TransactionStatus

from marketplace.storage.waiting import WouldWaitError, is_prompt

if TYPE_CHECKING:
    from psycopg.abc import PQGen

T = TypeVar("T")

LONGEST_S: Final = 0.002
"""Seconds for one answer; it comes after 0.1 ms where server and program share a machine."""

USUAL_S: Final = 0.000_5
"""Seconds that answers may take on the average: where they take longer, another thread is cheaper
for everybody."""

REST_S: Final = 1.0
"""Seconds until a server that took longer is asked on a loop again."""

_WEIGHT: Final = 1 / 16
"""Of the newest answer in the average."""

_INTERVAL_S: Final = 0.1
"""How often psycopg looks whether it was interrupted while it waits."""


class HurryingConnection(psycopg.Connection[Any]):
    """A connection that waits no longer than it may, wherever `waiting.promptly` says so."""

    def wait(self, gen: PQGen[T], interval: float = _INTERVAL_S, timeout: float | None = None) -> T:
        """Wait for an answer, as psycopg does.

        Raises:
            WouldWaitError: it takes longer than the work under way may wait. The server may still
                be at it: nothing else can be asked on this connection.
        """
        if not is_prompt():
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, LONGEST_S)
        except psycopg.OperationalError as error:
            # One that is lost is not at work.
            if self.pgconn.transaction_status != TransactionStatus.ACTIVE:
                raise
            raise WouldWaitError from error


class Pace:
    """How quickly a server has answered on a loop, and whether it is asked there now."""

    def __init__(self) -> None:
        self._mean_s = 0.0
        self._rests_until = 0.0

    def rests(self) -> bool:
        """Whether whoever must not wait leaves it alone."""
        return monotonic() < self._rests_until

    def took(self, seconds: float) -> None:
        """An answer came, after so long."""
        self._mean_s += (seconds - self._mean_s) * _WEIGHT
        if self._mean_s > USUAL_S:
            self.rest()

    def rest(self) -> None:
        """No answer came in time."""
        self._mean_s = 0.0
        self._rests_until = monotonic() + REST_S
