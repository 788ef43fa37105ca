"""Owns what can be wrong with a launch file, and how it is said.

    LaunchFileError
    ├── LaunchFileUnreadable   there is no text to judge: no file, a folder, not UTF-8, too large
    └── LaunchFileInvalid      the text has faults; it carries all of them

Refuses to stop at the first fault: a mentor mends a file once, not once per fault.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from marketplace.domain.errors import RuleViolated
from marketplace.domain.texts import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

Step = str | int
Place = tuple[Step, ...]
"""Where in a file: keys, and positions in lists counted from 0."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong.

    Attributes:
        line: Counted from 1; None where the text gives no line.
        place: The field.
        why: What is wrong, as a clause without a full stop.
        remedy: What to do, as a clause without a full stop.
    """

    line: int | None
    place: Place
    why: str
    remedy: str

    @property
    def field(self) -> str:
        """The field as people write it, with list positions counted from 1: `phases[2].price`."""
        text = ""
        for step in self.place:
            if isinstance(step, int):
                text += f"[{step + 1}]"
            else:
                text += f".{step}" if text else step
        return text

    def __str__(self) -> str:
        where = f"line {self.line}" if self.line is not None else "the file"
        subject = f"{where}, {self.field}" if self.place else where
        return f"{subject}: {self.why}; {self.remedy}."


class LaunchFileError(RuleViolated):
    """A launch file cannot be used."""

    code = "launch_file"


class LaunchFileUnreadable(LaunchFileError):
    """There is no text to judge.

    Attributes:
        path: As it was given.
    """

    code = "launch_file_unreadable"

    def __init__(self, path: str, why: str, remedy: str) -> None:
        super().__init__(f"The launch file {path} {why}; {remedy}.")
        self.path = path


class LaunchFileInvalid(LaunchFileError):
    """The text has faults.

    Attributes:
        path: As it was given.
        faults: All that were found, in the order of the text; at least one.
    """

    code = "launch_file_invalid"

    def __init__(self, path: str, faults: Iterable[Fault]) -> None:
        self.path = path
        # Faults without a line stand last: they are about the file as a whole.
        self.faults = tuple(sorted(faults, key=lambda fault: fault.line or 1 << 30))
        count = "one fault" if len(self.faults) == 1 else f"{len(self.faults)} faults"
        # A key of the file can be any text.
        lines = "\n".join(f"  {printable(str(fault))}" for fault in self.faults)
        super().__init__(f"The launch file {printable(path)} has {count}:\n{lines}")
