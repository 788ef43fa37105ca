"""Runs parts of the Makefile one after another and shows how long each took.

Stops at the first part that fails: what comes after mostly fails for the same reason.
Refuses: knowing what a part does; that stands in the Makefile.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True, slots=True)
class Finished:
    """A part that ran, its exit code and its duration."""

    part: str
    code: int
    seconds: float


def run_part(part: str) -> int:
    """Run one target of the Makefile; returns its exit code."""
    # The parent's flags are left out: its job server is closed to grandchildren.
    environment = {
        key: value for key, value in os.environ.items() if key not in {"MAKEFLAGS", "MFLAGS"}
    }
    command = [os.environ.get("MAKE", "make"), "--no-print-directory", part]
    return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603 - a target of our own Makefile


def run_parts(
    parts: Sequence[str], run: Callable[[str], int], clock: Callable[[], float]
) -> list[Finished]:
    """Run parts in order, up to and including the first that fails."""
    finished: list[Finished] = []
    for part in parts:
        print(f"--- {part}", flush=True)
        start = clock()
        code = run(part)
        finished.append(Finished(part, code, clock() - start))
        if code != 0:
            break
    return finished


def table(parts: Sequence[str], finished: Sequence[Finished]) -> str:
    """One line for each part with its time, and a sentence about the whole."""
    width = max(len(part) for part in parts)
    lines = [
        f"{each.part:<{width}}  {each.seconds:7.1f} s  {'passed' if each.code == 0 else 'FAILED'}"
        for each in finished
    ]
    lines += [f"{part:<{width}}        -    not run" for part in parts[len(finished) :]]
    total = sum(each.seconds for each in finished)
    last = finished[-1]
    if last.code == 0:
        lines.append(f"All parts passed in {total:.0f} s.")
    else:
        lines.append(
            f"{last.part} failed; its own words are above. Run it alone with: make {last.part}"
        )
    return "\n".join(lines)


def main(parts: Sequence[str]) -> int:
    """Run the named parts; returns 1 when one failed."""
    if not parts:
        print("Name the parts to run, for example: lint types", file=sys.stderr)
        return 2
    finished = run_parts(parts, run_part, time.monotonic)
    print(f"\n{table(parts, finished)}", flush=True)
    return 0 if finished[-1].code == 0 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
