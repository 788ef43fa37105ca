"""What a seat can be turned back into money for.

Owns `refundOf` of the contract over a seat, its drop and its closing, all of one block. Refuses to
pay: the contract rounds, refuses and pays, and this is only its answer foretold.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from indexer.reads.closings import closings_of
from indexer.reads.drops import drops_at
from indexer.reads.levels import At, Level, block_of
from indexer.reads.seats import seat
from marketplace.domain.drop import DropState as Life
from marketplace.domain.escrow import can_still_fail
from marketplace.domain.money import NO_MONEY, Bps, Wei, share_down
from marketplace.domain.words import SeatFlag

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from indexer.folds.states import ClosingState, DropState
    from indexer.identity import MirrorId
    from indexer.reads.seats import Seat
    from marketplace.domain.ids import SeatId

_OVER: Final = frozenset({Life.CANCELLED, Life.FAILED})


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatValue:
    """A seat's way back into money; amounts in the currency of its drop.

    Attributes:
        refund: What giving it back would pay at this moment; 0 where that would be refused.
        penalty: What that would leave behind.
        refund_until: The last second of the refund window.
        claimable: What a claim would give whom the seat belongs to, at this moment.
        on_failure: The most that it can still be paid if the mentor has not delivered; 0 once
            delivery is beyond dispute for this seat.
    """

    refund: Wei
    penalty: Wei
    refund_until: int
    claimable: Wei
    on_failure: Wei


def seat_value(
    connection: Connection, mirror: MirrorId, seat_id: SeatId, now: int, at: At = Level.LATEST
) -> SeatValue | None:
    """Say what a seat is worth to whom it belongs; None when it was never minted up to then.

    Args:
        connection: Of a transaction that reads.
        mirror: Which one.
        seat_id: Burned ones too.
        now: Unix second of the block that would pay; the window and the second of the last move
            are judged by it.
        at: What is known.

    Raises:
        MirrorMissing, BlockNotMirrored.
    """
    block = block_of(connection, mirror, at)
    found = seat(connection, mirror, seat_id, block)
    if found is None:
        return None
    (value,) = seat_values(connection, mirror, (found,), now, block)
    return value


def seat_values(
    connection: Connection,
    mirror: MirrorId,
    found: Sequence[Seat],
    now: int,
    at: At = Level.LATEST,
) -> tuple[SeatValue, ...]:
    """As `seat_value`, of seats that were read at the same block already, in their order."""
    if not found:
        return ()
    block = block_of(connection, mirror, at)
    named = sorted({one.drop for one in found})
    drops = {drop.drop_id: drop for drop in drops_at(connection, mirror, named, block)}
    closings = closings_of(connection, mirror, block, named)
    return tuple(value_of(one, drops[one.drop], closings.get(one.drop), now) for one in found)


def value_of(found: Seat, drop: DropState, closing: ClosingState | None, now: int) -> SeatValue:
    """As `seat_value`, of what was read already."""
    state, face = Life(drop.state), NO_MONEY if found.burned else found.face
    claimed = found.has(SeatFlag.CLAIMED)
    open_ = (
        state is Life.LIVE
        and now <= drop.refund_until
        and not found.has(SeatFlag.CHECKED_IN)
        and found.moved_at != now
    )
    penalty = share_down(face, drop.penalty_bps) if open_ else NO_MONEY
    can_fail = can_still_fail(
        state, living=not found.burned, objected=found.has(SeatFlag.OBJECTED), claimed=claimed
    )
    return SeatValue(
        refund=Wei(face - penalty) if open_ else NO_MONEY,
        penalty=penalty,
        refund_until=drop.refund_until,
        claimable=NO_MONEY if claimed else _claimable(found, face, state, closing),
        on_failure=Wei(face + found.held) if can_fail else NO_MONEY,
    )


def _claimable(found: Seat, face: Wei, state: Life, closing: ClosingState | None) -> Wei:
    if state in _OVER:
        return Wei(face + found.held)
    disputed = state is Life.SPLIT_WIDE or (
        state is Life.SPLIT_NARROW and found.has(SeatFlag.OBJECTED)
    )
    # A decided dispute was never about a seat that was burned.
    if not disputed or found.burned:
        return NO_MONEY
    split = Bps(0) if closing is None else closing.split_bps
    return Wei(share_down(face, split) + share_down(found.held, split))
