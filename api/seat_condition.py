"""The JSON of what a seat still contains.

Owns its one shape, wherever a seat is shown, sold or offered for. Refuses to judge: what a refund
pays is the mirror's or the contract's to say, and what became of a session `api.attendance`'s.
Refuses to name who came: of a seat it is told that it was in a session, and of nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from api.attendance.contents import OFFICE_HOUR, Contents, SeatSession, SessionState
from api.wire import Moment, Uint256Out, WireModel, moment
from marketplace.domain.words import SeatFlag

if TYPE_CHECKING:
    from indexer.queries import Seat, SeatValue


class SeatSessionAnswer(WireModel):
    """A session that the seat opens."""

    session: int
    """Its number in the terms."""

    title: str
    """As the mentor calls it."""

    kind: str
    """Which sort of session the terms say it is, for example `office hour`."""

    starts_at: Moment
    """When this session begins, in UTC."""

    ends_at: Moment
    """When this session ends, in UTC."""

    state: SessionState
    """`attended` with this seat, whoever held it; `past` without; `to_come`; or `void`: nobody
    comes in by the seat any more, since it was burned, or its drop was cancelled or has failed."""

    attended_at: Moment | None
    """When somebody first came in by the seat; null: nobody has."""

    recordings: int
    """So many are there for whoever holds the seat; as of an earlier block so many of them as were
    there by its second."""

    @classmethod
    def of(cls, found: SeatSession) -> Self:
        """Write a session as a seat has it."""
        session = found.session
        return cls(
            session=session.number,
            title=session.title,
            kind=session.kind,
            starts_at=moment(session.starts_at),
            ends_at=moment(session.ends_at),
            state=found.state,
            attended_at=found.attended_at,
            recordings=found.recordings,
        )


class OfficeHoursAnswer(WireModel):
    """How many of the seat's sessions are office hours: each is one slot."""

    in_all: int
    """Slots that the seat opens."""

    used: int
    """Slots in which the seat was, whoever owned it then."""

    left: int
    """Slots that go on or will be."""


class SeatProgrammeAnswer(WireModel):
    """The drop's published programme, as this seat has it."""

    in_all: int
    """Sessions that the seat opens."""

    attended: int
    """Sessions in which the seat was, whoever owned it then."""

    past: int
    """Sessions that are over, and in which the seat was not."""

    to_come: int
    """Sessions that go on or will be."""

    office_hours: OfficeHoursAnswer
    """Of these sessions the office hours."""

    recordings: int
    """So many are there for whoever holds the seat; as of an earlier block so many of them as were
    there by its second."""

    binding_session: int | None
    """At which the seat is checked in, and does not move from then on: the last; null: it opens
    none."""

    sessions: list[SeatSessionAnswer]
    """Each session that the seat opens, in the order of the terms."""

    @classmethod
    def of(cls, found: Contents) -> Self:
        """Write what a seat contains of its programme."""
        states = list(SessionState)
        return cls(
            in_all=len(found.sessions),
            attended=found.count(SessionState.ATTENDED),
            past=found.count(SessionState.PAST),
            to_come=found.count(SessionState.TO_COME),
            office_hours=OfficeHoursAnswer(
                in_all=found.count(*states, kind=OFFICE_HOUR),
                used=found.count(SessionState.ATTENDED, kind=OFFICE_HOUR),
                left=found.count(SessionState.TO_COME, kind=OFFICE_HOUR),
            ),
            recordings=found.recordings,
            binding_session=found.binding,
            sessions=[SeatSessionAnswer.of(one) for one in found.sessions],
        )


class ConditionAnswer(WireModel):
    """What a seat still contains, in the drop's currency; the right to it travels with the seat."""

    checked_in: bool
    """Whether the session that the terms call binding was attended with it: then it is not sold."""

    face_wei: Uint256Out
    """What was paid at the mint, in the smallest unit of the drop's currency, as decimal digits."""

    held_wei: Uint256Out
    """Royalties and tolls that wait with it already, in the smallest unit, as decimal digits."""

    refund_wei: Uint256Out
    """What giving it back would pay now, in the smallest unit, as decimal digits; 0: it cannot be
    given back."""

    refund_until: Moment
    """The last second of the refund window, in UTC."""

    on_failure_wei: Uint256Out
    """What it gives back if the mentor does not deliver, before the royalty of a sale to come, in
    the smallest unit, as decimal digits."""

    claimable_wei: Uint256Out
    """What a claim would give now whom the seat belongs to, in the smallest unit, as decimal
    digits."""

    programme: SeatProgrammeAnswer | None
    """Its sessions; null: the drop's terms are not published here."""

    @classmethod
    def of(cls, seat: Seat, value: SeatValue, found: Contents | None) -> Self:
        """Write what a seat contains by the mirror, at the moment of its value."""
        return cls(
            checked_in=seat.has(SeatFlag.CHECKED_IN),
            face_wei=seat.face,
            held_wei=seat.held,
            refund_wei=value.refund,
            refund_until=moment(value.refund_until),
            on_failure_wei=value.on_failure,
            claimable_wei=value.claimable,
            programme=programme_answer(found),
        )


def programme_answer(found: Contents | None) -> SeatProgrammeAnswer | None:
    """Write what a seat contains of its programme, where that is known."""
    return None if found is None else SeatProgrammeAnswer.of(found)
