"""Seats that came to somebody, by a mint, a sale or a gift.

Owns that read. Refuses to say who holds a seat now: what came may have gone again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from indexer.reads.conditions import CHANGED_OWNER
from indexer.reads.levels import At, Level, block_of
from indexer.store.fold_tables import seat_states
from marketplace.domain.ids import SEATS_PER_DROP, SeatId

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

    from indexer.identity import MirrorId
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId

_COMING: Final = ("mint", "sale", "gift")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A seat came to an account in a block."""

    seat: SeatId
    owner: ChecksumAddress
    block_number: int


def arrivals(
    connection: Connection,
    mirror: MirrorId,
    drop: DropId,
    accounts: Collection[ChecksumAddress],
    after_block: int,
    at: At = Level.LATEST,
) -> tuple[Arrival, ...]:
    """The seats of a drop that came to some accounts after a block and up to then, first one first.

    Raises MirrorMissing, BlockNotMirrored.
    """
    block = block_of(connection, mirror, at)
    states, first = seat_states.c, drop * SEATS_PER_DROP
    # Not the bare column: SQLite would walk through everything since, rather than what came to few.
    number = states.block_number + 0
    rows = connection.execute(
        select(states.seat, states.owner, states.block_number)
        .filter_by(**mirror.columns)
        .where(
            CHANGED_OWNER,
            states.owner.in_(accounts),
            number > after_block,
            number <= block,
            states.seat > first,
            states.seat < first + SEATS_PER_DROP,
            states.change.in_(_COMING),
        )
        .order_by(states.block_number, states.log_index)
    )
    return tuple(Arrival(SeatId(seat), owner, number) for seat, owner, number in rows)
