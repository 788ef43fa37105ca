"""Owns Ctrl-C while a program is still importing: it ends at once, with the status of its kind.

An import takes a second or two, and a KeyboardInterrupt raised inside one shows a traceback, or is
swallowed by code that runs while the interpreter can do nothing with it.

Refuses to import anything heavy, and to catch what comes after the imports.
"""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

INTERRUPTED: Final = 130
"""128 and the number of SIGINT, as shells count."""


@contextmanager
def interruptible() -> Iterator[None]:
    """Let SIGINT end the process inside the block, where nothing has been begun yet."""
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.default_int_handler:
        # Ignored for a job in the background, or somebody else's: it stays so.
        yield
        return
    signal.signal(signal.SIGINT, _end)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _end(_number: int, _frame: FrameType | None) -> None:
    # There is nothing to clean up yet, and an exception would surface inside an import.
    os._exit(INTERRUPTED)
