"""Copies of the project whose sources may be changed: for mutants, and to watch branches.

Owns what lies below `.cache/mutation` and `.cache/coverage`. Sources are copied, node_modules is
linked file by file, because Foundry wants it inside the project. What has not changed since the
last run stays, and so does what Foundry compiled of it.
"""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Final

from scripts.toolchain.project import Project

if TYPE_CHECKING:
    from pathlib import Path

_FOLDERS: Final = ("contracts", "tests/contracts", "scripts/toolchain")
_FILES: Final = ("foundry.toml", "package.json")
_LOCK: Final = "package-lock.json"
_CACHES: Final = ("foundry", "solc")


def copy_of(project: Project, place: str) -> Project:
    """Bring the copy of `project` that lies at `place` in its cache up to date and return it."""
    copy = Project(project.cache / place)
    copy.cache.mkdir(parents=True, exist_ok=True)
    for folder in _FOLDERS:
        _mirror(project.root / folder, copy.root / folder)
    for name in _FILES:
        _write(project.root / name, copy.root / name)
    _link_packages(project.root, copy.root)
    venv = copy.root / ".venv"
    if not venv.is_symlink():
        venv.symlink_to(project.root / ".venv")
    for name in _CACHES:
        if (project.cache / name).is_dir() and not (copy.cache / name).exists():
            shutil.copytree(project.cache / name, copy.cache / name)
    return copy


def _mirror(source: Path, target: Path) -> None:
    wanted = {path.relative_to(source) for path in source.rglob("*") if path.is_file()}
    for path in target.rglob("*"):
        if path.is_file() and path.relative_to(target) not in wanted:
            path.unlink()
    for name in wanted:
        _write(source / name, target / name)


def _write(source: Path, target: Path) -> None:
    """Copy, unless the contents are the same."""
    if target.is_file() and target.read_bytes() == source.read_bytes():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, target)


def _link_packages(root: Path, copy: Path) -> None:
    packages = root / "node_modules"
    if packages.is_symlink():
        if not (copy / "node_modules").is_symlink():
            (copy / "node_modules").symlink_to(packages.resolve())
        return
    lock = copy / _LOCK
    if lock.is_file() and lock.read_bytes() == (root / _LOCK).read_bytes():
        return
    shutil.rmtree(copy / "node_modules", ignore_errors=True)
    shutil.copytree(packages, copy / "node_modules", symlinks=True, copy_function=os.link)
    shutil.copy2(root / _LOCK, lock)
