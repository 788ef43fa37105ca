"""What can be used once: offers, passes, and seats that open another drop's phase.

Owns the steps of `OfferFilled`, `OfferCancelled`, `PassUsed` and `SeatUsed`. Refuses the sale or
the mint that goes with it: those have events of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.folds.states import SpentOffer, State, UsedPass, UsedSeat
from marketplace.domain.ids import SeatId

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.folds.folding import Known, Occurrence
    from marketplace.bindings import events


def offer_filled(event: events.OfferFilled, _at: Occurrence, _known: Known) -> Iterator[State]:
    """Record that the nonce is spent, and for which seat."""
    yield SpentOffer(buyer=event.buyer, nonce=event.nonce, how="fill", seat=event.seat)


def offer_cancelled(
    event: events.OfferCancelled, _at: Occurrence, _known: Known
) -> Iterator[State]:
    """Record that the nonce is spent; one that was spent before is told again."""
    yield SpentOffer(buyer=event.buyer, nonce=event.nonce, how="cancel", seat=SeatId(0))


def pass_used(event: events.PassUsed, _at: Occurrence, _known: Known) -> Iterator[State]:
    """Record that the pass is used up."""
    yield UsedPass(drop_id=event.drop, account=event.account, nonce=event.nonce)


def seat_used(event: events.SeatUsed, _at: Occurrence, _known: Known) -> Iterator[State]:
    """Record that the seat has opened the phase."""
    yield UsedSeat(drop_id=event.drop, phase=event.phase, seat=event.seat)
