"""The JSON of wait-lists.

Owns the shapes, and how they are written. Refuses rules, and any account but the caller's: of all
others only how many there are.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING, Final, Literal, Self, TypeAlias

from api.actions.answers import AsOf
from api.waiting.values import COURTESY, MOST_MISSED, EndedBy
from api.wire import Moment, Uint256Out, WireModel

if TYPE_CHECKING:
    from collections.abc import Iterable

    from api.waiting.places import Seen
    from api.waiting.settling import Settled
    from api.waiting.values import OwnPlace, Turn, WaitPlace

Ended: TypeAlias = Literal["left", "bought", "missed", "drop_over"]
TurnOver: TypeAlias = Literal["missed", "passed", "listing_gone", "place_ended"]

_LEAST_S: Final = 1
_MOST_S: Final = 60


class TurnAnswer(WireModel):
    """A turn that its account has now."""

    seat: Uint256Out
    """Token id of the seat that may be bought, as decimal digits."""

    begun_at: Moment
    """When it began, in UTC."""

    ends_at: Moment
    """The first moment after it, in UTC."""


class PlaceEndedAnswer(WireModel):
    """What has ended a place."""

    by: Ended
    """What has ended it."""

    at: Moment | None
    """When, in UTC; null: a block says so that may still be taken back, and then the place is there
    again."""


_DROP_OVER: Final = PlaceEndedAnswer(by="drop_over", at=None)


class TurnOverAnswer(WireModel):
    """What became of the last turn; `listing_gone` and `passed` cost nothing."""

    by: TurnOver
    """What has ended it."""

    at: Moment
    """When it ended, in UTC."""


class PlaceAnswer(WireModel):
    """The caller's place."""

    joined_at: Moment
    ahead: int | None
    """How many stand before it; null: it has ended."""

    missed: int
    """How many turns it has missed; each puts the place behind all others. From `missed_most` on,
    one that is missed a day or more after the last ends it."""

    missed_most: int
    """From so many missed turns on another one may end the place."""

    turn: TurnAnswer | None
    """The turn that it has now; null: none."""

    last_turn: TurnOverAnswer | None
    """What became of the last turn; null: it has had none."""

    ended: PlaceEndedAnswer | None


class OwnPlaceAnswer(WireModel):
    """A place as it is stored, unless its drop is over; its wait-list says how it stands now."""

    drop: int
    terms_hash: str
    """keccak256 of the drop's terms: a reorganisation can give its number to another."""

    tier: int
    joined_at: Moment
    missed: int
    """How many turns it has missed."""

    ended: PlaceEndedAnswer | None


class OwnPlacesAnswer(WireModel):
    """The caller's places, the newest first, and behind them those that have ended."""

    places: list[OwnPlaceAnswer]
    """At most 200."""

    @classmethod
    def of(cls, found: Iterable[OwnPlace]) -> Self:
        """Write an account's places."""
        return cls(
            places=[
                OwnPlaceAnswer(
                    drop=one.drop,
                    terms_hash=one.terms_hash,
                    tier=one.place.tier,
                    joined_at=one.place.joined_at,
                    missed=one.place.missed,
                    ended=_stored_end(one.place) or (_DROP_OVER if one.is_over else None),
                )
                for one in found
            ]
        )


class WaitListAnswer(AsOf):
    """The wait-list of a tier: how many wait, and the caller's own place."""

    drop: int
    tier: int
    open: bool
    """Whether seats of the drop may still be sold."""

    waiting: int
    """How many accounts wait."""

    turns: int
    """Seats on resale that are somebody's turn now."""

    turn_s: int
    """How long a turn lasts, in seconds."""

    courtesy: str
    """What turns are worth, for people."""

    place: PlaceAnswer | None
    """Null: nobody is signed in, or has not waited here."""

    ask_again_in_s: int
    """After so many seconds time alone may have changed something: nobody is told by a push."""

    @classmethod
    def of(cls, seen: Seen, now: datetime) -> Self:
        """Write what somebody sees of a wait-list at a moment."""
        settled, tier = seen.settled, seen.tier
        at = settled.mirrored.at
        turns = [
            one for one in settled.turns().values() if one.tier == tier and one.account is not None
        ]
        return cls(
            drop=settled.waiting.drop,
            tier=tier,
            open=not settled.mirrored.closed,
            waiting=len(settled.queue(tier)),
            turns=len(turns),
            turn_s=settled.waiting.turn_s,
            courtesy=COURTESY,
            place=None if seen.own is None else _place(settled, seen.own),
            ask_again_in_s=_ask_again(turns, now),
            as_of_block=at.number,
            block_hash=at.hash,
        )


def _place(settled: Settled, own: WaitPlace) -> PlaceAnswer:
    queue = settled.queue(own.tier)
    ahead = next((count for count, one in enumerate(queue) if one.account == own.account), None)
    ended = _ended(settled, own)
    turn = settled.turn_of(own.tier, own.account)
    over = own.turn_over
    return PlaceAnswer(
        joined_at=own.joined_at,
        ahead=None if ended is not None else ahead,
        missed=own.missed,
        missed_most=MOST_MISSED,
        turn=None
        if turn is None or turn.ends_at is None
        else TurnAnswer(seat=int(turn.seat), begun_at=turn.begun_at, ends_at=turn.ends_at),
        last_turn=None if over is None else TurnOverAnswer(by=over[0].value, at=over[1]),
        ended=ended,
    )


def _ended(settled: Settled, own: WaitPlace) -> PlaceEndedAnswer | None:
    stored = _stored_end(own)
    if stored is not None:
        return stored
    if settled.mirrored.has_bought(own):
        return PlaceEndedAnswer(by=EndedBy.BOUGHT.value, at=None)
    if settled.mirrored.closed:
        return _DROP_OVER
    return None


def _stored_end(own: WaitPlace) -> PlaceEndedAnswer | None:
    if own.ended is None:
        return None
    by, at = own.ended
    return PlaceEndedAnswer(by=by.value, at=at)


def _ask_again(turns: list[Turn], now: datetime) -> int:
    """Until the first turn ends, and a minute at most: a seat may be listed at any time."""
    ends = [one.ends_at for one in turns if one.ends_at is not None]
    left: timedelta = min(ends, default=now + timedelta(seconds=_MOST_S)) - now
    return min(max(ceil(left.total_seconds()), _LEAST_S), _MOST_S)
