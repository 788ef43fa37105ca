"""The JSON of what a seat still contains.

Owns its one shape, wherever a seat is shown, sold or offered for. Refuses to judge: what a refund
pays is the mirror's or the contract's to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from api.wire import Moment, Uint256Out, WireModel, moment
from marketplace.domain.words import SeatFlag

if TYPE_CHECKING:
    from indexer.queries import Seat, SeatValue


class ConditionAnswer(WireModel):
    """What a seat still contains, in the drop's currency; the right to it travels with the seat."""

    checked_in: bool
    """Whether the session that the terms call binding was attended with it: then it is not sold."""

    face_wei: Uint256Out
    """What was paid at the mint."""

    held_wei: Uint256Out
    """Royalties and tolls that wait with it already."""

    refund_wei: Uint256Out
    """What giving it back would pay now; 0: it cannot be given back."""

    refund_until: Moment
    """The last second of the refund window."""

    on_failure_wei: Uint256Out
    """What it gives back if the mentor does not deliver, before the royalty of a sale to come."""

    claimable_wei: Uint256Out
    """What a claim would give now whom the seat belongs to."""

    @classmethod
    def of(cls, seat: Seat, value: SeatValue) -> Self:
        """Write what a seat contains by the mirror, at the moment of its value."""
        return cls(
            checked_in=seat.has(SeatFlag.CHECKED_IN),
            face_wei=seat.face,
            held_wei=seat.held,
            refund_wei=value.refund,
            refund_until=moment(value.refund_until),
            on_failure_wei=value.on_failure,
            claimable_wei=value.claimable,
        )
