"""Work on a thread of its own beside the loop that mirrors.

Owns the thread, and what its end means: what ends it ends the loop, and is raised where the loop
ends. Refuses to outlive the loop, and to end quietly for anything but a lost fence.
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from indexer.store.checkpoints import FenceLost

if TYPE_CHECKING:
    from collections.abc import Iterator


class Stops(Protocol):
    """The wish that everything ends, of the loop that mirrors."""

    def stop(self) -> None:
        """Wish it."""


class Companion(ABC):
    """Works until it is stopped.

    Attributes:
        failure: What ended it before it was stopped; None: nothing.
    """

    def __init__(self) -> None:
        self._stopped = threading.Event()
        self.failure: BaseException | None = None

    @abstractmethod
    def _work(self) -> None:
        """Do it until `_stopped` is set, waiting by it alone."""

    def stop(self) -> None:
        """Wish that it ends; what was begun is finished."""
        self._stopped.set()

    def run(self) -> None:
        """Work until it is stopped; whatever else ends it is kept in `failure`."""
        try:
            self._work()
        except FenceLost:
            # The loop finds that out by itself, and says so.
            return
        except BaseException as failure:  # noqa: BLE001 - handed over to the thread of the loop
            self.failure = failure


@contextmanager
def at_work(companion: Companion, name: str, stopper: Stops) -> Iterator[None]:
    """Let it work while the block lasts.

    Args:
        companion: Does the work.
        name: Of its thread.
        stopper: Ends the block's own work when the companion's has failed; that failure is raised
            at the end of the block.
    """

    def run() -> None:
        companion.run()
        if companion.failure is not None:
            stopper.stop()

    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        companion.stop()
        thread.join()
        if companion.failure is not None:
            # Whatever ended the block came of this.
            raise companion.failure
