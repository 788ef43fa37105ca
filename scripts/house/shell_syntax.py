"""Asks the shell whether the repository's own shell files parse, without running them.

Refuses: opinions about style.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SHELLS = {b"#!/bin/sh": "sh", b"#!/usr/bin/env bash": "bash", b"#!/bin/bash": "bash"}
ROOT = Path(__file__).parents[2]


def shell_files(root: Path) -> dict[Path, str]:
    """Tracked and new files that begin with a shell's line, each with that shell."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607 - git is wherever the developer has it
        cwd=root,
        capture_output=True,
        check=True,
    )
    found = {}
    for name in filter(None, listed.stdout.split(b"\0")):
        path = root / name.decode()
        if not path.is_file():
            continue
        with path.open("rb") as file:
            shell = SHELLS.get(file.readline(100).strip())
        if shell is not None:
            found[path] = shell
    return found


def complaints(root: Path) -> list[str]:
    """What the shells say against the files; an empty list is good."""
    said = []
    for path, shell in shell_files(root).items():
        run = subprocess.run(  # noqa: S603 - `sh -n FILE` reads and runs nothing
            [shell, "-n", str(path)], capture_output=True, text=True, check=False
        )
        if run.returncode != 0:
            said.append(run.stderr.strip())
    return said


def main() -> int:
    """Print complaints; returns the exit code."""
    said = complaints(ROOT)
    for complaint in said:
        print(complaint, file=sys.stderr)
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
