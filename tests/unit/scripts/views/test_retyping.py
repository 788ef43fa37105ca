from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from scripts.views.retyping import from_here, seats

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_the_command_is_named_by_its_path_where_the_shell_does_not_find_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    programs = tmp_path / "env" / "bin"
    programs.mkdir(parents=True)
    (programs / "seats").touch(mode=0o755)
    monkeypatch.setattr(sys, "executable", str(programs / "python"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", os.defpath)
    assert seats() == "env/bin/seats"
    monkeypatch.setenv("PATH", str(programs))
    assert seats() == "seats"


def test_a_path_is_told_from_the_current_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(tmp_path / "other")
    assert from_here(tmp_path / "file") == "../file"
