"""What ends a wait of the loop: the wish to stop, and word of a new head.

Owns the one place where the threads that watch (signals, the node's socket, the keeper of the lead)
meet the loop, and whether heads are still heard of before they are found by asking. Refuses to know
a block: whoever is woken looks.
"""

from __future__ import annotations

from queue import Empty, SimpleQueue
from time import monotonic


class Stopper:
    """Wakes the loop; a `Waker`. For several threads, and for handlers of signals."""

    def __init__(self) -> None:
        self._stopped = False
        self._head = False
        self._unheralded = 0
        # Not a threading.Event: a handler that runs while its own thread holds the event's lock
        # would wait for ever. Putting into this queue may interrupt itself.
        self._bell: SimpleQueue[None] = SimpleQueue()

    def stop(self) -> None:
        """Wish that the loop stops."""
        self._stopped = True
        self._bell.put(None)

    def wake(self) -> None:
        """Say that the node has told of a new head; it is looked at as soon as the loop rests."""
        self._unheralded = 0
        if not self._head:
            self._head = True
            self._bell.put(None)

    def wait(self, seconds: float) -> None:
        """Wait so long; only the wish to stop ends it."""
        self._wait(seconds, by_heads=False)

    def rest(self, seconds: float) -> bool:
        """Wait at most so long; gives whether word of a new head ended it."""
        self._wait(seconds, by_heads=True)
        # What comes from here on is answered by the pass that follows, or by the next rest.
        woken, self._head = self._head, False
        return woken

    def is_stopped(self) -> bool:
        """Whether somebody wishes to stop."""
        return self._stopped

    def found_unheard(self) -> None:
        """Note that something new was found by asking, of which no word had come."""
        self._unheralded += 1

    @property
    def unheralded(self) -> int:
        """How many times that was since the last word."""
        return self._unheralded

    def heed(self) -> None:
        """Begin to count anew."""
        self._unheralded = 0

    def _wait(self, seconds: float, *, by_heads: bool) -> None:
        deadline = monotonic() + seconds
        while not (self._stopped or (by_heads and self._head)):
            left = deadline - monotonic()
            if left <= 0:
                return
            try:
                self._bell.get(timeout=left)
            except Empty:
                return


class Term:
    """One term of leading: ends when somebody wishes to stop, or when the lead is lost."""

    def __init__(self, waker: Stopper) -> None:
        self._waker = waker
        self.is_lost = False

    def lose(self) -> None:
        """End the term after the pass that is under way."""
        self.is_lost = True

    def wait(self, seconds: float) -> None:
        """Wait so long; only the wish to stop ends it."""
        self._waker.wait(seconds)

    def rest(self, seconds: float) -> bool:
        """Wait at most so long; gives whether word of a new head ended it."""
        return self._waker.rest(seconds)

    def is_stopped(self) -> bool:
        """Whether this term has ended."""
        return self.is_lost or self._waker.is_stopped()

    def found_unheard(self) -> None:
        """Note that something new was found by asking, of which no word had come."""
        self._waker.found_unheard()
