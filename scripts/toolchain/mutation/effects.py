"""What statements do, as far as their order is concerned, and when it makes no difference.

Owns the rule that docs/mutation.md argues. Refuses to find out what a statement does: `reading`
does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

WHOLE: Final = "(whole)"
"""Read where a struct is read as a whole: every member of it."""
OWN: Final = "own"
"""A refusal that says what it likes; the others are the compiler's, each with one answer."""


@dataclass(slots=True)
class Effects:
    """What happens, as far as the order of statements is concerned.

    `reads` and `writes` are names; a member's begins with a full stop. `raw` is memory by
    assembly, `named` memory by Solidity. `refusals` are the kinds of answers of a revert.
    """

    reads: set[str] = field(default_factory=set)
    writes: set[str] = field(default_factory=set)
    refusals: set[str] = field(default_factory=set)
    logs: bool = False
    raw: bool = False
    named: bool = False
    opaque: bool = False

    def add(self, other: Effects) -> None:
        """Let all that `other` does happen too."""
        self.reads |= other.reads
        self.writes |= other.writes
        self.refusals |= other.refusals
        self.logs |= other.logs
        self.raw |= other.raw
        self.named |= other.named
        self.opaque |= other.opaque


def commute(first: Effects, second: Effects) -> bool:
    """Whether nobody can tell in which order the two happen, but by the gas."""
    if first.opaque or second.opaque or (first.logs and second.logs):
        return False
    if not _refuse_alike(first.refusals, second.refusals):
        return False
    return not (_disturbs(first, second) or _disturbs(second, first))


def _refuse_alike(first: set[str], second: set[str]) -> bool:
    """Whether it is the same answer that a caller gets, whichever refuses first."""
    if not first or not second:
        return True
    return first == second and len(first) == 1 and OWN not in first


def _disturbs(writer: Effects, reader: Effects) -> bool:
    if writer.raw and (reader.raw or reader.named):
        return True
    if WHOLE in reader.reads and any(name.startswith(".") for name in writer.writes):
        return True
    return not writer.writes.isdisjoint(reader.reads)
