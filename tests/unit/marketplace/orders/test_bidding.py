from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from marketplace.bindings import reverts
from marketplace.bindings.addresses import checksum_address
from marketplace.domain.addresses import ETH, ZERO_ADDRESS
from marketplace.domain.drop import DropState, TransferPolicy
from marketplace.domain.ids import DropId, SeatId, TierIndex
from marketplace.domain.listing import MAX_LISTING_SECONDS
from marketplace.domain.money import Bps, Wei
from marketplace.domain.offer import SeatOffer, TierOffer
from marketplace.orders.bidding import BidFacts, refusal_of_bid, refusal_of_fill
from marketplace.orders.judging import SaleTerms, SeatOnSale

if TYPE_CHECKING:
    from marketplace.bindings.reverts import DeclaredRevert

NOW: Final = 1_800_000_000
SEAT: Final = SeatId(7_200_013)
DROP: Final = DropId(7)
TIER: Final = TierIndex(2)
ADA: Final = checksum_address(b"\xad" * 20)
BO: Final = checksum_address(b"\xb0" * 20)
LATEST: Final = NOW + MAX_LISTING_SECONDS

FOR_SEAT: Final = SeatOffer(
    seat=SEAT,
    price=Wei(1_000),
    epoch=3,
    buyer=BO,
    counter=2,
    terms_version=1,
    nonce=9,
    expiry=NOW + 100,
)
FOR_TIER: Final = TierOffer(
    drop=DROP,
    tier=TIER,
    least_face=Wei(900),
    price=Wei(1_000),
    buyer=BO,
    counter=2,
    terms_version=1,
    nonce=9,
    expiry=NOW + 100,
)
ON_SALE: Final = SeatOnSale(
    owner=ADA, epoch=3, face=Wei(1_000), held=Wei(0), locked=False, granted=False
)
TERMS: Final = SaleTerms(
    state=DropState.LIVE,
    policy=TransferPolicy.MARKET_ONLY,
    terms_version=1,
    royalty=Bps(1_000),
    toll=Bps(500),
    resale_cap=Bps(12_000),
    penalty=Bps(1_000),
    list_price=Wei(2_000),
    deliver_by=NOW + 1_000,
    refund_until=NOW + 500,
    paused_until=0,
    currency=ETH,
)
BID: Final = BidFacts(terms=TERMS, ends_at=NOW + 400, counter=2, spent=False)


def terms(**changes: object) -> BidFacts:
    return replace(BID, terms=replace(TERMS, **changes))  # type: ignore[arg-type] # tests name fields


def test_an_offer_that_fits_its_facts_is_alive() -> None:
    for offer in (FOR_SEAT, FOR_TIER):
        assert refusal_of_bid(offer, BID, NOW) is None
        assert refusal_of_fill(offer, SEAT, ON_SALE, BID, NOW, ADA) is None


BIDS: Final[tuple[tuple[BidFacts, DeclaredRevert], ...]] = (
    (terms(state=DropState.ASSERTED), reverts.OffersClosed(DROP, DropState.ASSERTED, NOW + 400)),
    (replace(BID, ends_at=NOW - 1), reverts.OffersClosed(DROP, DropState.LIVE, NOW - 1)),
    (replace(BID, spent=True), reverts.OfferSpent(BO, 9)),
    (replace(BID, counter=5), reverts.CounterPassed(BO, 2, 5)),
    (terms(paused_until=NOW), reverts.SeatMarketPaused(DROP, NOW)),
)


@pytest.mark.parametrize(("bid", "refusal"), BIDS)
def test_what_ends_every_offer_is_the_contracts_own_error(
    bid: BidFacts, refusal: DeclaredRevert
) -> None:
    for offer in (FOR_SEAT, FOR_TIER):
        assert refusal_of_bid(offer, bid, NOW) == refusal
        assert refusal_of_fill(offer, SEAT, ON_SALE, bid, NOW) == refusal


