"""The JSON of sessions, tickets and admissions.

Owns the shapes. Refuses rules: these objects only carry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field

from api.gate.answers import DecisionAnswer
from api.recordings.bodies import RecordingRow
from api.sessions.tokens import SECRET
from api.wire import Account, Moment, Uint256Out, WireModel, moment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from api.gate.values import Resource
    from api.programme.values import Programme, ProgrammeSession
    from api.recordings.reads import Recording
    from api.sessions.joining import GivenAdmission, GivenTicket

Secret = Annotated[str, Field(pattern=f"^{SECRET.pattern}$")]


class SessionAnswer(WireModel):
    """A session, as its drop's terms promise it, and what has been recorded of it."""

    drop: int
    session: int
    """Its number in the terms, from 1."""

    title: str
    kind: str
    """What it is: `session`, `workshop` or `office hour`."""

    starts_at: Moment
    """When it begins, in UTC; later than the terms say where the drop was postponed."""

    ends_at: Moment
    """When it ends, in UTC."""

    opens_at: Moment
    """From when on its room may be entered, in UTC."""

    tiers: list[int]
    """Numbers of the tiers whose seats open it."""

    recordings: list[RecordingRow]
    """What was recorded of it; empty: nothing."""

    @classmethod
    def of(
        cls,
        programme: Programme,
        session: ProgrammeSession,
        resource: Resource,
        recordings: Iterable[Recording],
    ) -> Self:
        """Write a session."""
        return cls(
            drop=programme.drop,
            session=session.number,
            title=session.title,
            kind=session.kind,
            starts_at=moment(session.starts_at),
            ends_at=moment(session.ends_at),
            opens_at=moment(resource.opens_at or session.starts_at),
            tiers=sorted(session.tiers),
            recordings=[RecordingRow.of(one) for one in recordings],
        )


class TicketAnswer(WireModel):
    """A ticket for one session's room; it is used once."""

    ticket: str
    """Secret of 43 characters that the person shows to the room; used once."""

    expires_at: Moment
    """From when on it opens nothing, in UTC."""

    decision: DecisionAnswer

    @classmethod
    def of(cls, given: GivenTicket) -> Self:
        """Write a ticket."""
        return cls(
            ticket=given.secret,
            expires_at=given.ticket.expires_at,
            decision=DecisionAnswer.of(given.granted),
        )


class TicketRequest(WireModel):
    """A ticket, brought by the room to whose door somebody has come with it."""

    ticket: Secret
    """The secret that the person has shown, of 43 characters."""


class AdmissionRequest(WireModel):
    """An admission whose lease shall go on."""

    admission: Secret
    """The secret of 43 characters that the room was given with the admission."""


class AdmissionAnswer(WireModel):
    """Somebody is in, until the lease ends."""

    admission: str
    """Secret of 43 characters by which the room renews it."""

    admission_id: str
    """Under which `…/presences` tells of it; it opens nothing."""

    account: Account
    """Who is in, with its ERC-55 checksum."""

    seat: Uint256Out | None
    """Token id of the seat that let them in, as decimal digits; null for the drop's mentor,
    co-hosts and verifier."""

    drop: int
    session: int
    expires_at: Moment
    """Renew before this moment, in UTC; whoever is still in afterwards has to leave."""

    decision: DecisionAnswer

    @classmethod
    def of(cls, given: GivenAdmission) -> Self:
        """Write an admission."""
        admission = given.admission
        return cls(
            admission=given.secret,
            admission_id=given.public_id,
            account=admission.account,
            seat=given.granted.seat,
            drop=admission.room.drop,
            session=admission.room.session,
            expires_at=admission.expires_at,
            decision=DecisionAnswer.of(given.granted),
        )


class RenewalAnswer(WireModel):
    """Somebody stays in, until the lease ends."""

    admission: str
    """The same secret as before."""

    expires_at: Moment
    """Renew before this moment, in UTC; whoever is still in afterwards has to leave."""

    decision: DecisionAnswer

    @classmethod
    def of(cls, given: GivenAdmission) -> Self:
        """Write a renewed admission."""
        return cls(
            admission=given.secret,
            expires_at=given.admission.expires_at,
            decision=DecisionAnswer.of(given.granted),
        )
