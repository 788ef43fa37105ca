"""Places, turns, and what is known of both.

Owns the values and the bounds. Refuses clocks and rules: `api.waiting.planning` has them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum, unique
from typing import TYPE_CHECKING, Final, Self, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from indexer.queries import Moment
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId, SeatId, TierIndex

MOST_WAITING: Final = 500
"""Places of one tier. All of them are read at each look."""

MOST_PLACES: Final = 50
"""Places of one account, in all wait-lists together, that neither a seat nor a drop's end ended."""

MOST_SHOWN: Final = 200
"""Places of one account in one answer: those that it has, and of those that ended the newest. As
many it may have with those that count no more though nobody has looked, and those of drops that are
over, which nothing but leaving ends."""

MOST_MISSED: Final = 2
"""The turn that may end a place by being missed: the first one costs the order alone."""

MOST_TURNS: Final = 10
"""Turns on one seat that came to nothing, before it is for everybody; or as many turns' time, in
whatever turns it went by. Accounts cost nothing: a list that somebody fills with them holds a
seller up for so long, and for one turn more at most. A turn that is passed on counts by its time
alone: those in front could give the seat to anybody by passing at once, and keep it from everybody
by passing at the last second."""

MOST_OFFERED: Final = 50
"""Accounts to which a seat is offered in one epoch, whatever became of it, before it is for
everybody. Each leaves a row behind, and accounts that pass and leave cost nothing: it is this that
bounds what is kept, and read when the seat is offered again."""

FORGIVEN: Final = timedelta(days=1)
"""After a missed turn, for how long another one does not end the place: somebody may sleep, or be
offered what nobody wants by a seller who waits for that."""

COURTESY: Final = (
    "Turns are this order book's courtesy, not a promise of the chain: a signed listing is public "
    "once it was seen, and whoever has it can fill it."
)


@unique
class EndedBy(StrEnum):
    """What ends a place."""

    LEFT = "left"
    BOUGHT = "bought"
    MISSED = "missed"


@unique
class OverBy(StrEnum):
    """What ends a turn."""

    MISSED = "missed"
    PASSED = "passed"
    LISTING_GONE = "listing_gone"
    PLACE_ENDED = "place_ended"

    @property
    def counts(self) -> bool:
        """Whether the seat has been offered to the account: then it is not offered again."""
        return self is not OverBy.LISTING_GONE

    @property
    def holds_up(self) -> bool:
        """Whether the seller has waited for nothing."""
        return self in {OverBy.MISSED, OverBy.PLACE_ENDED}


@dataclass(frozen=True, slots=True)
class WaitList:
    """A drop's wait-lists, one for each of its tiers.

    Attributes:
        terms_hash: The drop's; a number that a reorganisation gives away is another drop's.
        tiers: How many there are.
    """

    drop: DropId
    terms_hash: str
    turn_s: int
    tiers: int

    @classmethod
    def named(cls, drop: DropId, terms_hash: str) -> Self:
        """To find what is stored, also where a drop's terms are not known or its number is gone."""
        return cls(drop, terms_hash, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitPlace:
    """An account's place in a tier's wait-list.

    Attributes:
        standing: Whose is least is first; 0: of one that is still to be taken.
        joined_block: The mirror's newest when it joined; a seat that comes later ends the place.
        missed: Turns.
        ended: By what and when; None: nothing that is stored has ended it.
        turn_over: By what its last turn was over, and when.
    """

    tier: TierIndex
    account: ChecksumAddress
    standing: int
    joined_at: datetime
    joined_block: int
    missed: int
    ended: tuple[EndedBy, datetime] | None = None
    turn_over: tuple[OverBy, datetime] | None = None


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """A place, and the drop that it is of.

    Attributes:
        is_over: Whether the drop is over, or its number another's; a reorganisation may undo it.
    """

    drop: DropId
    terms_hash: str
    place: WaitPlace
    is_over: bool = False

    @property
    def name(self) -> ListName:
        """Of its wait-list's drop."""
        return self.drop, self.terms_hash


ListName: TypeAlias = "tuple[DropId, str]"
"""A drop and the hash of its terms: its wait-lists are found by both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A time in which a listed seat is one account's to see and to buy.

    Attributes:
        number: Of the seat's turns in this epoch.
        account: None: everybody's; that has no end.
        ends_at: The first moment after it.
        over_by: What ended it, and the seat is not offered again; None: nothing yet.
        over_at: When that was seen.
    """

    tier: TierIndex
    seat: SeatId
    epoch: int
    number: int
    account: ChecksumAddress | None
    begun_at: datetime
    ends_at: datetime | None
    over_by: OverBy | None = None
    over_at: datetime | None = None

    @property
    def held_back(self) -> timedelta:
        """For how long the seat was one account's alone, of a turn that is over."""
        if self.ends_at is None or self.over_at is None:
            return timedelta()
        # Nobody may have looked for long after its end; and clocks of two processes may differ.
        return max(min(self.over_at, self.ends_at) - self.begun_at, timedelta())


@dataclass(frozen=True, slots=True)
class Kept:
    """What is stored of a drop's wait-lists.

    Attributes:
        places: Live ones, by their standing.
        turns: Those that there are now, and those that are over of seats that are to be offered.
    """

    places: tuple[WaitPlace, ...]
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class ListedSeat:
    """A seat that its owner offers to anybody, as of an epoch of it."""

    seat: SeatId
    epoch: int


Came: TypeAlias = "Mapping[tuple[TierIndex, ChecksumAddress], int]"
"""By tier and account: the last block in which a seat of it came to them."""


def has_come(came: Came, place: WaitPlace) -> bool:
    """Whether a seat of the tier has come to the account while it waited."""
    return came.get((place.tier, place.account), -1) > place.joined_block


@dataclass(frozen=True, slots=True, kw_only=True)
class Mirrored:
    """What the mirror says, of one moment.

    Attributes:
        at: The newest block.
        level_at: A moment of which it is known that nothing of it is missing; None: of none.
        finalized: The number of the last block that is final.
        closed: Whether the drop is over, so that no seat of it will be sold any more.
        listed: Seats that anybody could buy now, the one that was listed first first.
        came: Of those who wait.
        whole: Whether all listings were looked at: of more than a bound only the newest are.
    """

    at: Moment
    level_at: datetime | None
    finalized: int
    closed: bool
    listed: tuple[ListedSeat, ...]
    came: Came
    whole: bool = True

    def has_bought(self, place: WaitPlace) -> bool:
        """Whether a seat of the tier has come to the account while it waited."""
        return has_come(self.came, place)

    def has_bought_for_good(self, place: WaitPlace) -> bool:
        """Whether no reorganisation takes that back any more."""
        return self.has_bought(place) and self.came[place.tier, place.account] <= self.finalized
