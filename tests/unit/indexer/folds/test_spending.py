from __future__ import annotations

from typing import Final

from indexer.folds.states import SpentOffer, UsedPass, UsedSeat
from marketplace.bindings import events
from marketplace.domain.ids import DropId, PhaseIndex, SeatId
from tests.unit.indexer.folds.events_of import ADA, DROP, SEAT, folded, of

NONCE: Final = 2**256 - 1


def test_an_offer_is_spent_by_filling_and_by_cancelling() -> None:
    rows = folded(
        [events.OfferFilled(ADA, SEAT, NONCE)],
        [events.OfferCancelled(ADA, NONCE)],
    )

    assert of(SpentOffer, rows) == [
        SpentOffer(buyer=ADA, nonce=NONCE, how="fill", seat=SEAT),
        SpentOffer(buyer=ADA, nonce=NONCE, how="cancel", seat=SeatId(0)),
    ]


def test_a_pass_and_a_seat_that_opened_a_phase_are_recorded() -> None:
    rows = folded(
        [events.PassUsed(DROP, ADA, NONCE)],
        [events.SeatUsed(DropId(8), SEAT, PhaseIndex(3))],
    )

    assert of(UsedPass, rows) == [UsedPass(drop_id=DROP, account=ADA, nonce=NONCE)]
    assert of(UsedSeat, rows) == [UsedSeat(drop_id=DropId(8), phase=PhaseIndex(3), seat=SEAT)]
