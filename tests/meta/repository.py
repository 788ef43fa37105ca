"""What the tests about the repository look at: the files that git knows or would add.

Refuses: ignored files, which are not the project's.
"""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
GENERATED_SUFFIXES = (".lock", ".json", ".png", ".svg")
BINARY_SUFFIXES = (".webm",)


@cache
def files() -> tuple[Path, ...]:
    """Tracked and new files as paths relative to the root."""
    return _listed("--cached", "--others", "--exclude-standard")


@cache
def tracked() -> tuple[Path, ...]:
    """What has been added to git, without whatever else somebody keeps in the folder."""
    return _listed("--cached")


def _listed(*which: str) -> tuple[Path, ...]:
    listed = subprocess.run(  # noqa: S603 - git's own options, no shell
        ["git", "ls-files", "-z", *which],  # noqa: S607 - git is wherever the developer has it
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    names = {Path(name.decode()) for name in listed.stdout.split(b"\0") if name}
    return tuple(sorted(name for name in names if (ROOT / name).is_file()))


def with_suffix(*suffixes: str) -> list[Path]:
    """The files with one of these endings."""
    return [path for path in files() if path.suffix in suffixes]


def texts() -> list[Path]:
    """The files that hold text."""
    return [path for path in files() if path.suffix not in BINARY_SUFFIXES]


def written() -> list[Path]:
    """The files that people write: text, and not generated."""
    return [path for path in texts() if path.suffix not in GENERATED_SUFFIXES]


def read(path: Path) -> str:
    """A file's text, by its path relative to the root."""
    return (ROOT / path).read_text(encoding="utf-8")
