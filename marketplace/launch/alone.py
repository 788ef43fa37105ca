"""Owns that one process at a time launches a file.

Two that began together would both find no record. The lock is the system's own, on the launch file:
it ends with its process, however that ends. Refuses to wait for the other one.
"""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from typing import TYPE_CHECKING

from marketplace.domain.errors import RuleViolated
from marketplace.launch.faults import LaunchFileUnreadable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class LaunchUnderWay(RuleViolated):
    """Another process launches the same file right now."""

    code = "launch_under_way"

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"Another process is launching {path} right now: wait until it has ended, then look at "
            "the record beside the file."
        )


@contextmanager
def launching_alone(path: Path) -> Iterator[None]:
    """Hold a launch file for this process.

    Raises:
        LaunchUnderWay: If another process holds it.
        LaunchFileUnreadable: If there is no such file.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        why = f"cannot be opened ({error.strerror or error})"
        raise LaunchFileUnreadable(str(path), why, "check the path and your permissions") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LaunchUnderWay(path) from error
        yield
