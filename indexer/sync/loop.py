"""Passes without end: when the next one comes, and what a failure means.

Owns waiting and the back-off. A node may be silent for as long as it likes: asking again heals. A
database that stays away is given up after a while, since nobody is served without it. Refuses to
go on after anything that a retry does not help.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from indexer.sync.shell import Outcome
from marketplace.domain.errors import ChainUnavailable
from marketplace.storage.errors import StorageError

if TYPE_CHECKING:
    from indexer.sync.shell import Shell


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How long to wait, in seconds.

    Attributes:
        poll_s: Between passes when there is nothing to do.
        first_s: After the first failure; doubled after each further one.
        most_s: The longest wait between failures.
        database_patience_s: How long the database may fail before the loop gives up.
    """

    poll_s: float
    first_s: float
    most_s: float
    database_patience_s: float

    def after(self, failures: int) -> float:
        """How long to wait after so many failures in a row, 1 or more."""
        doublings = min(failures - 1, 30)
        return min(self.most_s, self.first_s * 2.0**doublings)


class Waker(Protocol):
    """Waits between passes; a new block or the wish to stop may end the wait early."""

    def wait(self, seconds: float) -> None:
        """Wait at most so long."""

    def is_stopped(self) -> bool:
        """Whether somebody wishes to stop."""


class LoopWatcher(Protocol):
    """Is told of what the loop meets."""

    def failed(self, error: Exception, failures: int, wait_s: float) -> None:
        """A pass failed; the next one comes after the wait."""

    def waiting(self, outcome: Outcome) -> None:
        """There is nothing to do."""


def follow(shell: Shell, waker: Waker, pace: Pace, watcher: LoopWatcher) -> None:
    """Follow the chain until somebody wishes to stop; a pass that has begun is finished.

    Raises:
        MirrorInconsistent: stop; nothing was changed.
        StorageError: the database failed for longer than the patience, or a retry does not help.
    """
    failures = 0
    without_database_s = 0.0
    while not waker.is_stopped():
        try:
            outcome = shell.step()
        except (ChainUnavailable, StorageError) as error:
            failures += 1
            wait_s = pace.after(failures)
            if isinstance(error, StorageError):
                # Counted in waits: no clock that jumps can shorten or lengthen it.
                without_database_s += wait_s
                if not error.retry_helps or without_database_s > pace.database_patience_s:
                    raise
            watcher.failed(error, failures, wait_s)
            waker.wait(wait_s)
            continue
        failures = 0
        without_database_s = 0.0
        if outcome is not Outcome.PROGRESSED:
            watcher.waiting(outcome)
            waker.wait(pace.poll_s)
