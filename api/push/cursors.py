"""Where a stream begins, and whether it can go on without a gap.

Owns the rule. Pure: what the outbox holds is read by others. A number that the outbox no longer
has, or does not have yet, is no place to go on from: what lies in between could not be told.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kept:
    """What the outbox holds.

    Attributes:
        first: The oldest message that is kept; None: none is.
        next: The number that the next one will have.
    """

    first: int | None
    next: int

    @property
    def last(self) -> int:
        """The number of the newest message, kept or not; 0 before the first."""
        return self.next - 1


@dataclass(frozen=True, slots=True)
class Gone:
    """What was asked for cannot be told without a gap.

    Attributes:
        go_on_after: Where to go on after reading the state anew.
    """

    go_on_after: int


def begin(after: int | None, kept: Kept) -> int | Gone:
    """The number after which a stream tells.

    Args:
        after: The last number that the client has; None: it begins now.
        kept: What there is.
    """
    if after is None or after == kept.last:
        return kept.last
    # Beyond the newest: a number of another mirror, or of this one before it was made anew.
    if after > kept.last or kept.first is None or after + 1 < kept.first:
        return Gone(kept.last)
    return after
