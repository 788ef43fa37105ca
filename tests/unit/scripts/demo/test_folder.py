from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

import pytest

from scripts.demo.folder import FolderUnusable, given_or_new, open_folder

if TYPE_CHECKING:
    from pathlib import Path


def test_a_new_folder_is_made_with_places_for_recordings(tmp_path: Path) -> None:
    folder = open_folder(tmp_path / "new" / "one")
    assert folder.recordings.is_dir()
    assert folder.copies.is_dir()
    assert not folder.mirror.exists()


@pytest.mark.parametrize("name", ["mirror.db", "api.db"])
def test_a_folder_of_an_earlier_demo_is_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"kept")
    with pytest.raises(FolderUnusable, match="databases of an earlier demo"):
        open_folder(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_file_in_the_way_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(FolderUnusable, match="Not a directory"):
        open_folder(tmp_path / "file" / "inside")


def test_a_path_that_would_cut_a_database_address_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FolderUnusable, match="question mark"):
        open_folder(tmp_path / "what?")
    assert list(tmp_path.iterdir()) == []


def end_inside(given: Path | None, ended: BaseException, *, begun: bool) -> Path:
    """The folder of a performance that ended so, after it had begun or before."""
    seen = []

    def perform() -> None:
        with given_or_new(given) as folder:
            seen.append(folder)
            if begun:
                open_folder(folder).store.write_bytes(b"begun")
            raise ended

    with pytest.raises(type(ended)):
        perform()
    return seen[0]


def test_a_new_folder_goes_again_when_nothing_came_of_it() -> None:
    assert not end_inside(None, ValueError(), begun=False).exists()
    assert not end_inside(None, KeyboardInterrupt(), begun=True).exists()


def test_a_new_folder_stays_where_something_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert end_inside(None, ValueError(), begun=True).parent == tmp_path


def test_a_folder_that_was_named_stays(tmp_path: Path) -> None:
    assert end_inside(tmp_path, KeyboardInterrupt(), begun=False).exists()
