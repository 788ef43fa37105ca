from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.meta.repository import ROOT

if TYPE_CHECKING:
    from pathlib import Path

OFFENDERS = """
import pytest
import socket
import warnings

def test_skips():
    pytest.skip("reason")

@pytest.mark.skipif(True, reason="reason")
def test_is_marked_as_skipped():
    pass

@pytest.mark.xfail(reason="reason")
def test_is_expected_to_fail():
    raise AssertionError

@pytest.mark.xfail(reason="reason", strict=False)
def test_is_expected_to_fail_and_passes():
    pass

def test_warns():
    warnings.warn("old", DeprecationWarning)

def test_opens_a_socket():
    socket.socket()
"""


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """The suite's own rules around tests that one run shall judge."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name in ("tests/__init__.py", "tests/conftest.py", "tests/unit/conftest.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "tests" / "unit" / "__init__.py").touch()
    return tmp_path


def run_tests(suite: Path, text: str, options: str = "") -> tuple[int, str]:
    """The exit code and words of pytest for one file of unit tests."""
    (suite / "tests" / "unit" / "test_it.py").write_text(text, encoding="utf-8")
    # What this run was asked for is not the other one's: a deep run has a profile and a seed.
    asked = {"HYPOTHESIS_PROFILE", "PYTEST_ADDOPTS"}
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"],
        cwd=suite,
        env={name: value for name, value in os.environ.items() if name not in asked}
        | {"PYTEST_ADDOPTS": options},
        capture_output=True,
        text=True,
        check=False,
    )
    return run.returncode, run.stdout + run.stderr


def test_a_test_that_is_excused_or_impolite_fails(suite: Path) -> None:
    code, said = run_tests(suite, OFFENDERS)
    assert code == 1, said
    # A skip mark is found while the test is set up, which pytest counts as an error.
    assert said.splitlines()[-1].strip("= ").startswith("5 failed, 1 error in"), said
    assert "Tests of this project run or fail" in said


def test_a_file_that_skips_itself_fails(suite: Path) -> None:
    code, said = run_tests(suite, 'import pytest\npytest.importorskip("no_such_module")\n')
    assert code not in {0, 5}, said
    assert "skipped itself" in said


def test_an_unknown_mark_fails(suite: Path) -> None:
    code, said = run_tests(suite, "import pytest\n@pytest.mark.slow\ndef test_it(): pass\n")
    assert code not in {0, 5}
    assert "'slow' not found in `markers`" in said


def test_a_polite_test_passes(suite: Path) -> None:
    code, said = run_tests(suite, "def test_it(): pass\n")
    assert code == 0, said
    assert "hypothesis: profile quick" in said


@pytest.mark.parametrize("options", ["-q", "-q -n 1"], ids=["here", "in a worker"])
def test_what_a_test_tells_is_printed(suite: Path, options: str) -> None:
    text = 'def test_it(record_property): record_property("told", "7 pairs")\n'
    code, said = run_tests(suite, text, options)
    assert code == 0, said
    assert "7 pairs" in said.splitlines()
