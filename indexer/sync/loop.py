"""Passes without end: when the next one comes, and what a failure means.

Owns waiting and the back-off. Word of a new head only ends a rest; what is new is found by asking,
and asked for again soon when the word came before the block. No word ends the wait after a failure,
and words that nothing follows do not make the loop ask without a pause. A node may be silent for as
long as it likes: asking again heals. A database that stays away is given up after a while, since
nobody is served without it. Refuses to go on after anything that a retry does not help.

Where others stand by, a node may not be of no use for ever: one of them may have a better one. It
is counted from the first of its failures in a row.

    it names no head                       left after so long as the caller says
    it names heads, and no pass succeeds   after five times as long: smaller questions may help
    it is behind the mirror                after five times as long: it may be catching up
    its head is too old to be the chain's  after five times as long: the chain may be slow. A node
                                           that goes on and stays late is of no more use
"""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Final, Protocol

from indexer.sync.outcomes import Outcome
from marketplace.domain.errors import ChainUnavailable
from marketplace.storage.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from indexer.sync.shell import Shell

_EAGER_S: Final = 0.01
"""Until the node is asked again after word of a head that it did not have; doubled each time."""

_OF_SOME_USE: Final = 5
"""How many times as long a node is borne that names heads."""


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
    """Waits between passes."""

    def wait(self, seconds: float) -> None:
        """Wait so long; only the wish to stop ends it."""

    def rest(self, seconds: float) -> bool:
        """Wait at most so long; gives whether word of a new head ended it."""

    def found_unheard(self) -> None:
        """Note that something new was found by asking, of which no word had come."""

    def is_stopped(self) -> bool:
        """Whether somebody wishes to stop."""


class LoopWatcher(Protocol):
    """Is told of what the loop meets."""

    def failed(self, error: Exception, failures: int, wait_s: float) -> None:
        """A pass failed; the next one comes after the wait."""

    def waiting(self, outcome: Outcome) -> None:
        """There is nothing to do."""


class Usefulness:
    """For how long a node has been of no use, by a clock that nobody sets.

    It is counted from the first failure in a row: a rest before it is not the node's.
    """

    def __init__(self, leave_after_s: float | None, clock: Callable[[], float]) -> None:
        self._leave_after_s = leave_after_s
        self._clock = clock
        self._since: float | None = None

    def forgive(self) -> None:
        """Count anew: a pass has come to something, or has failed by no fault of the node."""
        self._since = None

    def is_over(self, *, names_heads: bool) -> bool:
        """Note one more failure; whether it was of no use for too long, and should be left."""
        if self._leave_after_s is None:
            return False
        now = self._clock()
        if self._since is None:
            self._since = now
        borne_s = self._leave_after_s * (_OF_SOME_USE if names_heads else 1)
        return now - self._since > borne_s


class Patience:
    """How much of a database's failing is borne, counted in waits."""

    def __init__(self, pace: Pace) -> None:
        self._most_s = pace.database_patience_s
        self._waited_s = 0.0

    def failed(self, error: StorageError, wait_s: float) -> None:
        """Bear one more failure and the wait after it; raises it when it was too much."""
        # No clock that jumps can shorten or lengthen it.
        self._waited_s += wait_s
        if not error.retry_helps or self._waited_s > self._most_s:
            raise error

    def answered(self) -> None:
        """Bear it all anew."""
        self._waited_s = 0.0


def follow(
    shell: Shell,
    waker: Waker,
    pace: Pace,
    watcher: LoopWatcher,
    leave_after_s: float | None = None,
    clock: Callable[[], float] = monotonic,
) -> bool:
    """Follow the chain until somebody wishes to stop; a pass that has begun is finished.

    Args:
        shell: Does the passes.
        waker: Waits between them.
        pace: For how long.
        watcher: Is told.
        leave_after_s: Seconds from its first failure on after which a node that names no head is
            left; None: never.
        clock: Gives seconds, from any moment on, that nobody sets.

    Returns:
        False when it was the node that was left.

    Raises:
        MirrorInconsistent: stop; nothing was changed.
        StorageError: the database failed for longer than the patience, or a retry does not help.
    """
    failures = 0
    patience = Patience(pace)
    rest_s = pace.poll_s
    woken: bool | None = None
    node = Usefulness(leave_after_s, clock)
    while not waker.is_stopped():
        try:
            outcome = shell.step()
        except (ChainUnavailable, StorageError) as error:
            failures += 1
            wait_s = pace.after(failures)
            if isinstance(error, StorageError):
                patience.failed(error, wait_s)
                node.forgive()
            else:
                # The tables were read before the node was asked.
                patience.answered()
            watcher.failed(error, failures, wait_s)
            if isinstance(error, ChainUnavailable) and node.is_over(names_heads=shell.has_seen):
                return False
            waker.wait(wait_s)
            woken = None
            continue
        failures = 0
        patience.answered()
        # No door opens by what the node names then, whatever of it is mirrored.
        if outcome is not Outcome.NODE_BEHIND and not shell.is_stale:
            node.forgive()
        elif node.is_over(names_heads=True):
            return False
        if outcome is Outcome.PROGRESSED:
            if woken is False:
                waker.found_unheard()
            rest_s, woken = pace.poll_s, None
            continue
        watcher.waiting(outcome)
        rest_s = min(pace.poll_s, _EAGER_S if woken else rest_s * 2)
        if woken:
            waker.wait(rest_s)
        woken = waker.rest(rest_s)
    return True
