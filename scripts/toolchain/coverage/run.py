"""One run of the Solidity tests over watched sources: which branches were taken.

Owns which tests count. Refuses the random histories: what they reach is luck, and a test that names
a behaviour should reach it too. Refuses the tests of gas, because watching costs some.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from scripts.toolchain.copies import copy_of
from scripts.toolchain.coverage.branches import MARK, watch
from scripts.toolchain.errors import DriftError, ToolFailedError
from scripts.toolchain.forge import run_forge
from scripts.toolchain.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from scripts.toolchain.coverage.branches import Branch
    from scripts.toolchain.project import Project

PLACE: Final = "coverage"
"""Where the watched copy of the project lies in its cache."""

_LEFT_OUT: Final = "interfaces"
_NOT_RUN: Final = "{gas/*,invariants/*,attack/Histories.t.sol}"
_SETTINGS: Final = {
    # The same histories of values wherever it is run.
    "FOUNDRY_PROFILE": "default",
    "FOUNDRY_FUZZ_RUNS": "64",
    "FOUNDRY_FUZZ_SHOW_LOGS": "true",
    # Marks make the contracts larger than a chain allows.
    "FOUNDRY_CODE_SIZE_LIMIT": "10000000",
    "FORGE_SNAPSHOT_EMIT": "false",
    "FORGE_SNAPSHOT_CHECK": "false",
}
_TOLD: Final = re.compile(r"^ +(\d+)$", re.MULTILINE)
_TOLD_LINE: Final = re.compile(r"^ +\d+\n", re.MULTILINE)


def measure(project: Project) -> tuple[tuple[Branch, ...], frozenset[int]]:
    """Run the tests of `project`; all branches, and the numbers of those that were taken.

    Raises `DriftError` when a test fails and `ToolFailedError` when nothing was measured.
    """
    settings = read_settings(project)
    watched = watch(read_sources(project.root, settings.source_folder))
    copy = copy_of(project, PLACE)
    _write(copy.root, watched.texts)
    built = run_forge(copy, ["build"], _SETTINGS)
    if built.returncode != 0:
        raise ToolFailedError("forge build", built.stdout + built.stderr)
    elsewhere = ["--no-match-path", f"{settings.test_folder}/{_NOT_RUN}"]
    done = run_forge(copy, ["test", "-vv", *elsewhere], _SETTINGS)
    if done.returncode != 0:
        said = _TOLD_LINE.sub("", done.stdout)
        raise DriftError([said.strip(), done.stderr.strip()], "A test failed; see above.")
    taken = numbers_told(done.stdout)
    if not taken:
        raise ToolFailedError("forge test", done.stdout + done.stderr)
    return watched.branches, taken


def read_sources(root: Path, folder: str) -> dict[str, str]:
    """The sources to be watched, by their path below `root`: all but the interfaces."""
    return {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted((root / folder).rglob("*.sol"))
        if path.relative_to(root / folder).parts[0] != _LEFT_OUT
    }


def numbers_told(output: str) -> frozenset[int]:
    """The numbers that watched sources told, from what forge says."""
    told = {int(text) for text in _TOLD.findall(output)}
    return frozenset(number - MARK for number in told if number > MARK)


def _write(root: Path, texts: Mapping[str, str]) -> None:
    for path, text in texts.items():
        (root / path).write_text(text, encoding="utf-8")
