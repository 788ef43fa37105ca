"""Runs parts of the Makefile and shows how long each took.

One after another, but for those that are joined by `+`: of these two run at a time, since each
keeps one processor busy, and the words of each are shown whole when it has ended. Until then they
lie in a file that is named when it begins: also of a part that hangs, and is killed with the run.
Begins nothing more after a part that failed: what comes after mostly fails for the same reason.
Refuses: knowing what a part does; that stands in the Makefile.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event, Lock
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import BinaryIO

LANES: Final = 2
"""How many of the parts that are joined run at a time."""

WORDS: Final = Path(".cache/parts")
"""The folder for the words of joined parts, as seen from the Makefile's."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A part that ran, its exit code and its duration."""

    part: str
    code: int
    seconds: float


def run_part(part: str, words: BinaryIO | None = None) -> int:
    """Run one target of the Makefile; returns its exit code. It says what it says to `words`."""
    # The parent's flags are left out: its job server is closed to grandchildren.
    environment = {
        key: value for key, value in os.environ.items() if key not in {"MAKEFLAGS", "MFLAGS"}
    }
    command = [os.environ.get("MAKE", "make"), "--no-print-directory", part]
    return subprocess.run(  # noqa: S603 - a target of our own Makefile
        command, env=environment, check=False, stdout=words, stderr=words
    ).returncode


def run_parts(
    groups: Sequence[str],
    run: Callable[[str, BinaryIO | None], int],
    clock: Callable[[], float],
    folder: Path = WORDS,
) -> list[Finished]:
    """Run groups of parts in order, up to and including the first in which one fails.

    Args:
        groups: Parts; those of one group are joined by `+`.
        run: Runs a part, gives its exit code. What it says goes to the file, if one is given.
        clock: Seconds since any moment.
        folder: For the files of joined parts, one each; it is made.

    Returns:
        The parts that ran, as they ended.
    """
    finished: list[Finished] = []
    for group in groups:
        finished += _run_group(group.split("+"), run, clock, folder)
        if any(each.code for each in finished):
            break
    return finished


def _run_group(
    parts: Sequence[str],
    run: Callable[[str, BinaryIO | None], int],
    clock: Callable[[], float],
    folder: Path,
) -> list[Finished]:
    finished: list[Finished] = []
    showing, failed = Lock(), Event()

    def timed(part: str, words: BinaryIO | None) -> Finished:
        start = clock()
        code = run(part, words)
        return Finished(part, code, clock() - start)

    def aside(part: str) -> None:
        if failed.is_set():
            return
        file = folder / f"{part}.txt"
        with file.open("w+b") as words:
            with showing:
                print(f"--- {part} begins: {file}", flush=True)
            its = timed(part, words)
            if its.code:
                failed.set()
            words.seek(0)
            with showing:
                print(f"--- {part}\n{words.read().decode(errors='replace')}", end="", flush=True)
                finished.append(its)

    if len(parts) == 1:
        print(f"--- {parts[0]}", flush=True)
        return [timed(parts[0], None)]
    print(f"--- {', '.join(parts)}: {LANES} at a time", flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(LANES) as lanes:
        for ended in [lanes.submit(partial(aside, part)) for part in parts]:
            ended.result()
    return finished


def table(groups: Sequence[str], finished: Sequence[Finished], total: float) -> str:
    """One line for each part with its time, and a sentence about the whole, in seconds."""
    parts = [part for group in groups for part in group.split("+")]
    width = max(len(part) for part in parts)
    lines = [
        f"{each.part:<{width}}  {each.seconds:7.1f} s  {'passed' if each.code == 0 else 'FAILED'}"
        for each in finished
    ]
    ran = {each.part for each in finished}
    lines += [f"{part:<{width}}        -    not run" for part in parts if part not in ran]
    lines += [
        f"{each.part} failed; its own words are above. Run it alone with: make {each.part}"
        for each in finished
        if each.code
    ] or [f"All parts passed in {total:.0f} s."]
    return "\n".join(lines)


def main(groups: Sequence[str]) -> int:
    """Run the named parts; returns 1 when one failed."""
    if not groups:
        print("Name the parts to run, for example: lint types+slither", file=sys.stderr)
        return 2
    start = time.monotonic()
    finished = run_parts(groups, run_part, time.monotonic)
    print(f"\n{table(groups, finished, time.monotonic() - start)}", flush=True)
    return 1 if any(each.code for each in finished) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
