"""Owns turning the times of a launch file into points in time, once the moment of launch is known.

Refuses a clock: the moment of launch is an argument.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from marketplace.launch.units import Moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from marketplace.launch.faults import Place
    from marketplace.launch.schema import Session
    from marketplace.launch.sections import Faults
    from marketplace.launch.units import When


@dataclass(frozen=True, slots=True)
class Meeting:
    """A session with its place in time, in UTC.

    Attributes:
        number: Its place in the file, counted from 1: the name that it keeps.
        tiers: Names of the tiers whose seats let in, in the order of the file; at least one.
    """

    number: int
    title: str
    kind: str
    starts: datetime
    ends: datetime
    tiers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The events that other times count from.

    Attributes:
        launch: In whole minutes, so that the times that count from it read as people write them.
        meetings: In the order of the file, so that adding a session at its end renames none.
    """

    launch: datetime
    meetings: tuple[Meeting, ...]

    @property
    def start(self) -> datetime:
        """When the first session starts."""
        return min(meeting.starts for meeting in self.meetings)

    @property
    def end(self) -> datetime:
        """When the last session ends."""
        return max(meeting.ends for meeting in self.meetings)

    @property
    def in_order_of_time(self) -> tuple[Meeting, ...]:
        """The meetings as they happen; those that start together stay in the file's order."""
        return tuple(sorted(self.meetings, key=lambda meeting: meeting.starts))

    def at(self, when: When) -> datetime:
        """The point in time that a file's time means."""
        if isinstance(when, Moment):
            anchors = {"launch": self.launch, "start": self.start, "end": self.end}
            return anchors[when.anchor] + timedelta(seconds=when.seconds)
        return when


def calendar_of(
    sessions: tuple[Session | None, ...], tiers: Sequence[str], launch: datetime, faults: Faults
) -> Calendar | None:
    """Place the sessions in time; None when one of them could not be.

    Args:
        sessions: As they stand in the file.
        tiers: Names of all tiers, in the order of the file.
        launch: The moment of launch.
        faults: Where to note what cannot be placed.
    """
    minute = launch.astimezone(UTC).replace(second=0, microsecond=0)
    meetings: list[Meeting] = []
    for index, session in enumerate(sessions):
        if session is None:
            continue
        starts = _start(session.starts, minute, ("sessions", index, "starts"), faults)
        if starts is not None:
            ends = starts + session.lasts
            opening = tuple(name for name in tiers if name in (session.tiers or tiers))
            meetings.append(Meeting(index + 1, session.title, session.kind, starts, ends, opening))
    if not meetings or len(meetings) < len(sessions):
        return None
    return Calendar(minute, tuple(meetings))


def _start(when: When, launch: datetime, place: Place, faults: Faults) -> datetime | None:
    if not isinstance(when, Moment):
        return when
    if when.anchor != "launch":
        faults.add(
            place,
            f'"{when.anchor}" is itself made from the sessions',
            'count from "launch", or write a date-time with its zone',
        )
        return None
    return launch + timedelta(seconds=when.seconds)
