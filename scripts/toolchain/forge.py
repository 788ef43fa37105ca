"""Forge as a program: where its binary is, and running it with an answer that can be judged.

Refuses to interpret what forge prints.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from typing import TYPE_CHECKING, Final

from scripts.toolchain.errors import ToolMissingError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from scripts.toolchain.project import Project

_SYSTEMS: Final = {"linux": "linux", "darwin": "darwin", "win32": "win32"}
_PROCESSORS: Final = {
    "x86_64": "amd64",
    "amd64": "amd64",
    "aarch64": "arm64",
    "arm64": "arm64",
}


def forge_binary(project: Project, system: str, machine: str) -> Path:
    """Find forge in node_modules for `system` (sys.platform) and `machine` (the processor).

    Raises `ToolMissingError` when npm has not installed it for this platform.
    """
    processor = _PROCESSORS.get(machine.lower(), machine)
    package = f"forge-{_SYSTEMS.get(system, system)}-{processor}"
    name = "forge.exe" if system == "win32" else "forge"
    binary = project.root / "node_modules" / "@foundry-rs" / package / "bin" / name
    if not binary.is_file():
        raise ToolMissingError("forge", binary.relative_to(project.root))
    return binary


def run_forge(
    project: Project, arguments: list[str], environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run forge in the project's root with `environment` on top of this process's own."""
    binary = forge_binary(project, sys.platform, platform.machine())
    return subprocess.run(  # noqa: S603 - forge as npm installed it
        [str(binary), *arguments],
        check=False,
        capture_output=True,
        text=True,
        cwd=project.root,
        env={**os.environ, **environment},
    )
