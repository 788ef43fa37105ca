"""Walks through a page: types its blocks into a shell, in order, and holds what comes back.

Owns reading the page and running it. A block of `sh` is typed; a block of `text` that follows is
all that it says, with `…` for what differs each time. Refuses to mend what was typed.
"""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

_BLOCK: Final = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_MARK: Final = "-- the next block of the page --"
_PATIENCE_S: Final = 100


@dataclass(frozen=True, slots=True)
class Step:
    """What is typed, and what the page says comes back; nothing where it shows nothing."""

    typed: str
    shown: str

    def faults(self, said: str) -> Iterator[str]:
        """How what was said differs from what the page shows."""
        wanted = "".join(".+" if part == "…" else re.escape(part) for part in self._parts)
        # Tables are padded with spaces, which a page would not show.
        lines = "\n".join(line.rstrip() for line in said.strip("\n").split("\n"))
        if not re.fullmatch(wanted, lines):
            yield f"typed:\n{self.typed}\nshown:\n{self.shown}\nsaid:\n{said}"

    @property
    def _parts(self) -> list[str]:
        return re.split("(…)", self.shown.strip("\n"))


def steps_of(page: str) -> list[Step]:
    """The steps of a page, in order."""
    blocks = [*_BLOCK.findall(page), ("", "")]
    return [
        Step(text, after if kind_after == "text" else "")
        for (kind, text), (kind_after, after) in pairwise(blocks)
        if kind == "sh"
    ]


def walk(steps: Sequence[Step], cwd: Path, environment: Mapping[str, str]) -> list[str]:
    """Type all steps into one shell; what each of them said, in order.

    Args:
        steps: Of one terminal.
        cwd: Where the terminal begins.
        environment: All of its variables.
    """
    script = "".join(f"{step.typed}\nprintf '\\n{_MARK}\\n'\n" for step in steps)
    run = subprocess.run(  # noqa: S603 - what is shown is meant for a shell
        ["/bin/sh", "-c", script],
        cwd=cwd,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=_PATIENCE_S,
    )
    *said, rest = run.stdout.split(f"\n{_MARK}\n")
    assert (rest, len(said)) == ("", len(steps))
    return said
