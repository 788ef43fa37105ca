"""Taking a place in a wait-list, leaving it, and passing a turn on.

Owns these. Refuses to say anything about any account but the one that asks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from api.errors import NotFound
from api.programme.errors import TermsUnpublished
from api.waiting import reads
from api.waiting.errors import SeatHeld, TooManyPlaces, WaitListClosed, WaitListFull
from api.waiting.facts import those_bought, those_over
from api.waiting.planning import EndPlace, EndTurn
from api.waiting.settling import go_on, settle, wait_list_of
from api.waiting.values import (
    MOST_PLACES,
    MOST_SHOWN,
    MOST_WAITING,
    EndedBy,
    OverBy,
    WaitList,
    WaitPlace,
)
from api.waiting.writes import Writer
from indexer.queries import gate_facts
from marketplace.domain.ids import SeatId
from marketplace.storage.transactions import reading, writing

if TYPE_CHECKING:
    from collections.abc import Collection

    from api.parts import Parts
    from api.waiting.settling import Settled
    from api.waiting.values import Kept, ListName, OwnPlace, Turn
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId, TierIndex


@dataclass(frozen=True, slots=True)
class Seen:
    """A tier's wait-list as it is shown to somebody.

    Attributes:
        own: The place of whoever asks, also one that has ended; None: none is known.
    """

    tier: TierIndex
    settled: Settled
    own: WaitPlace | None


def existing(parts: Parts, drop: DropId, tier: TierIndex) -> WaitList:
    """The wait-lists of a drop that has one for a tier. Raises NotFound, TermsUnpublished."""
    waiting = wait_list_of(parts, drop)
    if waiting is None or tier >= waiting.tiers:
        raise NotFound("wait-list")
    return waiting


def look(parts: Parts, waiting: WaitList, tier: TierIndex, account: ChecksumAddress | None) -> Seen:
    """Bring a wait-list up to date, and give it as an account may see it.

    Where nothing can be written it is shown as it is stored.
    """
    settled = settle(parts, waiting, must=False)
    own = None
    if account is not None:
        with reading(parts.store) as connection:
            own = reads.place(connection, parts.mirror_id, waiting, tier, account)
    return Seen(tier, settled, own)


def join(parts: Parts, waiting: WaitList, tier: TierIndex, account: ChecksumAddress) -> None:
    """Take a place behind all others; who has one keeps it. It begins no turn: the next look does.

    Raises:
        WaitListClosed: the drop is over.
        SeatHeld: the account has such a seat.
        WaitListFull, TooManyPlaces: there is no room.
    """
    settled = settle(parts, waiting)
    if settled.mirrored.closed:
        raise WaitListClosed(waiting.drop)
    if _holds(parts, waiting.drop, tier, account):
        raise SeatHeld(waiting.drop, tier)
    with reading(parts.store) as connection:
        held = reads.held_by(connection, parts.mirror_id, account)
    past = _past(parts, held)
    with writing(parts.store) as connection:
        writer = Writer(connection, parts.mirror_id, waiting)
        kept = reads.kept(connection, parts.mirror_id, waiting)
        waits = [
            one for one in kept.places if one.tier == tier and not settled.mirrored.has_bought(one)
        ]
        if any(one.account == account for one in waits):
            return
        if len(waits) >= MOST_WAITING:
            raise WaitListFull(MOST_WAITING)
        writer.hold_account(account)
        mine = reads.held_by(connection, parts.mirror_id, account)
        if sum(one not in past for one in mine) >= MOST_PLACES:
            raise TooManyPlaces(MOST_PLACES)
        if len(mine) >= MOST_SHOWN:
            raise TooManyPlaces(MOST_SHOWN)
        writer.join(
            WaitPlace(
                tier=tier,
                account=account,
                standing=0,
                joined_at=parts.clock(),
                joined_block=settled.mirrored.at.number,
                missed=0,
            )
        )


def of_account(parts: Parts, account: ChecksumAddress) -> tuple[OwnPlace, ...]:
    """All places of an account as they are stored, those that have ended lately too.

    Raises MirrorMissing: whether their drops are over is not known.
    """
    with reading(parts.store) as connection:
        found = reads.places_of(connection, parts.mirror_id, account)
    over = _over_of(parts, [one.name for one in found if one.place.ended is None])
    return tuple(replace(one, is_over=one.name in over) for one in found)


def leave(parts: Parts, drop: DropId, tier: TierIndex, account: ChecksumAddress) -> None:
    """Give a place up, and the turn that it may have; without one nothing is done.

    A turn that has ended by now was missed, and cannot be given up any more. Where a reorganisation
    has given the drop's number to another, the place in the first one's wait-list is given up.

    Raises NotFound, TermsUnpublished: there is no such wait-list, and no place of the account.
    """
    with reading(parts.store) as connection:
        mine = reads.lists_under(connection, parts.mirror_id, account, drop, tier)
    waiting = None
    try:
        waiting = existing(parts, drop, tier)
    except (NotFound, TermsUnpublished):
        if not mine:
            raise
    if waiting is not None:
        settle(parts, waiting)
    for name in mine:
        _give_up(parts, WaitList.named(*name), tier, account)
    if waiting is not None:
        go_on(parts, waiting)


def _give_up(parts: Parts, waiting: WaitList, tier: TierIndex, account: ChecksumAddress) -> None:
    with writing(parts.store) as connection:
        writer = Writer(connection, parts.mirror_id, waiting)
        kept = reads.kept(connection, parts.mirror_id, waiting)
        places = [one for one in kept.places if (one.tier, one.account) == (tier, account)]
        turns = _turns_of(kept, tier, account)
        writer.apply(
            [
                *(EndTurn(one, OverBy.PLACE_ENDED) for one in turns),
                *(EndPlace(one, EndedBy.LEFT) for one in places),
            ],
            parts.clock(),
        )


def pass_on(
    parts: Parts, waiting: WaitList, tier: TierIndex, account: ChecksumAddress, seat: SeatId
) -> None:
    """Let the next have a seat that one does not want; one's place stays. Raises NotFound.

    The turn must not have ended: what was missed cannot be passed on any more.
    """
    settle(parts, waiting)
    with writing(parts.store) as connection:
        writer = Writer(connection, parts.mirror_id, waiting)
        kept = reads.kept(connection, parts.mirror_id, waiting)
        now = parts.clock()
        turns = [
            one
            for one in _turns_of(kept, tier, account)
            if one.seat == seat and one.ends_at is not None and now < one.ends_at
        ]
        if not turns:
            raise NotFound("turn")
        writer.apply([EndTurn(one, OverBy.PASSED) for one in turns], now)
    go_on(parts, waiting)


def _over_of(parts: Parts, lists: Collection[ListName]) -> frozenset[ListName]:
    if not lists:
        return frozenset()
    with reading(parts.reads) as connection:
        return those_over(connection, parts, lists)


def _past(parts: Parts, held: tuple[OwnPlace, ...]) -> frozenset[OwnPlace]:
    """Those of an account's places that count no more, though nothing stored has ended them.

    Nobody may have looked at their lists since a drop was over or a seat came. Whether one came is
    asked only where it matters.
    """
    if not held:
        return frozenset()
    with reading(parts.reads) as connection:
        over = those_over(connection, parts, {one.name for one in held})
        past = frozenset(one for one in held if one.name in over)
        living = [one for one in held if one not in past]
        if len(living) < MOST_PLACES:
            return past
        return past | those_bought(connection, parts, living)


def _turns_of(kept: Kept, tier: TierIndex, account: ChecksumAddress) -> list[Turn]:
    return [
        one
        for one in kept.turns
        if one.over_by is None and (one.tier, one.account) == (tier, account)
    ]


def _holds(parts: Parts, drop: DropId, tier: TierIndex, account: ChecksumAddress) -> bool:
    with reading(parts.reads) as connection:
        facts = gate_facts(connection, parts.mirror_id, account, {drop})
    return any(SeatId(one.seat).tier == tier for one in facts.seats)
