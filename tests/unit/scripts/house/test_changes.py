from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from scripts.house.changes import UnusableNoteError, insert_release, main, read_notes, release

if TYPE_CHECKING:
    from pathlib import Path

DAY = dt.date(2026, 12, 1)


def note(folder: Path, name: str, text: str = "Something\nchanged.\n") -> None:
    """Write a note into the folder."""
    (folder / name).write_text(text, encoding="utf-8")


def test_notes_are_gathered_by_kind_and_name(tmp_path: Path) -> None:
    note(tmp_path, "b.added.md", "B.")
    note(tmp_path, "a.added.md", "A.")
    note(tmp_path, "c.fixed.md")
    note(tmp_path, "README.md")
    assert release(read_notes(tmp_path), "1.2.0", DAY).splitlines() == [
        "## 1.2.0 (2026-12-01)",
        "",
        "### Added",
        "",
        "- A.",
        "- B.",
        "",
        "### Fixed",
        "",
        "- Something changed.",
    ]


@pytest.mark.parametrize("name", ["a.improved.md", "a.md"])
def test_a_note_without_a_known_kind_is_refused_by_name(tmp_path: Path, name: str) -> None:
    note(tmp_path, name)
    with pytest.raises(UnusableNoteError, match=f"{name} has no known kind"):
        read_notes(tmp_path)


def test_an_empty_note_is_refused_by_name(tmp_path: Path) -> None:
    note(tmp_path, "a.added.md", "\n")
    with pytest.raises(UnusableNoteError, match=r"a\.added\.md is empty"):
        read_notes(tmp_path)


def test_the_newest_release_comes_first() -> None:
    first = insert_release("# Changes\n\nWords.\n", "## 0.1.0 (x)\n\n- A\n")
    second = insert_release(first, "## 0.2.0 (y)\n\n- B\n")
    assert second == "# Changes\n\nWords.\n\n## 0.2.0 (y)\n\n- B\n\n## 0.1.0 (x)\n\n- A\n"


@pytest.mark.parametrize("arguments", [[], [""], ["next"]])
def test_a_release_without_a_version_is_refused(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 1
    assert "make changes VERSION=" in capsys.readouterr().err
