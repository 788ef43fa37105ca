"""Owns the files that the demo leaves: the seat's picture and metadata, the terms, the figures.

Refuses what the chain did not say: picture and metadata are decoded from `tokenURI`.
"""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from marketplace.bindings.pictures import image_of, metadata_of
from marketplace.domain.errors import RuleViolated

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


class FolderUnusable(RuleViolated):
    """Nothing can be written into the folder for the keepsakes."""

    code = "folder_unusable"

    def __init__(self, folder: Path, why: str) -> None:
        super().__init__(
            f"The folder {folder} cannot be written ({why}); check the path and your permissions, "
            "or leave --folder out."
        )


def open_folder(folder: Path) -> None:
    """Make the folder for the keepsakes, before there are any. Raises FolderUnusable."""
    with _writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise FolderUnusable(folder, "Permission denied")


def write_keepsakes(
    folder: Path, token_uri: str, terms: str, figures: Mapping[str, str | int | None]
) -> tuple[Path, ...]:
    """Write `seat.svg`, `seat.json`, `terms.json` and `figures.json`; gives their paths.

    Raises FolderUnusable, and PictureUnreadable for an address of another kind.
    """
    metadata = metadata_of(token_uri)
    texts = {
        "seat.svg": image_of(metadata),
        "seat.json": json.dumps(json.loads(metadata), ensure_ascii=False, indent=2) + "\n",
        # Byte for byte: its keccak256 is the terms hash.
        "terms.json": terms,
        "figures.json": json.dumps(figures, indent=2) + "\n",
    }
    with _writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / name).write_bytes(text.encode())
    return tuple(folder / name for name in texts)


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FolderUnusable(folder, error.strerror or str(error)) from error
