"""What is due in a drop's wait-lists: turns that are over, and turns that begin.

Owns the rules, as a function of what is stored, what the mirror says and the time. Refuses to read
and to write; who applies its steps does so in one transaction, and finds nothing more to do.

A turn is on a seat, not on a listing: a seller who lists a seat again, at another price, neither
ends a turn nor gives another. It is missed only if its time ran out while the seat could be bought,
as a mirror says that was level at its end or later. If all its listings died meanwhile (sold,
expired, cancelled, undone by a reorganisation) the turn is over at no cost, and whoever had it is
as far in front as before.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, TypeAlias

from api.waiting.values import (
    FORGIVEN,
    MOST_MISSED,
    MOST_OFFERED,
    MOST_TURNS,
    EndedBy,
    OverBy,
    Turn,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from api.waiting.values import Kept, ListedSeat, Mirrored, WaitPlace
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import SeatId, TierIndex


@dataclass(frozen=True, slots=True)
class EndPlace:
    """A place is over for good."""

    place: WaitPlace
    by: EndedBy


@dataclass(frozen=True, slots=True)
class MoveToEnd:
    """A place is behind all others from now on."""

    place: WaitPlace


@dataclass(frozen=True, slots=True)
class EndTurn:
    """A turn is over."""

    turn: Turn
    by: OverBy


@dataclass(frozen=True, slots=True)
class BeginTurn:
    """A turn begins."""

    turn: Turn


Step: TypeAlias = EndPlace | MoveToEnd | EndTurn | BeginTurn


def planned(kept: Kept, mirrored: Mirrored, turn_s: int, now: datetime) -> tuple[Step, ...]:
    """What is due at a moment, in the order in which it is to be done.

    That something is due, and of which seats turns begin, follows without the turns that are over;
    whose turns those are follows from them too.
    """
    due = _Due(kept, mirrored, turn_s, now)
    return (*due.endings(), *due.beginnings())


@dataclass(slots=True)
class _Tried:
    """What came of a seat's turns in one epoch.

    Attributes:
        accounts: To which it was offered.
        in_vain: Turns that were missed or left.
        held_back: For how long it was somebody's turn.
        number: Of the next turn.
    """

    accounts: set[ChecksumAddress | None] = field(default_factory=set)
    in_vain: int = 0
    held_back: timedelta = timedelta()
    number: int = 0

    def note(self, turn: Turn, by: OverBy) -> None:
        """Note that it was offered to an account, in vain."""
        self.accounts.add(turn.account)
        self.in_vain += by.holds_up
        self.held_back += turn.held_back
        self.number = max(self.number, turn.number + 1)

    def is_enough(self, turn_s: int) -> bool:
        """Whether those who wait have been asked as often, or for as long, as may be."""
        most = MOST_TURNS * timedelta(seconds=turn_s)
        often = self.in_vain >= MOST_TURNS or len(self.accounts) >= MOST_OFFERED
        return often or self.held_back >= most


class _Due:
    """One look at all tiers of a drop; what ends is noted, so that what begins can follow."""

    def __init__(self, kept: Kept, mirrored: Mirrored, turn_s: int, now: datetime) -> None:
        self._kept = kept
        self._mirrored = mirrored
        self._turn_s = turn_s
        self._now = now
        self._living = {one.seat: one.epoch for one in mirrored.listed}
        self._queue = [one for one in kept.places if not mirrored.has_bought(one)]
        self._at = {(one.tier, one.account): one for one in self._queue}
        self._open: dict[SeatId, Turn] = {}
        self._tried: defaultdict[ListedAs, _Tried] = defaultdict(_Tried)
        for turn in kept.turns:
            if turn.over_by is not None:
                self._tried[turn.seat, turn.epoch].note(turn, turn.over_by)
            else:
                self._open[turn.seat] = turn

    def endings(self) -> Iterator[Step]:
        for place in self._kept.places:
            if self._mirrored.has_bought_for_good(place):
                yield EndPlace(place, EndedBy.BOUGHT)
        # Whoever's turn ended first stands before those whose turns ended later.
        for turn in sorted(self._open.values(), key=lambda one: one.ends_at or self._now):
            by = self._over_by(turn)
            if by is None:
                continue
            del self._open[turn.seat]
            yield EndTurn(turn, by)
            if by.counts:
                self._tried[turn.seat, turn.epoch].note(replace(turn, over_at=self._now), by)
            if by is OverBy.MISSED:
                yield self._after_missing(turn)

    def beginnings(self) -> Iterator[Step]:
        busy = {(one.tier, one.account) for one in self._open.values()}
        for listed in self._mirrored.listed:
            if listed.seat in self._open:
                continue
            account = self._next(listed, busy)
            turn = self._turn(listed, account)
            busy.add((turn.tier, account))
            self._open[turn.seat] = turn
            yield BeginTurn(turn)

    def _over_by(self, turn: Turn) -> OverBy | None:
        epoch = self._living.get(turn.seat)
        gone = epoch != turn.epoch
        # What was not looked at is not known to be gone: whoever floods a book ends no turn by it.
        # A seat that is listed in another epoch was looked at.
        if gone and (self._mirrored.whole or epoch is not None):
            return OverBy.LISTING_GONE
        if turn.account is None or turn.ends_at is None:
            return None
        if (turn.tier, turn.account) not in self._at:
            return OverBy.PLACE_ENDED
        if not self._has_ended(turn.ends_at):
            return None
        return OverBy.LISTING_GONE if gone else OverBy.MISSED

    def _has_ended(self, ends_at: datetime) -> bool:
        # What was sold in time is not missed because the mirror knows of it later: while it lags no
        # turn is, and once it is level again those are whose time has run out meanwhile.
        level_at = self._mirrored.level_at
        return ends_at <= self._now and level_at is not None and ends_at <= level_at

    def _after_missing(self, turn: Turn) -> Step:
        place = next(
            one for one in self._queue if (one.tier, one.account) == (turn.tier, turn.account)
        )
        self._queue.remove(place)
        if place.missed + 1 >= MOST_MISSED and not self._is_forgiven(place):
            del self._at[place.tier, place.account]
            return EndPlace(place, EndedBy.MISSED)
        self._queue.append(place)
        return MoveToEnd(place)

    def _is_forgiven(self, place: WaitPlace) -> bool:
        if place.turn_over is None:
            return False
        by, at = place.turn_over
        # What has come to an end otherwise since says nothing against them.
        return by is not OverBy.MISSED or self._now < at + FORGIVEN

    def _next(
        self, listed: ListedSeat, busy: set[tuple[TierIndex, ChecksumAddress | None]]
    ) -> ChecksumAddress | None:
        tried = self._tried[listed.seat, listed.epoch]
        if tried.is_enough(self._turn_s):
            return None
        tier = listed.seat.tier
        return next(
            (
                one.account
                for one in self._queue
                if one.tier == tier
                and (tier, one.account) not in busy
                and one.account not in tried.accounts
            ),
            None,
        )

    def _turn(self, listed: ListedSeat, account: ChecksumAddress | None) -> Turn:
        ends_at = None if account is None else self._now + timedelta(seconds=self._turn_s)
        return Turn(
            tier=listed.seat.tier,
            seat=listed.seat,
            epoch=listed.epoch,
            number=self._tried[listed.seat, listed.epoch].number,
            account=account,
            begun_at=self._now,
            ends_at=ends_at,
        )


ListedAs: TypeAlias = "tuple[SeatId, int]"
"""A seat in an epoch of it."""
