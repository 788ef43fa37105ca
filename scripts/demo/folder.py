"""Owns the folder of a demo: which files lie in it, and whether it can be used.

Refuses a folder that already holds a demo's databases: they mirror a chain that is gone.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from marketplace.domain.errors import RuleViolated

if TYPE_CHECKING:
    from collections.abc import Iterator


class FolderUnusable(RuleViolated):
    """The folder cannot hold what the demo leaves."""

    code = "folder_unusable"

    def __init__(self, folder: Path, why: str) -> None:
        super().__init__(
            f"The folder {folder} cannot be used ({why}); check the path and your permissions, "
            "or leave --folder out."
        )


@dataclass(frozen=True, slots=True)
class Folder:
    """What lies where; `path` is absolute."""

    path: Path

    @property
    def mirror(self) -> Path:
        """The indexer's database."""
        return self.path / "mirror.db"

    @property
    def store(self) -> Path:
        """The database of the API's own tables."""
        return self.path / "api.db"

    @property
    def recordings(self) -> Path:
        """The recordings."""
        return self.path / "recordings"

    @property
    def copies(self) -> Path:
        """The second copy of each recording."""
        return self.path / "recordings-copy"

    @property
    def upload(self) -> Path:
        """The recording, as the mentor has it."""
        return self.path / "workshop.webm"

    @property
    def indexer_log(self) -> Path:
        """What the indexer tells, one JSON object a line."""
        return self.path / "indexer.log"

    @property
    def api_log(self) -> Path:
        """What the API tells, one JSON object a line."""
        return self.path / "api.log"


def open_folder(path: Path) -> Folder:
    """Make the folder and what it must hold, before anything is begun. Raises FolderUnusable."""
    folder = Folder(path.absolute())
    if "?" in str(folder.path):
        # In a database's address the path ends there.
        raise FolderUnusable(path, "its path has a question mark")
    with writing_into(path):
        path.mkdir(parents=True, exist_ok=True)
        if folder.mirror.exists() or folder.store.exists():
            raise FolderUnusable(path, "it holds the databases of an earlier demo")
        if not os.access(path, os.W_OK | os.X_OK):
            raise FolderUnusable(path, "Permission denied")
        folder.recordings.mkdir(exist_ok=True)
        folder.copies.mkdir(exist_ok=True)
    return folder


@contextmanager
def given_or_new(given: Path | None) -> Iterator[Path]:
    """Give the folder that was named, or a new one, which goes again when nothing came of it.

    A new one stays where something failed: its logs say more than the error.
    """
    if given is not None:
        yield given
        return
    made = Path(tempfile.mkdtemp(prefix="seats-demo-"))
    try:
        yield made
    except BaseException as ended:
        if isinstance(ended, KeyboardInterrupt) or not Folder(made).store.exists():
            shutil.rmtree(made, ignore_errors=True)
        raise


@contextmanager
def writing_into(folder: Path) -> Iterator[None]:
    """Turn what the system says into FolderUnusable."""
    try:
        yield
    except OSError as error:
        raise FolderUnusable(folder, error.strerror or str(error)) from error
