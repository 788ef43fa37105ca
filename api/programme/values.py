"""A drop's programme: its published terms and the sessions that they promise.

Owns the values, and when the sessions of a postponed drop are, since only the chain knows of that.
Refuses prices and supply: those are the chain's, whatever the text says.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId, TierIndex
    from marketplace.launch.published import PublishedSession, PublishedTerms


@dataclass(frozen=True, slots=True)
class ProgrammeSession:
    """One session.

    Attributes:
        number: Counted from 1, in the order of the terms.
        kind: `session`, `workshop` or `office hour`.
        starts_at: Unix second.
        ends_at: Unix second, the last.
        tiers: Indexes of the tiers whose seats open it.
    """

    number: int
    title: str
    kind: str
    starts_at: int
    ends_at: int
    tiers: frozenset[TierIndex]


@dataclass(frozen=True, slots=True)
class Times:
    """When a postponed drop starts and ends, as the chain has it: Unix seconds."""

    starts_at: int
    ends_at: int


@dataclass(frozen=True)
class Programme:
    """What a drop's mentor has published.

    Attributes:
        terms_hash: As the drop carries it: 0x and 64 hex digits.
        mentor: Of the drop. Others may have put the same hash on drops of theirs.
        terms: The document that it stands for, read.
        document: The same, byte for byte.
        postponed: Where the drop no longer has the document's times: those that it has.
    """

    drop: DropId
    terms_hash: str
    mentor: ChecksumAddress
    terms: PublishedTerms
    document: str
    postponed: Times | None = None

    @cached_property
    def sessions(self) -> tuple[ProgrammeSession, ...]:
        """All sessions, in the order of their numbers.

        Of a postponed drop each is later by as much as the drop's start is, and the last ends with
        the drop, unless that would be before it begins.
        """
        return tuple(
            _session(self.terms, number, session, self._times(session))
            for number, session in enumerate(self.terms.sessions, start=1)
        )

    def _times(self, session: PublishedSession) -> Times:
        if self.postponed is None:
            return Times(session.starts, session.ends)
        planned = self.terms.sessions
        later = self.postponed.starts_at - min(one.starts for one in planned)
        moved = Times(session.starts + later, session.ends + later)
        ends_last = session.ends == max(one.ends for one in planned)
        if ends_last and self.postponed.ends_at >= moved.starts_at:
            return Times(moved.starts_at, self.postponed.ends_at)
        return moved

    def session(self, number: int) -> ProgrammeSession | None:
        """The session of a number; None when there is none."""
        return self.sessions[number - 1] if 1 <= number <= len(self.sessions) else None


def _session(
    terms: PublishedTerms, number: int, session: PublishedSession, times: Times
) -> ProgrammeSession:
    return ProgrammeSession(
        number=number,
        title=session.title,
        kind=session.kind,
        starts_at=times.starts_at,
        ends_at=times.ends_at,
        tiers=terms.tiers_of(session),
    )
