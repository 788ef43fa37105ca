"""When a drop may be moved and when its sales may be paused.

Owns the bounds of postponing, the refund window that follows from it, and the length and distance
of pauses. Refuses to say who may do either.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from marketplace.domain.escrow import DAY_SECONDS

MAX_POSTPONEMENTS: Final = 2
MAX_POSTPONED_SECONDS: Final = 180 * DAY_SECONDS
MIN_NOTICE_SECONDS: Final = 7 * DAY_SECONDS
MAX_PAUSE_SECONDS: Final = 72 * 60 * 60
BETWEEN_PAUSES_SECONDS: Final = 7 * DAY_SECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """When a drop happens, in Unix seconds."""

    starts_at: int
    ends_at: int
    deliver_by: int


@dataclass(frozen=True, slots=True)
class TimeOutOfBounds:
    """A new time lies outside its bounds; nothing fits when `most` is below `least`.

    Attributes:
        field: Its name in `Times`.
    """

    field: str
    value: int
    least: int
    most: int


def broken_postponement(
    old: Times, new: Times, first_deliver_by: int, now: int
) -> TimeOutOfBounds | None:
    """Find the first new time that the contract would refuse.

    The start lies 7 days ahead or later, nothing moves to an earlier time, and the delivery is at
    most 180 days past the one that the drop was created with.
    """
    latest = first_deliver_by + MAX_POSTPONED_SECONDS
    bounds = (
        ("starts_at", max(old.starts_at, now + MIN_NOTICE_SECONDS), new.ends_at),
        ("ends_at", old.ends_at, latest - 1),
        ("deliver_by", max(old.deliver_by, new.ends_at + 1), latest),
    )
    for field, least, most in bounds:
        value = getattr(new, field)
        if not least <= value <= most:
            return TimeOutOfBounds(field, value, least, most)
    return None


def postponed_refund_window(refund_until: int, old: Times, new: Times, now: int) -> int:
    """The window's new last second: it moves with the start, and stays open for 7 days.

    It ends at the latest with the drop.
    """
    moved = refund_until + new.starts_at - old.starts_at
    return min(max(moved, now + MIN_NOTICE_SECONDS), new.ends_at)


def next_pause_from(paused_until: int) -> int:
    """The first second at which a drop may be paused again; 0: it never was."""
    return paused_until + BETWEEN_PAUSES_SECONDS + 1 if paused_until else 0
