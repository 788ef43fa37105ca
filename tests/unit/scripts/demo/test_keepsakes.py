from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from scripts.demo.folder import FolderUnusable
from scripts.demo.keepsakes import write_keepsakes

if TYPE_CHECKING:
    from pathlib import Path


def write(folder: Path) -> tuple[Path, ...]:
    return write_keepsakes(
        folder, image=b"<svg/>", metadata=b"{ }", terms=b"{}\n", figures={"drops": 2}
    )


def test_the_files_hold_what_was_given_byte_for_byte(tmp_path: Path) -> None:
    paths = write(tmp_path)
    assert [path.name for path in paths] == ["seat.svg", "seat.json", "terms.json", "figures.json"]
    assert [path.read_bytes() for path in paths[:3]] == [b"<svg/>", b"{ }", b"{}\n"]
    assert json.loads(paths[3].read_bytes()) == {"drops": 2}


def test_a_folder_that_has_gone_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(FolderUnusable, match="No such file or directory"):
        write(tmp_path / "gone")
