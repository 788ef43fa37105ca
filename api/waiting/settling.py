"""Bringing a drop's wait-lists up to date, whenever somebody looks.

Owns the order: what is stored, then what the mirror says, then, only if something is due, one
transaction that writes while it holds the drop's wait-lists. It plans again inside, so that of many
processes that find one turn due one gives it. One connection at a time, as everywhere. Refuses
rules: `api.waiting.planning` has them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from api.errors import NotFound
from api.logs import FAULTS
from api.programme.programmes import programme_of
from api.waiting import reads
from api.waiting.facts import mirrored, open_listings
from api.waiting.planning import BeginTurn, planned
from api.waiting.values import WaitList
from api.waiting.writes import ListsHeld, Writer
from marketplace.domain.errors import SeatmarketError
from marketplace.launch.published import NO_TURNS
from marketplace.storage.errors import StorageError
from marketplace.storage.transactions import reading, writing

if TYPE_CHECKING:
    from datetime import datetime

    from api.parts import Parts
    from api.waiting.values import Kept, Mirrored, Turn, WaitPlace
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId, SeatId, TierIndex


@dataclass(frozen=True, slots=True)
class Settled:
    """A drop's wait-lists as they are now."""

    waiting: WaitList
    kept: Kept
    mirrored: Mirrored

    def queue(self, tier: TierIndex) -> tuple[WaitPlace, ...]:
        """Those who wait for a seat of a tier, the first one first."""
        return tuple(
            one
            for one in self.kept.places
            if one.tier == tier and not self.mirrored.has_bought(one)
        )

    def turns(self) -> dict[SeatId, Turn]:
        """The turns that there are now, by seat."""
        return {one.seat: one for one in self.kept.turns if one.over_by is None}

    def turn_of(self, tier: TierIndex, account: ChecksumAddress) -> Turn | None:
        """The turn that an account has now."""
        return next(
            (one for one in self.turns().values() if (one.tier, one.account) == (tier, account)),
            None,
        )


def wait_list_of(parts: Parts, drop: DropId) -> WaitList | None:
    """A drop's wait-lists; None where its terms give no turns.

    Raises:
        NotFound, TermsUnpublished: nothing is known of its terms.
        MirrorMissing, StorageError: nothing can be read.
    """
    programme = programme_of(parts, drop)
    terms = programme.terms
    if terms.resale.turn == NO_TURNS:
        return None
    return WaitList(drop, programme.terms_hash, terms.resale.turn, len(terms.tiers))


def waiting_about(parts: Parts, waiting: WaitList, tier: TierIndex) -> int:
    """How many wait for a seat of a tier, some of whom may just have bought one.

    Nothing is brought up to date: whoever asks need not know a mirror that is level.
    """
    with reading(parts.store) as connection:
        kept = reads.kept(connection, parts.mirror_id, waiting)
    return sum(one.tier == tier for one in kept.places)


def settle(parts: Parts, waiting: WaitList, *, must: bool = True) -> Settled:
    """Bring a drop's wait-lists up to date; the mirror must be level with the chain.

    Args:
        parts: Of the API.
        waiting: Of which drop.
        must: Whether it is refused where nothing can be written; otherwise what is stored is given,
            and the next look does what is due. So it is too while somebody else writes, for whom
            nobody waits then: accounts that cost nothing may be joining all the time.

    Raises:
        NotFound: the drop's number is another drop's by now.
        MirrorMissing, StorageError: nothing can be read.
    """
    # Whatever is read is not older: nothing is judged by facts from before its moment.
    mirror, now = parts.mirror_id, parts.clock()
    with reading(parts.store) as connection:
        kept = reads.kept(connection, mirror, waiting)
        signed = open_listings(connection, parts, waiting, now)
    seen = mirrored(parts, waiting, kept.places, signed, now)
    if seen is None:
        raise NotFound("drop")
    if planned(kept, seen, waiting.turn_s, now):
        try:
            kept = _written(parts, waiting, seen, now, waits=must)
        except StorageError as error:
            if must:
                raise
            _leave(waiting, error)
        except ListsHeld:
            # Whoever holds them has brought them up to date, or is about to.
            pass
    return Settled(waiting, kept, seen)


def go_on(parts: Parts, waiting: WaitList) -> None:
    """Settle what follows from what has just been committed.

    Where that fails the next look does it: whoever has done something is not told otherwise.
    """
    try:
        settle(parts, waiting)
    except SeatmarketError as error:
        _leave(waiting, error)


def _written(
    parts: Parts, waiting: WaitList, seen: Mirrored, now: datetime, *, waits: bool
) -> Kept:
    mirror = parts.mirror_id
    with writing(parts.store) as connection:
        writer = Writer(connection, mirror, waiting, waits=waits)
        before = reads.kept(connection, mirror, waiting)
        steps = planned(before, seen, waiting.turn_s, now)
        offered = {one.turn.seat for one in steps if isinstance(one, BeginTurn)}
        # What is over counts, and is read, only where a seat is offered anew.
        tried = reads.tried(connection, mirror, waiting, offered)
        whole = replace(before, turns=(*before.turns, *tried))
        writer.apply(planned(whole, seen, waiting.turn_s, now), now)
        return reads.kept(connection, mirror, waiting)


def _leave(waiting: WaitList, error: SeatmarketError) -> None:
    FAULTS.warning(
        "What is due in the wait-lists of drop %d waits for the next look: %s", waiting.drop, error
    )
