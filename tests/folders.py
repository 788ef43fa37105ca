"""Folders for databases that a test may lose: in memory where there is room, gone afterwards.

A server of PostgreSQL makes hundreds of files for each database, which a disk with a journal takes
twenty times as long for as memory does. No test takes the machine's power away, so none can tell.
Refuses to need memory: where too little is free, a folder lies where temporary files do.
"""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a file system, in which mkdtemp makes the folder
ROOM_BYTES: Final = 4 * 2**30
"""What must be free: two workers' servers, each with up to a gigabyte of its journal."""


@contextmanager
def passing_folder(
    purpose: str, *, in_memory: bool = True, memory: Path = MEMORY
) -> Iterator[Path]:
    """Make a new folder, named for its purpose, for the time of a `with` block."""
    parent = memory if in_memory and _has_room(memory) else None
    folder = Path(tempfile.mkdtemp(prefix=f"seatmarket-{purpose}-", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _has_room(memory: Path) -> bool:
    return memory.is_dir() and shutil.disk_usage(memory).free >= ROOM_BYTES
