"""Wait-lists and the caller's own place in them.

Owns the shapes. Nobody else's account is ever among them.
"""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime
from pydantic.dataclasses import dataclass

from marketplace.client.wire import ANSWER, HashText, SeatText
from marketplace.domain.ids import DropId, TierIndex


@dataclass(frozen=True, config=ANSWER)
class WaitTurn:
    """A seat on resale that is the caller's turn now; `ends_at` is the first moment after it."""

    seat: SeatText
    begun_at: AwareDatetime
    ends_at: AwareDatetime


@dataclass(frozen=True, config=ANSWER)
class PlaceEnded:
    """What has ended a place; `at` is None while a block says so that may be taken back."""

    by: Literal["left", "bought", "missed", "drop_over"]
    at: AwareDatetime | None


@dataclass(frozen=True, config=ANSWER)
class TurnOver:
    """What became of the last turn; only `missed` costs anything."""

    by: Literal["missed", "passed", "listing_gone", "place_ended"]
    at: AwareDatetime


@dataclass(frozen=True, kw_only=True, config=ANSWER)
class WaitPlace:
    """The caller's place.

    Attributes:
        ahead: How many stand before it; None: it has ended.
        missed: Turns; from `missed_most` on, one that is missed a day or more after the last ends
            the place.
    """

    joined_at: AwareDatetime
    ahead: int | None
    missed: int
    missed_most: int
    turn: WaitTurn | None
    last_turn: TurnOver | None
    ended: PlaceEnded | None


@dataclass(frozen=True, kw_only=True, config=ANSWER)
class OwnPlace:
    """A place as it is stored, unless its drop is over; its wait-list says how it stands now.

    Attributes:
        terms_hash: Of the drop: a reorganisation can give its number to another.
    """

    drop: DropId
    terms_hash: HashText
    tier: TierIndex
    joined_at: AwareDatetime
    missed: int
    ended: PlaceEnded | None


@dataclass(frozen=True, config=ANSWER)
class WaitPlaces:
    """The caller's places in all wait-lists, the newest first."""

    places: tuple[OwnPlace, ...]


@dataclass(frozen=True, kw_only=True, config=ANSWER)
class WaitList:
    """The wait-list of a tier.

    Attributes:
        open: Whether seats of the drop may still be sold.
        turns: Seats on resale that are somebody's turn now.
        turn_s: Seconds that a turn lasts.
        courtesy: What turns are worth, for people.
        place: None: nobody is signed in, or has not waited here.
        ask_again_in_s: Seconds after which time alone may have changed something.
    """

    drop: DropId
    tier: TierIndex
    open: bool
    waiting: int
    turns: int
    turn_s: int
    courtesy: str
    place: WaitPlace | None
    ask_again_in_s: int
    as_of_block: int
    block_hash: HashText
