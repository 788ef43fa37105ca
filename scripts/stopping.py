"""Owns how Ctrl-C and SIGTERM end a command that has something to put away: once, and in order.

The first one is raised where the command is; what follows is putting away, which later ones do not
interrupt, and which is bounded by whoever puts away.

Refuses to end anything itself.
"""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

WISHES: Final = (signal.SIGINT, signal.SIGTERM)


class StopWished(KeyboardInterrupt):
    """Somebody wishes that the command ends."""


@contextmanager
def stoppable() -> Iterator[None]:
    """Let the first SIGINT or SIGTERM inside the block raise StopWished, and ignore the rest."""
    before = {wish: signal.getsignal(wish) for wish in WISHES}
    for wish in WISHES:
        signal.signal(wish, _stop)
    try:
        yield
    finally:
        for wish, handler in before.items():
            signal.signal(wish, handler)


def _stop(_number: int, _frame: FrameType | None) -> None:
    for wish in WISHES:
        signal.signal(wish, signal.SIG_IGN)
    raise StopWished
