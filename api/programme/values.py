"""A drop's programme: its published terms and the sessions that they promise.

Owns the values. Refuses prices and supply: those are the chain's, whatever the text says.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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


@dataclass(frozen=True)
class Programme:
    """What a drop's mentor has published.

    Attributes:
        terms_hash: As the drop carries it: 0x and 64 hex digits.
        terms: The document that it stands for, read.
        document: The same, byte for byte.
    """

    drop: DropId
    terms_hash: str
    terms: PublishedTerms
    document: str

    @cached_property
    def sessions(self) -> tuple[ProgrammeSession, ...]:
        """All sessions, in the order of their numbers."""
        return tuple(
            _session(self.terms, number, session)
            for number, session in enumerate(self.terms.sessions, start=1)
        )

    def session(self, number: int) -> ProgrammeSession | None:
        """The session of a number; None when there is none."""
        return self.sessions[number - 1] if 1 <= number <= len(self.sessions) else None


def _session(terms: PublishedTerms, number: int, session: PublishedSession) -> ProgrammeSession:
    return ProgrammeSession(
        number=number,
        title=session.title,
        kind=session.kind,
        starts_at=session.starts,
        ends_at=session.ends,
        tiers=terms.tiers_of(session),
    )
