"""Mentors as the catalogue shows them.

Owns the shapes. Refuses names: what somebody calls themselves is in what they publish.
"""

from __future__ import annotations

from pydantic import AwareDatetime
from pydantic.dataclasses import dataclass

from marketplace.client.wire import ANSWER, Account, HashText


@dataclass(frozen=True, config=ANSWER)
class DropCounts:
    """How many drops a mentor has, and how many of them are how far; each is counted once.

    Attributes:
        asserted: Said to be delivered, and not settled yet.
        disputed: Waiting for the resolver, or for time to decide.
        split: Ended by a dispute: a share went back to the buyers.
        settled: Ended as delivered.
    """

    total: int
    live: int
    asserted: int
    disputed: int
    split: int
    settled: int
    cancelled: int
    failed: int


@dataclass(frozen=True, config=ANSWER)
class MentorSummary:
    """Somebody who has created a drop; `since` is when their first one was."""

    mentor: Account
    since: AwareDatetime
    drops: DropCounts


@dataclass(frozen=True, config=ANSWER)
class Mentor(MentorSummary):
    """The same, as of one block."""

    level: str
    as_of_block: int
    block_hash: HashText


@dataclass(frozen=True, config=ANSWER)
class MentorsPage:
    """Mentors by rising address; `next` goes on, None ends."""

    mentors: tuple[MentorSummary, ...]
    next: Account | None
    as_of_block: int
    block_hash: HashText
