from __future__ import annotations

import shutil
import tempfile
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.folders import ROOM_BYTES, passing_folder

if TYPE_CHECKING:
    from pathlib import Path


class Usage(NamedTuple):
    """As `shutil.disk_usage` answers."""

    total: int
    used: int
    free: int


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files lie during a test."""
    place = tmp_path / "elsewhere"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return place


@pytest.fixture
def memory(tmp_path: Path) -> Path:
    place = tmp_path / "memory"
    place.mkdir()
    return place


def has(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    """Let every place have so many bytes to give."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: Usage(free, 0, free))


def test_a_folder_lies_in_memory_that_has_room_and_is_gone_afterwards(
    memory: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    has(monkeypatch, ROOM_BYTES)

    with passing_folder("tests", memory=memory) as folder:
        (folder / "file").touch()
        assert folder.parent == memory
        assert folder.name.startswith("seatmarket-tests-")

    assert [*memory.iterdir(), *elsewhere.iterdir()] == []


def test_where_memory_is_short_a_folder_lies_where_temporary_files_do(
    memory: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    has(monkeypatch, ROOM_BYTES - 1)

    with passing_folder("tests", memory=memory) as folder:
        assert folder.parent == elsewhere


def test_a_machine_without_such_memory_has_the_folder_as_well(
    tmp_path: Path, elsewhere: Path
) -> None:
    with passing_folder("tests", memory=tmp_path / "none") as folder:
        assert folder.parent == elsewhere


def test_what_is_measured_is_not_in_memory(
    memory: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    has(monkeypatch, ROOM_BYTES)

    with passing_folder("tests", in_memory=False, memory=memory) as folder:
        assert folder.parent == elsewhere
