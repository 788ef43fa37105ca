"""When a message is sent again, when it is given up, and when an endpoint is.

Owns the rules and their figures. Pure: times and chance are brought by others.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum, unique
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from datetime import datetime

FIRST_WAIT: Final = timedelta(seconds=5)
GROWTH: Final = 4
LONGEST_WAIT: Final = timedelta(hours=4)
SPREAD: Final = 0.2
"""Each wait is made shorter or longer by up to this share, so that not all come back at once."""

GIVEN_UP_AFTER: Final = timedelta(days=3)
"""Of a message, from when its attempts count."""

DISABLED_AFTER: Final = timedelta(days=5)
"""Of an endpoint that has not taken anything for so long."""

_GONE: Final = 410
_GOOD: Final = range(200, 300)


@unique
class Fault(StrEnum):
    """Why there was no answer, or none was waited for any more."""

    # One word for whatever happens before there is a connection that may be used: with several,
    # and with the time that it took, somebody could look around inside our network.

    UNREACHABLE = "unreachable"
    TOO_SLOW = "too_slow"
    BROKEN_OFF = "broken_off"
    UNWANTED = "unwanted"


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of one attempt.

    Attributes:
        status: Of the answer; None: there was none.
        duration_ms: From having a connection to the end of what was read; None without one.
        answer: The first bytes of the answer, as text.
        fault: Why there was no answer.
    """

    status: int | None
    duration_ms: int | None = None
    answer: str | None = None
    fault: Fault | None = None

    @property
    def arrived(self) -> bool:
        """Whether the endpoint has taken it."""
        return self.status in _GOOD


@dataclass(frozen=True, slots=True)
class Delivered:
    """It arrived."""


@dataclass(frozen=True, slots=True)
class Again:
    """It is sent again at this moment."""

    due_at: datetime


@dataclass(frozen=True, slots=True)
class GivenUp:
    """It is not sent again by itself."""


@dataclass(frozen=True, slots=True)
class Gone:
    """The endpoint has said that it is gone: nothing is sent there any more."""


Next: TypeAlias = Delivered | Again | GivenUp | Gone


def wait_after(failures: int, chance: float) -> timedelta:
    """How long to wait after so many failures; `chance` lies between 0 and 1."""
    # After ten the longest wait has long been reached.
    grown = FIRST_WAIT * int(GROWTH ** min(failures - 1, 10))
    return min(grown, LONGEST_WAIT) * (1 + SPREAD * (2 * chance - 1))


def follows(
    attempt: Attempt, *, attempts: int, begun_at: datetime, at: datetime, chance: float
) -> Next:
    """What follows an attempt.

    Args:
        attempt: What became of it.
        attempts: How many there were with it.
        begun_at: From when on they count.
        at: When it began. Not when it ended: what somebody else's network takes is not told.
        chance: Between 0 and 1.
    """
    if attempt.arrived:
        return Delivered()
    if attempt.status == _GONE:
        return Gone()
    due_at = at + wait_after(attempts, chance)
    return GivenUp() if due_at - begun_at > GIVEN_UP_AFTER else Again(due_at)


def is_hopeless(failing_since: datetime | None, now: datetime) -> bool:
    """Whether an endpoint has failed for so long that it is given up."""
    return failing_since is not None and now - failing_since >= DISABLED_AFTER
