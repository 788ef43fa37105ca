from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from indexer.folds.folding import FoldContradicted
from indexer.folds.states import Mint, PhaseState, Sale, SeatState, StoredListing, TierState
from marketplace.bindings import events
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.ids import SeatId
from marketplace.domain.money import Wei
from marketplace.domain.words import SeatFlag
from tests.unit.indexer.folds.events_of import (
    ADA,
    BO,
    CREATED,
    MENTOR,
    PRICE,
    SEAT,
    folded,
    granted,
    minted,
    of,
    refunded,
)

if TYPE_CHECKING:
    from marketplace.bindings.events import Event

SOLD: list[Event] = [
    events.SeatSold(SEAT, ADA, BO, PRICE, Wei(75)),
    events.Transfer(ADA, BO, SEAT),
]
GIVEN: list[Event] = [events.Transfer(ADA, BO, SEAT)]


def test_a_minted_seat_has_its_owner_its_phase_and_its_face() -> None:
    (seat,) = of(SeatState, folded([CREATED], minted()))

    assert (seat.owner, seat.epoch, seat.phase, seat.face) == (ADA, 0, 1, PRICE)
    assert (seat.moved_at, seat.moved_block, seat.change) == (2, 2, "mint")


def test_a_mint_counts_in_its_tier_and_phase_and_is_recorded() -> None:
    rows = folded([CREATED], minted(3))

    tier, phase = of(TierState, rows)[-1], of(PhaseState, rows)[-1]
    assert (tier.issued, tier.live, tier.escrowed) == (3, 3, 3 * PRICE)
    assert phase.sold == 3
    assert of(Mint, rows)[0].account == BO
    assert [seat.seat for seat in of(SeatState, rows)] == [SEAT, SEAT + 1, SEAT + 2]


def test_a_sale_raises_the_epoch_and_leaves_the_royalty_with_the_seat() -> None:
    rows = folded([CREATED], minted(), SOLD)

    seat = of(SeatState, rows)[-1]
    assert (seat.owner, seat.epoch, seat.held, seat.change) == (BO, 1, 75, "sale")
    assert (seat.moved_at, seat.face) == (3, PRICE)
    assert of(Sale, rows) == [Sale(seat=SEAT, seller=ADA, buyer=BO, price=PRICE, royalty=Wei(75))]


def test_a_transfer_that_nothing_announced_is_a_gift() -> None:
    seat = of(SeatState, folded([CREATED], minted(), GIVEN))[-1]

    assert (seat.owner, seat.epoch, seat.held, seat.change) == (BO, 1, 0, "gift")


def test_a_toll_waits_with_the_seat() -> None:
    paid: list[Event] = [events.Held(SEAT, Wei(10)), *GIVEN]

    hold, gift = of(SeatState, folded([CREATED], minted(), paid))[-2:]

    assert (hold.change, hold.owner, hold.held, hold.moved_at) == ("hold", ADA, 10, 2)
    assert (gift.change, gift.owner, gift.held, gift.moved_at) == ("gift", BO, 10, 3)


def test_cancelling_raises_the_epoch_and_moves_nothing() -> None:
    seat = of(SeatState, folded([CREATED], minted(), [events.ListingsCancelled(SEAT, 1)]))[-1]

    assert (seat.owner, seat.epoch, seat.moved_at, seat.change) == (ADA, 1, 2, "cancel")


def test_a_locked_seat_is_noted() -> None:
    seat = of(SeatState, folded([CREATED], [*minted(), events.Locked(SEAT)]))[-1]

    assert (seat.locked, seat.change, seat.owner) == (1, "lock", ADA)


def test_granted_seats_have_no_face_and_count_in_their_tier_alone() -> None:
    rows = folded([CREATED], minted(), granted(2, SEAT + 1))

    seats, tier = of(SeatState, rows), of(TierState, rows)[-1]
    assert [(one.seat, one.owner, one.flags, one.face) for one in seats[1:]] == [
        (SEAT + 1, ADA, SeatFlag.GRANTED, 0),
        (SEAT + 2, ADA, SeatFlag.GRANTED, 0),
    ]
    assert (tier.issued, tier.live, tier.escrowed) == (3, 3, PRICE)
    assert of(PhaseState, rows)[-1].sold == 1
    assert len(of(Mint, rows)) == 1


def test_a_granted_seat_that_is_given_away_stays_granted() -> None:
    seat = of(SeatState, folded([CREATED], granted(), GIVEN))[-1]

    assert (seat.owner, seat.flags, seat.change) == (BO, SeatFlag.GRANTED, "gift")


def test_a_stored_listing_is_recorded_whatever_it_says() -> None:
    most = 2**256 - 1
    listing = events.ListingStored(SEAT, ADA, Wei(most), 3, most, most, BO, most)

    (found,) = of(StoredListing, folded([CREATED], minted(), [listing]))

    assert (found.seller, found.taker, found.price, found.expiry) == (ADA, BO, most, most)


CONTRADICTIONS: dict[str, list[list[Event]]] = {
    "a mint without a drop": [minted()],
    "a mint that skips a number": [[CREATED], minted(first=SEAT + 1)],
    "a mint of a number that was given out": [[CREATED], minted(), minted()],
    "a mint of another tier than its phase's": [[CREATED], minted(first=7_000_001)],
    "an unannounced birth": [[CREATED], [events.Transfer(ZERO_ADDRESS, ADA, SEAT)]],
    "an announced mint that stops short": [[CREATED], minted(2)[:-1]],
    "a second birth": [[CREATED], minted(), [events.Transfer(ZERO_ADDRESS, ADA, SEAT)]],
    "a transfer of nothing": [[CREATED], GIVEN],
    "a transfer from somebody else": [
        [CREATED],
        minted(),
        [events.Transfer(MENTOR, BO, SEAT)],
    ],
    "a sale without its transfer": [[CREATED], minted(), SOLD[:1]],
    "a sale whose transfer comes in another transaction": [
        [CREATED],
        minted(),
        SOLD[:1],
        SOLD[1:],
    ],
    "a sale that goes to somebody else": [
        [CREATED],
        minted(),
        [SOLD[0], events.Transfer(ADA, MENTOR, SEAT)],
    ],
    "a sale of a burned seat": [[CREATED], minted(), refunded(), SOLD],
    "a sale that burns": [[CREATED], minted(), [SOLD[0], events.Transfer(ADA, ZERO_ADDRESS, SEAT)]],
    "a burn that nothing announced": [
        [CREATED],
        minted(),
        [events.Transfer(ADA, ZERO_ADDRESS, SEAT)],
    ],
    "a grant without a drop": [granted()],
    "a grant that skips a number": [[CREATED], granted(1, SEAT + 1)],
    "a grant that stops short": [[CREATED], granted(2)[:-1]],
    "an epoch that jumps": [[CREATED], minted(), [events.ListingsCancelled(SEAT, 2)]],
    "money for nothing": [[CREATED], [events.Held(SeatId(SEAT + 5), Wei(1))]],
    "a lock on nothing": [[CREATED], [events.Locked(SEAT)]],
}


@pytest.mark.parametrize("history", CONTRADICTIONS.values(), ids=list(CONTRADICTIONS))
def test_what_cannot_follow_stops_the_fold(history: list[list[Event]]) -> None:
    with pytest.raises(FoldContradicted, match="Rebuild the mirror") as stop:
        folded(*history)

    assert stop.value.retry_helps is False
