"""The claim to lead one mirror: taken by one process, kept by signs of life, lost by silence.

Owns the port. A claim is about being alive, not about being right: what keeps a second writer out
is the fence in the checkpoint's compare-and-swap. Refuses clocks: a sign of life is a value that
changes, and whoever waits judges by a clock of its own for how long it has not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Sign:
    """What a leader last gave of itself: the same for as long as nothing is heard of it."""

    holder: str
    beats: str


class Claim(Protocol):
    """The claim of this process to one mirror. Not for several threads at once."""

    def take(self, expired: Sign | None = None) -> Sign | None:
        """Take the lead if nobody has it, or if whoever has it gave no sign since `expired`.

        Gives None when it is ours, and the sign of whoever has it when it is not (yet).
        Raises StorageError.
        """

    def keep(self) -> bool:
        """Give a sign of life; gives whether the lead is still ours. Raises StorageError."""

    def release(self) -> None:
        """Let others have it at once, and close what is open. Raises StorageError."""
