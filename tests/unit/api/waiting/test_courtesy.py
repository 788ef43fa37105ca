"""Which listings the book shows while there are turns, and to whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import pytest

from api.market.errors import AnotherAccount
from api.market.values import BookListing
from api.waiting.courtesy import NO_TURNS, Turns
from api.waiting.errors import TurnOfAnother
from api.waiting.values import Turn
from marketplace.domain.addresses import ZERO_ADDRESS, ChecksumAddress
from marketplace.domain.ids import DropId, SeatId, TierIndex
from marketplace.domain.listing import Listing
from marketplace.domain.money import Wei

SEAT: Final = SeatId.of(DropId(7), TierIndex(1), 1)
SELLER, ADA, BO = (ChecksumAddress(f"0x{number:040x}") for number in (1, 2, 3))
UNTIL: Final = 1_772_000_000
LISTED: Final = BookListing(
    listing=Listing(
        seat=SEAT,
        price=Wei(5),
        epoch=2,
        seller=SELLER,
        counter=0,
        terms_version=0,
        taker=ZERO_ADDRESS,
        expiry=UNTIL + 60,
    ),
    digest="0x" + "ab" * 32,
    signature=b"signed",
)
ADAS: Final = Turn(
    tier=TierIndex(1),
    seat=SEAT,
    epoch=2,
    number=0,
    account=ADA,
    begun_at=datetime.fromtimestamp(UNTIL - 900, UTC),
    ends_at=datetime.fromtimestamp(UNTIL, UTC),
)
HELD: Final = Turns({SEAT: ADAS})
OPEN: Final = Turns({SEAT: replace(ADAS, account=None, ends_at=None)})


@pytest.mark.parametrize("viewer", [SELLER, ADA, BO, None])
def test_without_turns_a_listing_is_shown_to_everybody(viewer: ChecksumAddress | None) -> None:
    for turns in (NO_TURNS, OPEN):
        assert turns.shows(LISTED, viewer)
        assert turns.on(LISTED) is None
        turns.require_buyer(LISTED, viewer, BO, UNTIL - 60)


def test_in_a_turn_a_listing_is_its_accounts_and_its_sellers() -> None:
    assert [HELD.shows(LISTED, one) for one in (SELLER, ADA, BO, None)] == [
        True,
        True,
        False,
        False,
    ]


def test_what_has_just_come_is_shown_to_its_seller_alone() -> None:
    # Nobody knows yet whose turn it is.
    for turns in (Turns({}), Turns({SEAT: replace(ADAS, epoch=1)})):
        assert [turns.shows(LISTED, one) for one in (SELLER, ADA, None)] == [True, False, False]


def test_a_listing_for_one_taker_is_no_matter_of_turns() -> None:
    private = replace(LISTED, listing=replace(LISTED.listing, taker=BO))
    assert HELD.shows(private, BO)
    HELD.require_buyer(private, BO, BO, UNTIL - 60)


@pytest.mark.parametrize(("now", "wait"), [(UNTIL - 60, "60"), (UNTIL, "1")])
def test_others_are_told_when_a_turn_ends(now: int, wait: str) -> None:
    for viewer in (BO, None):
        with pytest.raises(TurnOfAnother) as refused:
            HELD.require_buyer(LISTED, viewer, BO, now)
        assert refused.value.headers == {"Retry-After": wait}
        assert refused.value.extensions == {"until": "2026-02-25T06:13:20Z"}
        assert ADA not in refused.value.sentence


def test_with_a_turn_no_other_account_buys() -> None:
    HELD.require_buyer(LISTED, ADA, ADA, UNTIL - 60)
    with pytest.raises(AnotherAccount):
        HELD.require_buyer(LISTED, ADA, BO, UNTIL - 60)
    assert [one.name for one in HELD.warnings_for_buyer(LISTED)] == ["turns_are_a_courtesy"]
    assert OPEN.warnings_for_buyer(LISTED) == ()
