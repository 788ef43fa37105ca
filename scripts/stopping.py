"""Owns how Ctrl-C and SIGTERM end a command that has something to put away: once, and in order.

The first one is raised where the command is, or noted where the command looks for it by itself.
What follows is putting away, which later ones do not interrupt, and which is bounded by whoever
puts away.

Refuses to end anything itself.
"""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_WISHES: Final = (signal.SIGINT, signal.SIGTERM)


class StopWished(KeyboardInterrupt):
    """Somebody wishes that the command ends."""


class Stopping:
    """Whether somebody wishes that the command ends."""

    def __init__(self) -> None:
        # A plain attribute: a handler that took a lock could wait for the code it interrupts.
        self.is_wished = False
        self._raises = True

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Inside the block a wish is noted, and raises nothing."""
        self._raises = False
        yield
        self._raises = True

    def wish(self, _number: int, _frame: FrameType | None) -> None:
        """Take the first signal; a handler."""
        for one in _WISHES:
            signal.signal(one, signal.SIG_IGN)
        self.is_wished = True
        if self._raises:
            raise StopWished


@contextmanager
def stoppable() -> Iterator[Stopping]:
    """Let the first SIGINT or SIGTERM inside the block be a wish to stop, and ignore the rest."""
    before = {one: signal.getsignal(one) for one in _WISHES}
    stopping = Stopping()
    for one in _WISHES:
        signal.signal(one, stopping.wish)
    try:
        yield stopping
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
