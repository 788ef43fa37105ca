"""The JSON of what a mentor has published with a drop.

Owns the shapes. Refuses figures that the chain holds as well: those are the drop's. What stands
here is text of people, never markup.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Self, TypeAlias

from api.wire import Moment, WireModel, moment
from marketplace.launch.published import NO_TURNS

if TYPE_CHECKING:
    from api.programme.values import Programme, ProgrammeSession
    from marketplace.launch.published import PublishedProduct

Audience: TypeAlias = Literal["anyone", "holders", "wait_list"] | list[int]
"""Who sees resale listings: anybody, holders of this drop, or also those of these drops; or whoever
waits, one account after the other, and then anybody."""


class ProductAnswer(WireModel):
    """What is taught, and how anybody can tell that it was delivered; the mentor's own words."""

    format: str
    title: str
    mentor: str
    """What the mentor calls themselves. It proves nothing."""

    summary: str
    """What it is about, in a paragraph."""

    contains: list[str]
    """What a buyer gets, line by line."""

    success: list[str]
    """By what anybody can tell that it was delivered, line by line."""

    @classmethod
    def of(cls, product: PublishedProduct) -> Self:
        """Write a product."""
        return cls(
            format=product.format,
            title=product.title,
            mentor=product.mentor,
            summary=product.summary,
            contains=list(product.contains),
            success=list(product.success),
        )


class PlannedSession(WireModel):
    """A session, and the tiers whose seats open it."""

    session: int
    title: str
    kind: str
    """What it is: `session`, `workshop` or `office hour`."""

    starts_at: Moment
    """When it begins, in UTC."""

    ends_at: Moment
    """When it ends, in UTC."""

    tiers: list[int]
    """Numbers of the tiers whose seats open it."""

    @classmethod
    def of(cls, session: ProgrammeSession) -> Self:
        """Write a session."""
        return cls(
            session=session.number,
            title=session.title,
            kind=session.kind,
            starts_at=moment(session.starts_at),
            ends_at=moment(session.ends_at),
            tiers=sorted(session.tiers),
        )


def audience_of(programme: Programme) -> Audience:
    """Write a resale audience."""
    audience = programme.terms.resale.audience
    return audience if isinstance(audience, str) else list(audience)


def turn_of(programme: Programme) -> int | None:
    """Seconds that each account of the wait-list has; None where there is none."""
    turn = programme.terms.resale.turn
    return None if turn == NO_TURNS else turn
