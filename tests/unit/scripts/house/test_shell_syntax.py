from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from scripts.house.shell_syntax import complaints, shell_files

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """An empty repository."""
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)  # noqa: S603, S607 - git in a folder of the test
    return tmp_path


def test_files_are_known_by_their_first_line(repository: Path) -> None:
    (repository / "a").write_text("#!/bin/sh\necho\n", encoding="utf-8")
    (repository / "b").write_text("#!/usr/bin/env bash\necho\n", encoding="utf-8")
    (repository / "c.sh").write_text("no program\n", encoding="utf-8")
    assert shell_files(repository) == {repository / "a": "sh", repository / "b": "bash"}


def test_a_file_that_does_not_parse_is_named(repository: Path) -> None:
    (repository / "good").write_text("#!/bin/sh\necho\n", encoding="utf-8")
    (repository / "bad").write_text("#!/bin/sh\nif true; then\n", encoding="utf-8")
    (complaint,) = complaints(repository)
    assert str(repository / "bad") in complaint


def test_a_repository_that_parses_has_no_complaint(repository: Path) -> None:
    (repository / "good").write_text("#!/bin/sh\necho\n", encoding="utf-8")
    assert complaints(repository) == []
