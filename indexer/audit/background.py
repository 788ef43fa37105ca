"""The auditor beside the loop that mirrors, on a thread and a connection of its own.

Owns its pace: it waits while the mirror is not level, and after each stretch for as long as that
took, so that it never has more than half of anything and no block waits for it. Refuses to end
quietly (`indexer.companions`).
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Final, Protocol

from indexer.companions import Companion, Stops, at_work
from indexer.rpc.errors import NodeOverloaded, NodeSilent
from indexer.sync.loop import Patience, Usefulness
from marketplace.domain.errors import ChainUnavailable
from marketplace.storage.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from indexer.audit.auditor import Auditor, Stretch
    from indexer.sync.loop import Pace

LOOK_S: Final = 1.0
"""Seconds between looks at whether there is something to audit."""


class AuditWatcher(Protocol):
    """Is told what the auditor comes to."""

    def audited(self, stretch: Stretch) -> None:
        """Some more blocks agree."""

    def audit_failed(self, error: Exception, failures: int, wait_s: float) -> None:
        """A stretch could not be audited; the next try comes after the wait."""


class Wishes(Stops, Protocol):
    """The same wish, which can be waited for and looked at."""

    def wait(self, seconds: float) -> None:
        """Wait at most so long, or until it is wished."""

    def is_stopped(self) -> bool:
        """Whether it is wished."""


class Background(Companion):
    """Runs an auditor until it is stopped or finds a disagreement."""

    def __init__(self, auditor: Auditor, pace: Pace, watcher: AuditWatcher) -> None:
        super().__init__()
        self._auditor = auditor
        self._pace = pace
        self._watcher = watcher

    def settle(
        self,
        stopper: Wishes,
        leave_after_s: float | None,
        clock: Callable[[], float] = monotonic,
    ) -> bool:
        """Look at a disagreement of before once more, for as long as the loop would bear the node.

        Args:
            stopper: Ends it.
            leave_after_s: As `indexer.sync.loop.follow` has it; a node that answers and does not
                have the state is one that names heads and gives nothing else.
            clock: Gives seconds, from any moment on, that nobody sets.

        Returns:
            False when it is not settled, and the node was left.

        Raises what `Auditor.look_again` raises, but for what a retry helps; StorageError when the
        database failed for longer than the patience.
        """
        return self._step_until(
            lambda: stopper.is_stopped() or self._auditor.is_settled(),
            stopper.wait,
            self._auditor.look_again,
            Patience(self._pace),
            Usefulness(leave_after_s, clock),
        )

    def _work(self) -> None:
        # A database that stays away, or a node, is given up by the loop that mirrors.
        self._step_until(self._stopped.is_set, self._stopped.wait, self._step_when_free)

    def _step_when_free(self) -> Stretch | None:
        return self._auditor.step() if self._auditor.is_free() else None

    def _step_until(
        self,
        is_done: Callable[[], bool],
        wait: Callable[[float], object],
        step: Callable[[], Stretch | None],
        patience: Patience | None = None,
        node: Usefulness | None = None,
    ) -> bool:
        failures = 0
        while True:
            began = time.monotonic()
            try:
                if is_done():
                    return True
                stretch = step()
            except (ChainUnavailable, StorageError) as error:
                failures += 1
                wait_s = self._pace.after(failures)
                self._bear(error, wait_s, patience)
                self._watcher.audit_failed(error, failures, wait_s)
                if node is not None and _is_left(node, error):
                    return False
                wait(wait_s)
                continue
            failures = 0
            if patience is not None:
                patience.answered()
            if node is not None:
                node.forgive()
            if stretch is not None:
                self._watcher.audited(stretch)
            # Where each block becomes final by itself, they are audited together.
            rests = stretch is None or stretch.is_last
            wait(LOOK_S if rests else time.monotonic() - began)

    @staticmethod
    def _bear(error: Exception, wait_s: float, patience: Patience | None) -> None:
        if not isinstance(error, StorageError):
            if patience is not None:
                # The tables were read before the node was asked.
                patience.answered()
            return
        if not error.retry_helps:
            raise error
        if patience is not None:
            patience.failed(error, wait_s)


def _is_left(node: Usefulness, error: Exception) -> bool:
    if not isinstance(error, ChainUnavailable):
        node.forgive()
        return False
    return node.is_over(names_heads=not isinstance(error, NodeSilent | NodeOverloaded))


def settled(
    auditor: Auditor,
    pace: Pace,
    watcher: AuditWatcher,
    stopper: Wishes,
    leave_after_s: float | None,
) -> bool:
    """Look at a disagreement of before without auditing else; gives and raises as `auditing`."""
    return Background(auditor, pace, watcher).settle(stopper, leave_after_s)


@contextmanager
def auditing(
    auditor: Auditor,
    pace: Pace,
    watcher: AuditWatcher,
    stopper: Wishes,
    leave_after_s: float | None,
) -> Iterator[bool]:
    """Audit while the block lasts.

    A disagreement of an earlier run is looked at before the block is entered. It gives False, and
    nothing is audited, when that is not settled and the node was left.

    Args:
        auditor: Does the work.
        pace: How long to wait after failures.
        watcher: Is told of everything.
        stopper: Ends the block's own work, when the audit has found something.
        leave_after_s: Seconds after which a node is left that does not answer; None: never.

    Raises:
        AuditDisagreed: before the block, or after it.
    """
    background = Background(auditor, pace, watcher)
    if not background.settle(stopper, leave_after_s):
        yield False
        return
    with at_work(background, "auditor", stopper):
        yield True
