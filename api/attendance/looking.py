"""Looking at what seats contain, a page of them at once.

Owns how many questions that takes, as many for a hundred seats as for one, and how many seats of a
page are looked at. Attendance counts while the mirror says that its holder has held the seat, so
what came by a sale that a reorganisation has undone is not the seat's, and is again once the sale
is. As of an earlier block only what was there by then counts: attendance by the block on which it
was decided, a recording, which is in no block, by the block's second. Refuses to hold two
connections at a time: who holds one and waits for another can wait for ever.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from api.attendance.contents import Used, contents, room_for
from api.attendance.reads import attendances_of
from api.programme.numbers import is_mirrored
from api.programme.programmes import programmes_of
from api.recordings.reads import counts_of
from api.wire import moment
from indexer.queries import drops_named, held_among
from marketplace.domain.drop import DropState
from marketplace.storage.transactions import reading

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from api.attendance.contents import Contents
    from api.attendance.values import Attendance
    from api.parts import Parts
    from api.programme.values import Programme
    from indexer.queries import DropTerms
    from marketplace.domain.ids import DropId, SeatId

_OVER = frozenset({DropState.CANCELLED, DropState.FAILED})


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which seats are looked at, and as of when.

    Attributes:
        now: Unix second; with `until`, that block's.
        until: The last block that counts; None: whatever is known.
        burned: Those of the seats that are gone.
    """

    seats: Sequence[SeatId]
    now: int
    until: int | None = None
    burned: Collection[SeatId] = ()

    @property
    def until_moment(self) -> datetime | None:
        """Up to when that counts which is in no block; None: whatever is known."""
        return None if self.until is None else moment(self.now)


def contents_now(parts: Parts, seats: Collection[SeatId]) -> Mapping[SeatId, Contents]:
    """What living seats contain now; those of which nobody knows the programme are missing.

    Raises:
        MirrorMissing, StorageError: nothing can be read.
    """
    numbers = sorted({one.drop for one in seats if is_mirrored(one.drop)})
    if not numbers:
        return {}
    with reading(parts.reads) as connection:
        mirrored = drops_named(connection, parts.mirror_id, numbers)
    return _contents_of(
        parts, mirrored, programmes_of(parts, mirrored), Wanted(tuple(seats), parts.now)
    )


def contents_of_page(
    parts: Parts, mirrored: Sequence[DropTerms], wanted: Wanted
) -> tuple[int, Mapping[SeatId, Contents]]:
    """As `contents_now`, of drops that were read already, as of their block.

    Gives also how many of the seats, from the first one on, the page has room for: the others have
    not been looked at.
    """
    programmes = programmes_of(parts, mirrored)
    room = room_for(programmes.get(one.drop) for one in wanted.seats)
    fitting = replace(wanted, seats=wanted.seats[:room])
    return room, _contents_of(parts, mirrored, programmes, fitting)


def _contents_of(
    parts: Parts,
    mirrored: Sequence[DropTerms],
    programmes: Mapping[DropId, Programme],
    wanted: Wanted,
) -> Mapping[SeatId, Contents]:
    seats = {one for one in wanted.seats if one.drop in programmes}
    if not seats:
        return {}
    with reading(parts.store) as connection:
        kept = attendances_of(connection, parts.mirror_id, seats, wanted.until)
        recordings = counts_of(connection, parts.mirror_id, programmes, wanted.until_moment)
    attended = _first(_believed(parts, kept, programmes, wanted.until))
    over = {one.drop.drop_id for one in mirrored if DropState(one.drop.state) in _OVER}
    return {
        seat: contents(
            programmes[seat.drop],
            seat.tier,
            Used(
                attended[seat],
                recordings.get(seat.drop, {}),
                void=seat.drop in over or seat in wanted.burned,
            ),
            wanted.now,
        )
        for seat in seats
    }


def _believed(
    parts: Parts,
    kept: Iterable[Attendance],
    programmes: Mapping[DropId, Programme],
    until: int | None,
) -> list[Attendance]:
    """What is of these very drops, and of accounts that have held the seats."""
    own = [one for one in kept if _is_of(one, programmes[one.seat.drop])]
    if not own:
        return []
    pairs = {(one.seat, one.holder) for one in own}
    with reading(parts.reads) as connection:
        held = held_among(connection, parts.mirror_id, pairs, until)
    return [one for one in own if (one.seat, one.holder) in held]


def _is_of(attended: Attendance, programme: Programme) -> bool:
    return (attended.terms_hash, attended.mentor) == (programme.terms_hash, programme.mentor)


def _first(attended: Iterable[Attendance]) -> Mapping[SeatId, Mapping[int, datetime]]:
    found: defaultdict[SeatId, dict[int, datetime]] = defaultdict(dict)
    for one in attended:
        known = found[one.seat].get(one.session, one.attended_at)
        found[one.seat][one.session] = min(known, one.attended_at)
    return found
