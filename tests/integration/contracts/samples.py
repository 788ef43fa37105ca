"""Copies of the small sample project beside this module, and running the toolchain's commands.

Refuses to use the real contracts: what is wrong with a sample is wrong on purpose.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.toolchain.project import REPOSITORY, TOOLCHAIN, Project

if TYPE_CHECKING:
    from collections.abc import Mapping

SAMPLE = Path(__file__).parent / "sample"


def copy_sample(folder: Path) -> Project:
    """Make a project in `folder`: the sample's sources under the real settings."""
    shutil.copytree(SAMPLE, folder, dirs_exist_ok=True)
    settings = REPOSITORY.foundry_toml.read_text(encoding="utf-8")
    settings = settings.replace('"scripts/toolchain/solc"', f'"{TOOLCHAIN / "solc"}"')
    (folder / "foundry.toml").write_text(settings, encoding="utf-8")
    shutil.copy(REPOSITORY.root / "package.json", folder / "package.json")
    (folder / "node_modules").symlink_to(REPOSITORY.root / "node_modules")
    return Project(folder)


def copy_project(project: Project, folder: Path) -> Project:
    """Copy a `project` with its caches, so that what was built once is not built again."""
    shutil.copytree(project.root, folder, symlinks=True, dirs_exist_ok=True)
    return Project(folder)


def copy_toolchain(folder: Path) -> Path:
    """Copy the compiler launchers into a `folder` where nothing is installed; give their folder."""
    toolchain = folder / "scripts" / "toolchain"
    toolchain.mkdir(parents=True)
    for name in ("solc", "solcjs", "solc.cjs"):
        shutil.copy(TOOLCHAIN / name, toolchain / name)
    shutil.copy(REPOSITORY.root / "package.json", folder / "package.json")
    return toolchain


def replace_in(path: Path, old: str, new: str) -> None:
    """Edit a sample's source; `old` must occur."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def run_program(
    *command: str | Path, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program and keep what it says; `environment` replaces the whole environment."""
    return subprocess.run(  # noqa: S603 - the tests' own programs
        [str(part) for part in command],
        check=False,
        capture_output=True,
        text=True,
        cwd=REPOSITORY.root,
        env=dict(os.environ) if environment is None else dict(environment),
    )


def run_module(
    module: str, *arguments: str, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `python -m module arguments` from the repository's root."""
    return run_program(sys.executable, "-m", module, *arguments, environment=environment)
