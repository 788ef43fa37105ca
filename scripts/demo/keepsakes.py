"""Owns the files that the demo leaves: the seat's picture and metadata, the terms, the figures.

Refuses to change what the API gave: a picture and a text are written byte for byte, so that the
terms still have the hash that the chain holds.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from scripts.demo.folder import writing_into

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def write_keepsakes(
    folder: Path,
    *,
    image: bytes,
    metadata: bytes,
    terms: bytes,
    figures: Mapping[str, str | int | bool],
) -> tuple[Path, ...]:
    """Write `seat.svg`, `seat.json`, `terms.json` and `figures.json`; gives their paths.

    Raises FolderUnusable.
    """
    files = {
        "seat.svg": image,
        "seat.json": metadata,
        "terms.json": terms,
        "figures.json": (json.dumps(figures, indent=2) + "\n").encode(),
    }
    with writing_into(folder):
        for name, octets in files.items():
            (folder / name).write_bytes(octets)
    return tuple(folder / name for name in files)