def test_what_an_offer_says_of_itself_ends_it() -> None:
    ends = reverts.ListingExpired(NOW - 1, NOW)
    assert refusal_of_bid(replace(FOR_TIER, expiry=NOW - 1), BID, NOW) == ends
    far = reverts.ExpiryTooFar(LATEST + 1, LATEST)
    assert refusal_of_bid(replace(FOR_TIER, expiry=LATEST + 1), BID, NOW) == far
    changed = reverts.TermsChanged(SEAT, 1, 2)
    assert refusal_of_bid(FOR_SEAT, terms(terms_version=2), NOW) == changed
    bound = reverts.Bound(SEAT)
    assert refusal_of_bid(FOR_SEAT, terms(policy=TransferPolicy.BOUND), NOW) == bound
    # 5% of the list price at least; 120% of the highest face at most.
    assert refusal_of_bid(replace(FOR_TIER, price=Wei(99)), BID, NOW) == (
        reverts.PriceOutOfBounds(Wei(99), Wei(100), Wei(2_400))
    )
    assert refusal_of_bid(replace(FOR_TIER, price=Wei(2_401)), BID, NOW) == (
        reverts.PriceOutOfBounds(Wei(2_401), Wei(100), Wei(2_400))
    )


def test_a_face_that_no_seat_of_the_tier_can_have_ends_an_offer_for_it() -> None:
    highest = replace(FOR_TIER, least_face=Wei(2_000))
    assert refusal_of_bid(highest, BID, NOW) is None
    beyond = replace(FOR_TIER, least_face=Wei(2_001))
    # No seat is named: the number that the tier's seats begin after.
    named = SeatId(7_200_000)
    refused = refusal_of_bid(beyond, BID, NOW)
    assert refused == reverts.FaceTooLow(named, Wei(2_000), Wei(2_001))
    assert refused.sentence.startswith("No seat of tier 2 of drop 7 cost more than ")


def on_sale(**changes: object) -> SeatOnSale:
    return replace(ON_SALE, **changes)  # type: ignore[arg-type] # tests name fields


SEATS: Final[tuple[tuple[SeatOffer | TierOffer, SeatOnSale, DeclaredRevert], ...]] = (
    (FOR_SEAT, on_sale(owner=ZERO_ADDRESS), reverts.SeatTokenUnknown(SEAT)),
    (FOR_SEAT, on_sale(epoch=4), reverts.EpochPassed(SEAT, 3, 4)),
    (FOR_TIER, on_sale(face=Wei(899)), reverts.FaceTooLow(SEAT, Wei(899), Wei(900))),
    (FOR_TIER, on_sale(owner=BO), reverts.SellerIsBuyer(BO)),
    (FOR_TIER, on_sale(locked=True), reverts.Locked(SEAT)),
    (FOR_TIER, on_sale(granted=True), reverts.Granted(SEAT)),
    (
        replace(FOR_TIER, price=Wei(1_201)),
        ON_SALE,
        reverts.PriceOutOfBounds(Wei(1_201), Wei(100), Wei(1_200)),
    ),
)


@pytest.mark.parametrize(("offer", "seat", "refusal"), SEATS)
def test_what_keeps_a_seat_from_a_bidder_is_the_contracts_own_error(
    offer: SeatOffer | TierOffer, seat: SeatOnSale, refusal: DeclaredRevert
) -> None:
    assert refusal_of_fill(offer, SEAT, seat, BID, NOW) == refusal


def test_a_seat_of_another_tier_or_another_seller_does_not_do() -> None:
    other = SeatId(7_100_013)
    refused = refusal_of_fill(FOR_TIER, other, ON_SALE, BID, NOW)
    assert refused == reverts.OfferForAnother(other, DROP, TIER)
    stranger = refusal_of_fill(FOR_TIER, SEAT, ON_SALE, BID, NOW, BO)
    assert stranger == reverts.SellerNotOwner(SEAT, BO, ADA)
