from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from scripts.toolchain.errors import ToolFailedError
from scripts.toolchain.mutation.builds import CopiedForge, TestRun, read_errors, read_run
from scripts.toolchain.project import Project

if TYPE_CHECKING:
    from pathlib import Path

REFUSED = """Compiling 7 files with Solc 0.8.37
Error: Compiler run failed:
Warning (2072): Unused local variable.
  --> contracts/A.sol:3:5:

Error (9640): Explicit type conversion not allowed.
  --> contracts/types/B.sol:14:12:
   |
14 |     return 1;

Warning (2072): Unused local variable.
  --> contracts/C.sol:9:5:

Error: Compilation failed
"""


def test_the_places_of_errors_are_read_and_those_of_warnings_are_not() -> None:
    found = read_errors(REFUSED)
    assert found.places == (("contracts/types/B.sol", 14),)
    assert not found.unplaced


def test_an_error_without_a_place_is_noticed() -> None:
    found = read_errors("Error: Compiler run failed:\nError: Yul exception: too deep by 1 slot\n")
    assert found.places == ()
    assert found.unplaced


def test_the_file_of_the_failing_test_is_read() -> None:
    output = (
        "Failing tests:\nEncountered 1 failing test in tests/contracts/A.t.sol:ATest\n[FAIL] x\n"
    )
    assert read_run(1, output) == TestRun(passed=False, failed_in="tests/contracts/A.t.sol")


def test_a_run_that_was_stopped_has_failed() -> None:
    assert read_run(None, "") == TestRun(passed=False, failed_in="timeout")


def test_an_answer_that_names_no_test_is_no_verdict() -> None:
    with pytest.raises(ToolFailedError):
        read_run(1, "Error: no such option")


def test_what_has_not_changed_is_not_written(tmp_path: Path) -> None:
    (tmp_path / "A.sol").write_text("a")
    os.utime(tmp_path / "A.sol", (1, 1))
    CopiedForge(Project(tmp_path)).write({"A.sol": "a", "B.sol": "b"})
    assert (tmp_path / "A.sol").stat().st_mtime == 1
    assert (tmp_path / "B.sol").read_text() == "b"
