"""Owns what ends a command that has something to put away: Ctrl-C, SIGTERM, a closed terminal.

The first one is raised where the command is, or noted where the command looks for it by itself.
What follows is putting away, which later ones do not interrupt, and which is bounded by whoever
puts away. A program between the terminal and the command, as make is, may keep the signal of a
closed terminal to itself, so whoever looks for a wish looks at the terminal too.

Refuses to end anything itself.
"""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_WISHES: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_STANDARD_OUTPUT: Final = 1


class StopWished(KeyboardInterrupt):
    """Somebody wishes that the command ends."""


class Stopping:
    """Whether somebody wishes that the command ends."""

    def __init__(self) -> None:
        # A plain attribute: a handler that took a lock could wait for the code it interrupts.
        self._signalled = False
        self._raises = True
        self._had_terminal = os.isatty(_STANDARD_OUTPUT)

    @property
    def is_wished(self) -> bool:
        """Whether a signal came, or the terminal that was there has been closed."""
        return self._signalled or (self._had_terminal and not os.isatty(_STANDARD_OUTPUT))

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
        self._signalled = True
        if self._raises:
            raise StopWished


@contextmanager
def stoppable() -> Iterator[Stopping]:
    """Let the first signal inside the block be a wish to stop, and ignore the rest."""
    before = {one: signal.getsignal(one) for one in _WISHES}
    stopping = Stopping()
    for one in _WISHES:
        # nohup ignores it for a command that shall outlive its terminal.
        if one is not signal.SIGHUP or before[one] is not signal.SIG_IGN:
            signal.signal(one, stopping.wish)
    try:
        yield stopping
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
