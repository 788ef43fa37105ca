"""What was used up: offers, passes, and seats that opened a phase.

Owns those reads; each takes all that the caller wants to know of and gives those that are spent.
Refuses offers that died by a counter, an epoch or their expiry: no event spends those.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, tuple_

from indexer.reads.levels import At, Level, block_of
from indexer.store.fold_tables import spent_offers, used_passes, used_seats
from marketplace.domain.ids import SeatId

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Column, Connection

    from indexer.identity import MirrorId
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId, PhaseIndex


def offers_spent(
    connection: Connection,
    mirror: MirrorId,
    offers: Collection[tuple[ChecksumAddress, int]],
    at: At = Level.LATEST,
) -> frozenset[tuple[ChecksumAddress, int]]:
    """Those offers, each named by its buyer and its nonce, that were filled or cancelled.

    One statement, however many buyers there are.

    Raises MirrorMissing, BlockNotMirrored.
    """
    block = block_of(connection, mirror, at)
    if not offers:
        return frozenset()
    buyer, nonce = spent_offers.c.buyer, spent_offers.c.nonce
    asked = _padded(offers)
    rows = connection.execute(
        select(buyer, nonce)
        .filter_by(**mirror.columns)
        .where(
            # The index is of buyers alone.
            buyer.in_([one for one, _ in asked]),
            tuple_(buyer, nonce).in_(asked),
            spent_offers.c.block_number <= block,
        )
    )
    return frozenset((row.buyer, int(row.nonce)) for row in rows)


def _padded(
    offers: Collection[tuple[ChecksumAddress, int]],
) -> list[tuple[ChecksumAddress, int]]:
    """The offers, the last one repeated up to a power of two, so that there are few statements."""
    asked = [*offers]
    places = 1 << (len(asked) - 1).bit_length()
    return asked + asked[-1:] * (places - len(asked))


def passes_spent(
    connection: Connection,
    mirror: MirrorId,
    drop: DropId,
    nonces: Collection[int],
    at: At = Level.LATEST,
) -> frozenset[int]:
    """Those passes of a drop, by their nonces, that somebody minted with. Raises as above."""
    return _found(connection, mirror, used_passes.c.nonce, nonces, at, drop_id=drop)


def seats_spent(
    connection: Connection,
    mirror: MirrorId,
    drop: DropId,
    phase: PhaseIndex,
    seats: Collection[SeatId],
    at: At = Level.LATEST,
) -> frozenset[SeatId]:
    """Those seats of another drop that have opened a phase of this one. Raises as above."""
    column = used_seats.c.seat
    found = _found(connection, mirror, column, seats, at, drop_id=drop, phase=phase)
    return frozenset(map(SeatId, found))


def _found(
    connection: Connection,
    mirror: MirrorId,
    column: Column[int],
    wanted: Collection[int],
    at: At,
    **given: object,
) -> frozenset[int]:
    table = column.table
    rows = connection.scalars(
        select(column)
        .filter_by(**mirror.columns, **given)
        .where(column.in_(wanted), table.c.block_number <= block_of(connection, mirror, at))
    )
    return frozenset(rows)
