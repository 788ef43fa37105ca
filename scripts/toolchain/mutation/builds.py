"""Forge in one copy of the project: building it and running tests of it.

Owns what is asked of forge and how its answers are read. Refuses to decide which tests are run.
"""

from __future__ import annotations

import os
import platform
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from scripts.toolchain.errors import ToolFailedError
from scripts.toolchain.forge import forge_binary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scripts.toolchain.project import Project

_SETTINGS: Final = {
    # Switches make the contracts larger than a chain allows.
    "FOUNDRY_CODE_SIZE_LIMIT": "10000000",
    "FOUNDRY_FUZZ_RUNS": "64",
    "FOUNDRY_INVARIANT_RUNS": "16",
    "FORGE_SNAPSHOT_CHECK": "false",
}
_ERROR: Final = re.compile(r"^Error(?: \(\d+\))?: ", re.MULTILINE)
_PLACE: Final = re.compile(r"--> (contracts/[\w/.]+):(\d+):")
_FAILED: Final = re.compile(r"^Encountered \d+ failing tests? in ([\w/.]+):", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Build:
    """Whether the sources compile, and the places (path, line) of the compiler's errors.

    `unplaced` says that an error has no place.
    """

    compiled: bool
    places: tuple[tuple[str, int], ...] = ()
    unplaced: bool = False
    output: str = ""


@dataclass(frozen=True, slots=True)
class TestRun:
    """Whether all tests passed, and the file of the first that did not, if it is known."""

    __test__ = False

    passed: bool
    failed_in: str = ""


def read_errors(output: str) -> Build:
    """Read what the compiler refuses from forge's `output`."""
    blocks = [block for block in _ERROR.split(output)[1:] if "Compilation failed" not in block]
    blocks = [block for block in blocks if not block.startswith("Compiler run failed")]
    found = [_PLACE.search(block.split("\nWarning")[0]) for block in blocks]
    places = tuple((place.group(1), int(place.group(2))) for place in found if place)
    return Build(compiled=False, places=places, unplaced=not places or None in found, output=output)


class Forge(Protocol):
    """What a worker asks of forge; tests give one without it."""

    def write(self, sources: Mapping[str, str]) -> None:
        """Make these the sources of the contracts, by path."""

    def build(self, timeout: float) -> Build:
        """Compile the sources as they stand."""

    def test(self, selection: Sequence[str], switch: int, timeout: float) -> TestRun:
        """Run the tests of `selection` with mutant `switch` on until one fails.

        A run that takes longer than `timeout` seconds has failed. Raises `ToolFailedError` when
        forge gives no answer.
        """


class CopiedForge:
    """Forge as npm installed it, in a copy of the project."""

    def __init__(self, copy: Project) -> None:
        self._copy = copy

    def write(self, sources: Mapping[str, str]) -> None:
        """Write the sources into the copy; what is the same keeps its time."""
        for path, text in sources.items():
            file = self._copy.root / path
            if not file.is_file() or file.read_text(encoding="utf-8") != text:
                file.write_text(text, encoding="utf-8")

    def build(self, timeout: float) -> Build:
        """Compile the copy; a build that never ends counts as one that failed."""
        code, output = self._run(["build"], {}, timeout)
        return Build(compiled=True) if code == 0 else read_errors(output)

    def test(self, selection: Sequence[str], switch: int, timeout: float) -> TestRun:
        """Run tests of the copy with `switch` on; see `Forge.test`."""
        arguments = ["test", "--fail-fast", "--threads", "1", *selection]
        environment = {"FOUNDRY_BLOCK_COINBASE": f"0x{switch:040x}"}
        return read_run(*self._run(arguments, environment, timeout))

    def _run(
        self, arguments: Sequence[str], environment: Mapping[str, str], timeout: float
    ) -> tuple[int | None, str]:
        """Forge's exit code and all it said; no code when it was stopped after `timeout`."""
        binary = forge_binary(self._copy, sys.platform, platform.machine())
        process = subprocess.Popen(  # noqa: S603 - forge as npm installed it
            [str(binary), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=self._copy.root,
            env={**os.environ, **_SETTINGS, **environment},
            start_new_session=True,
        )
        try:
            output, _ = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            # The whole group, because the compiler is a process of its own.
            os.killpg(process.pid, signal.SIGKILL)
            output, _ = process.communicate()
            return None, output
        return process.returncode, output


def read_run(code: int | None, output: str) -> TestRun:
    """Read how the tests went from forge's exit `code`, None for a timeout, and its `output`."""
    if code == 0:
        return TestRun(passed=True)
    if code is None:
        return TestRun(passed=False, failed_in="timeout")
    found = _FAILED.search(output)
    if found is None:
        raise ToolFailedError("forge test", output)
    return TestRun(passed=False, failed_in=found.group(1))
