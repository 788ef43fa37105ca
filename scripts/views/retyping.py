"""Owns how commands and paths are printed that people type again: so that they work as they stand.

Refuses to assume an activated environment, or the project's folder.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path


def seats() -> str:
    """The command `seats` as it can be typed here: its path where the shell does not find it."""
    beside = Path(sys.executable).parent / "seats"
    return "seats" if shutil.which("seats") or not beside.exists() else from_here(beside)


def from_here(path: Path) -> str:
    """A path from the current folder."""
    return os.path.relpath(path)
