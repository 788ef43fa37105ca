"""The JSON of mentors.

Owns the shapes. Refuses names: who calls themselves what stands in what they publish, and proves
nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from api.catalogue.dated import Dated, Levelled
from api.wire import Account, Moment, WireModel, moment
from marketplace.domain.drop import DropState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.catalogue.looking import Look
    from indexer.queries import Mentor


class DropCounts(WireModel):
    """How many drops there are, and how many of them are how far; a drop is counted once."""

    total: int
    """How many there are in all."""

    live: int
    """On sale, or sold and not reported as delivered yet."""

    asserted: int
    """Said to be delivered, and not settled yet."""

    disputed: int
    """Waiting for the resolver, or for time to decide."""

    split: int
    """Ended by a dispute: a share went back to the buyers."""

    settled: int
    """Ended as delivered."""

    cancelled: int
    """Ended by their mentor."""

    failed: int
    """Ended because delivery was not reported in time."""

    @classmethod
    def of(cls, mentor: Mentor) -> Self:
        """Count them."""
        count = mentor.drops.get

        def of(*states: DropState) -> int:
            return sum(count(state, 0) for state in states)

        return cls(
            total=sum(mentor.drops.values()),
            live=of(DropState.LIVE),
            asserted=of(DropState.ASSERTED),
            disputed=of(DropState.DISPUTED_NARROW, DropState.DISPUTED_WIDE),
            split=of(DropState.SPLIT_NARROW, DropState.SPLIT_WIDE),
            settled=of(DropState.SETTLED),
            cancelled=of(DropState.CANCELLED),
            failed=of(DropState.FAILED),
        )


class MentorSummary(WireModel):
    """Somebody who has created a drop."""

    mentor: Account
    since: Moment
    """When their first drop was created, in UTC."""

    drops: DropCounts
    """What became of their drops."""

    @classmethod
    def of(cls, mentor: Mentor) -> Self:
        """Write a mentor."""
        return cls(mentor=mentor.account, since=moment(mentor.since), drops=DropCounts.of(mentor))


class MentorsAnswer(Dated):
    """Mentors by rising address."""

    mentors: list[MentorSummary]
    """A page of them."""

    next: Account | None
    """The next page's `after`; null: this is the last."""


class MentorAnswer(Levelled, MentorSummary):
    """Somebody who has created a drop, as of a block."""


def mentor_answer(mentor: Mentor, seen: Look) -> MentorAnswer:
    """Write one mentor."""
    return MentorAnswer(
        **dict(MentorSummary.of(mentor)),
        as_of_block=seen.at.number,
        block_hash=seen.at.hash,
        level=seen.level,
    )


def mentors_answer(page: Sequence[Mentor], seen: Look, limit: int) -> MentorsAnswer:
    """Write a page, of which one more was read than it has."""
    shown = page[:limit]
    return MentorsAnswer(
        mentors=[MentorSummary.of(one) for one in shown],
        next=shown[-1].account if len(page) > limit else None,
        as_of_block=seen.at.number,
        block_hash=seen.at.hash,
    )
