"""The pinned compiler: finding it, installing the native one, running it.

Owns the use of py-solc-x. The order of preference is decided in the launcher `solc` beside this
module, which Foundry and Slither call too. Refuses to reach for the network except in
`install_native`, which is limited in time.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from solcx import compile_standard
from solcx.exceptions import SolcError

from scripts.toolchain.errors import CompilationFailedError, CompilerMissingError, ToolFailedError
from scripts.toolchain.project import TOOLCHAIN

if TYPE_CHECKING:
    from pathlib import Path

    from scripts.toolchain.solc_json import SolcInput, SolcOutput

INSTALL_LIMIT_SECONDS: Final = 30
_INSTALL = "import sys, solcx; solcx.install_solc(sys.argv[1])"
_PINNED = re.compile(r'^\s*"solc": *"([0-9.]+)"', re.MULTILINE)
_LONG_VERSION = re.compile(r"^Version: ([0-9.]+\+commit\.[0-9a-f]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Compiler:
    """An executable that answers `--standard-json`; `version` includes the commit."""

    path: Path
    version: str
    native: bool


def pinned_version(toolchain: Path = TOOLCHAIN) -> str:
    """Read the version that package.json pins."""
    package = toolchain.parent.parent / "package.json"
    found = _PINNED.search(package.read_text(encoding="utf-8"))
    return found.group(1) if found else "(package.json pins none)"


def find_compilers(toolchain: Path = TOOLCHAIN) -> tuple[Compiler, ...]:
    """List every compiler of the pinned version on this machine, the preferred one first.

    Raises `CompilerMissingError` when there is none.
    """
    listed = _answer(toolchain / "solc", "--candidates").splitlines()
    if not listed:
        raise CompilerMissingError(pinned_version(toolchain))
    return tuple(_describe(toolchain, line) for line in listed)


def install_native(
    toolchain: Path = TOOLCHAIN, limit_seconds: float = INSTALL_LIMIT_SECONDS
) -> bool:
    """Have py-solc-x install the native compiler unless one is there; say whether one is now.

    Without a network this fails at once, and on a slow one after `limit_seconds`: npm's compiler
    gives the same bytes, so nothing is lost but time.
    """
    if not _has_native(toolchain):
        command = [sys.executable, "-c", _INSTALL, pinned_version(toolchain)]
        try:
            subprocess.run(command, check=False, capture_output=True, timeout=limit_seconds)  # noqa: S603 - our own interpreter and text
        except subprocess.TimeoutExpired:
            return False
    # The launcher judges what was installed: a binary for another processor does not count.
    return _has_native(toolchain)


def run_compiler(compiler: Compiler, standard_input: SolcInput) -> SolcOutput:
    """Compile; raise `CompilationFailedError` with the compiler's own messages."""
    try:
        output = compile_standard(dict(standard_input), solc_binary=compiler.path, allow_empty=True)
    except SolcError as error:
        if error.error_dict is None:
            said = f"{error.stderr_data or ''}{error.stdout_data or ''}"
            raise ToolFailedError(str(compiler.path.name), said) from error
        severe = [item for item in error.error_dict if item["severity"] == "error"]
        raise CompilationFailedError([item["formattedMessage"] for item in severe]) from error
    except json.JSONDecodeError as error:
        raise ToolFailedError(str(compiler.path.name), error.doc) from error
    return cast("SolcOutput", output)


def _describe(toolchain: Path, line: str) -> Compiler:
    path = toolchain.joinpath(line)
    said = _answer(path, "--version")
    found = _LONG_VERSION.search(said)
    if found is None:
        raise ToolFailedError(path.name, said)
    return Compiler(path=path, version=found.group(1), native=path.name != "solcjs")


def _has_native(toolchain: Path) -> bool:
    listed = _answer(toolchain / "solc", "--candidates").splitlines()
    return any(not line.endswith("/solcjs") for line in listed)


def _answer(executable: Path, argument: str) -> str:
    done = subprocess.run(  # noqa: S603 - the launcher, or a compiler that it listed
        [str(executable), argument], check=False, capture_output=True, text=True, timeout=60
    )
    return done.stdout
