"""A programme as one seat has it: which sessions were attended with it, are past, are to come.

Owns that judgement, a function of the programme, what was attended and the time. Attending spends
the seat's right to the session, for its holder and for whoever buys it: what is spent is not among
what is to come, though the room is open to whoever holds the seat until the session ends. Refuses
to let anybody in by it: `api.gate.decide` asks the chain.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, unique
from typing import TYPE_CHECKING, Final

from marketplace.orders.advice import Warned

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from api.programme.values import Programme, ProgrammeSession
    from marketplace.domain.ids import TierIndex

OFFICE_HOUR: Final = "office hour"
"""The kind of session of which each is one slot of a seat."""

SESSIONS_OF_A_PAGE: Final = 600
"""That a page of seats tells of at most, by their drops' programmes: it has fewer seats before it
tells of more. A programme may have 60 sessions, and each seat is shown with all its own."""


@unique
class SessionState(StrEnum):
    """What a session is to a seat that opens it."""

    ATTENDED = "attended"
    PAST = "past"
    TO_COME = "to_come"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class SeatSession:
    """A session that a seat opens.

    Attributes:
        attended_at: When somebody first came in by the seat; None: nobody has.
        recordings: So many are there for whoever holds the seat; of an earlier block, so many of
            them as were there by its second.
    """

    session: ProgrammeSession
    state: SessionState
    attended_at: datetime | None
    recordings: int


@dataclass(frozen=True, slots=True)
class Contents:
    """What a seat contains of its programme.

    Attributes:
        sessions: Those that it opens, in the order of their numbers.
    """

    sessions: tuple[SeatSession, ...]

    @property
    def binding(self) -> int | None:
        """The number of the session at which the seat is checked in: the last; None: none."""
        last = max((one.session for one in self.sessions), key=_end, default=None)
        return None if last is None else last.number

    @property
    def recordings(self) -> int:
        """How many recordings it opens."""
        return sum(one.recordings for one in self.sessions)

    def count(self, *states: SessionState, kind: str | None = None) -> int:
        """How many of its sessions are in one of some states, of a kind or of any."""
        return sum(
            one.state in states and kind in {None, one.session.kind} for one in self.sessions
        )

    @property
    def warnings_for_buyer(self) -> tuple[Warned, ...]:
        """What somebody should know before paying for the seat: how much of it is used up."""
        attended = self.count(SessionState.ATTENDED)
        gone = len(self.sessions) - attended - self.count(SessionState.TO_COME)
        if not attended and not gone:
            return ()
        return (
            Warned(
                "sessions_used",
                f"Of the {len(self.sessions)} sessions of this seat {attended} were attended with "
                f"it and {gone} are over; to come: {self.count(SessionState.TO_COME)}.",
            ),
        )


@dataclass(frozen=True, slots=True)
class Used:
    """What is known besides the programme, by the numbers of sessions.

    Attributes:
        attended: When each was first attended with the seat.
        recordings: How many are there of each, and were by then.
        void: Whether nobody comes in by the seat any more: it was burned, or the drop is over.
    """

    attended: Mapping[int, datetime]
    recordings: Mapping[int, int]
    void: bool = False


def contents(programme: Programme, tier: TierIndex, used: Used, now: int) -> Contents:
    """Judge what a seat of a tier contains at a Unix second."""
    return Contents(
        tuple(
            SeatSession(
                session,
                _state(session, used, now),
                used.attended.get(session.number),
                0 if used.void else used.recordings.get(session.number, 0),
            )
            for session in programme.sessions
            if tier in session.tiers
        )
    )


def room_for(programmes: Iterable[Programme | None]) -> int:
    """How many seats, from the first one on, a page has room for: one at least, if there is one.

    Args:
        programmes: Of each seat's drop, in the order of the page; None: not known.
    """
    seats = told = 0
    for programme in programmes:
        told += 0 if programme is None else len(programme.sessions)
        if seats and told > SESSIONS_OF_A_PAGE:
            break
        seats += 1
    return seats


def _state(session: ProgrammeSession, used: Used, now: int) -> SessionState:
    if session.number in used.attended:
        return SessionState.ATTENDED
    # As the gate has it: the last second still counts.
    if now > session.ends_at:
        return SessionState.PAST
    return SessionState.VOID if used.void else SessionState.TO_COME


def _end(session: ProgrammeSession) -> tuple[int, int]:
    return session.ends_at, session.number
