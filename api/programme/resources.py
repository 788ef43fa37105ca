"""What a programme lets the gate guard: sessions, recordings, resale listings.

Owns which seats open each. Refuses to look at seats and clocks: the gate does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.errors import NotFound
from api.gate.values import Opening, Resource
from api.programme.numbers import is_mirrored
from marketplace.domain.ids import MAX_TIER, TierIndex

if TYPE_CHECKING:
    from api.programme.values import Programme, ProgrammeSession
    from marketplace.domain.ids import DropId

DOORS_OPEN_S: Final = 15 * 60
"""Seconds before its start from which a session may be entered."""

ALL_TIERS: Final = frozenset(TierIndex(tier) for tier in range(MAX_TIER + 1))


def session_resource(programme: Programme, number: int) -> Resource:
    """The room of a session, while it is open. Raises NotFound when there is no such session."""
    session = session_of(programme, number)
    return Resource(
        id=f"session {programme.drop}-{number}",
        drop=programme.drop,
        opened_by=(Opening(programme.drop, session.tiers),),
        opens_at=session.starts_at - DOORS_OPEN_S,
        closes_at=session.ends_at,
        terms_hash=programme.terms_hash,
        mentor=programme.mentor,
    )


def recording_resource(programme: Programme, number: int, recording_id: str) -> Resource:
    """A recording of a session: whoever the session is open to watches it, at any time.

    Raises NotFound when there is no such session.
    """
    session = session_of(programme, number)
    return Resource(
        id=f"recording {recording_id}",
        drop=programme.drop,
        opened_by=(Opening(programme.drop, session.tiers),),
        terms_hash=programme.terms_hash,
        mentor=programme.mentor,
    )


def resale_resource(programme: Programme) -> Resource:
    """A drop's resale listings, for the audience that its terms name."""
    audience = programme.terms.resale.audience
    named: tuple[DropId, ...] = () if isinstance(audience, str) else audience
    # A drop with a number that no mirror can hold has no seats that anybody could show.
    drops = (programme.drop, *(one for one in named if one != programme.drop and is_mirrored(one)))
    return Resource(
        id=f"resale {programme.drop}",
        drop=programme.drop,
        opened_by=tuple(Opening(drop, ALL_TIERS) for drop in drops),
        # Turns are no matter of the gate: `api.waiting` keeps them, listing by listing.
        open_to_all=audience in {"anyone", "wait_list"},
        terms_hash=programme.terms_hash,
        mentor=programme.mentor,
    )


def session_of(programme: Programme, number: int) -> ProgrammeSession:
    """The session of a number. Raises NotFound."""
    session = programme.session(number)
    if session is None:
        raise NotFound("session")
    return session
