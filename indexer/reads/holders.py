"""Who has held which seats.

Owns that one read, of many seats at once. Refuses to say who holds them now: `indexer.reads.seats`
does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from indexer.reads.conditions import CHANGED_OWNER
from indexer.reads.levels import Level, block_of
from indexer.store.fold_tables import seat_states
from marketplace.domain.ids import SeatId

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

    from indexer.identity import MirrorId
    from marketplace.domain.addresses import ChecksumAddress


def held_among(
    connection: Connection,
    mirror: MirrorId,
    pairs: Collection[tuple[SeatId, ChecksumAddress]],
    until: int | None = None,
) -> frozenset[tuple[SeatId, ChecksumAddress]]:
    """Those of some pairs of a seat and an account of which the account has held the seat.

    One statement, however many there are. What a reorganisation has undone was never so.

    Args:
        connection: Of a transaction that reads.
        mirror: Which one.
        pairs: Seats, and who may have held them.
        until: The last block that counts; None: the mirror's head.

    Raises:
        MirrorMissing: nothing is known.
    """
    head = block_of(connection, mirror, Level.LATEST)
    if not pairs:
        return frozenset()
    rows = connection.execute(
        select(seat_states.c.seat, seat_states.c.owner)
        .distinct()
        .filter_by(**mirror.columns)
        .where(
            # Every account to which a seat came, and no row more.
            CHANGED_OWNER,
            seat_states.c.seat.in_({seat for seat, _ in pairs}),
            seat_states.c.owner.in_({account for _, account in pairs}),
            seat_states.c.block_number <= (head if until is None else min(head, until)),
        )
    )
    return frozenset(pairs) & frozenset((SeatId(row.seat), row.owner) for row in rows)
