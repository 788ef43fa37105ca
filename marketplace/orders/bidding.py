"""Whether an offer can be taken: the contract's rules, applied without asking it.

Owns the comparisons of `contracts/extension/SeatOffers.sol`, in the contract's order. What would be
refused is a value: the very error that the contract would raise. Refuses the signature and the
buyer's balance and allowance, which the chain alone knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from marketplace.bindings.reverts import (
    Bound,
    CounterPassed,
    EpochPassed,
    ExpiryTooFar,
    FaceTooLow,
    ListingExpired,
    OfferForAnother,
    OffersClosed,
    OfferSpent,
    PriceOutOfBounds,
    SeatMarketPaused,
    SeatTokenUnknown,
    SellerIsBuyer,
    SellerNotOwner,
    TermsChanged,
)
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.drop import DropState, TransferPolicy
from marketplace.domain.ids import SEATS_PER_DROP, SEATS_PER_TIER, SeatId
from marketplace.domain.listing import MAX_LISTING_SECONDS
from marketplace.domain.money import Wei
from marketplace.domain.offer import SeatOffer, TierOffer
from marketplace.orders.judging import immovable, overpriced

if TYPE_CHECKING:
    from marketplace.bindings.reverts import DeclaredRevert
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId, TierIndex
    from marketplace.orders.judging import SaleTerms, SeatOnSale
    from marketplace.orders.offers import Offer


@dataclass(frozen=True, slots=True, kw_only=True)
class BidFacts:
    """What an offer rests on besides a seat, of one moment.

    Attributes:
        ends_at: The drop's end, the last second of offers.
        counter: The buyer's.
        spent: Whether the buyer's nonce was used up.
    """

    terms: SaleTerms
    ends_at: int
    counter: int
    spent: bool


def place_of(offer: Offer) -> tuple[DropId, TierIndex]:
    """The drop and the tier that an offer is for."""
    if isinstance(offer, SeatOffer):
        return offer.seat.drop, offer.seat.tier
    return offer.drop, offer.tier


def refusal_of_bid(offer: Offer, bid: BidFacts, now: int) -> DeclaredRevert | None:
    """Say what the contract would refuse an offer with, whichever seat is brought; None: nothing.

    A price that no seat's face would allow is not seen here: only the seat has a face.

    Args:
        offer: What the buyer offers.
        bid: What it rests on; of its own drop, tier and buyer.
        now: Unix second of the sale.
    """
    terms, (drop, _) = bid.terms, place_of(offer)
    if terms.state is not DropState.LIVE or now > bid.ends_at:
        return OffersClosed(drop, terms.state, bid.ends_at)
    if bid.spent:
        return OfferSpent(offer.buyer, offer.nonce)
    passed = _passed(offer, bid, now)
    if passed is None and terms.policy is TransferPolicy.BOUND:
        return Bound(_named(offer))
    return passed or _out_of_reach(offer, terms)


def refusal_of_fill(
    offer: Offer,
    seat_id: SeatId,
    seat: SeatOnSale,
    bid: BidFacts,
    now: int,
    seller: ChecksumAddress | None = None,
) -> DeclaredRevert | None:
    """Say what the contract would refuse the sale of a seat to a bidder with; None: nothing.

    Args:
        offer: What the buyer offers.
        seat_id: Whose seat is sold.
        seat: As it is at the moment.
        bid: As for `refusal_of_bid`.
        now: Unix second of the sale.
        seller: Who sells; not named: whoever owns the seat.
    """
    unfit = _unfit(offer, seat_id, seat)
    if unfit is not None:
        return unfit
    if seller is not None and seller != seat.owner:
        return SellerNotOwner(seat_id, seller, seat.owner)
    if seat.owner == offer.buyer:
        return SellerIsBuyer(seat.owner)
    return (
        refusal_of_bid(offer, bid, now)
        or immovable(seat_id, seat, bid.terms, now)
        or overpriced(seat_id, offer.price, seat, bid.terms)
    )


def _unfit(offer: Offer, seat_id: SeatId, seat: SeatOnSale) -> DeclaredRevert | None:
    if seat.owner == ZERO_ADDRESS:
        return SeatTokenUnknown(seat_id)
    if isinstance(offer, SeatOffer):
        if offer.epoch != seat.epoch:
            return EpochPassed(seat_id, offer.epoch, seat.epoch)
        return None
    if (seat_id.drop, seat_id.tier) != (offer.drop, offer.tier):
        return OfferForAnother(seat_id, offer.drop, offer.tier)
    if seat.face < offer.least_face:
        return FaceTooLow(seat_id, seat.face, offer.least_face)
    return None


def _passed(offer: Offer, bid: BidFacts, now: int) -> DeclaredRevert | None:
    terms, (drop, _) = bid.terms, place_of(offer)
    latest = now + MAX_LISTING_SECONDS
    if bid.counter != offer.counter:
        return CounterPassed(offer.buyer, offer.counter, bid.counter)
    if terms.terms_version != offer.terms_version:
        return TermsChanged(_named(offer), offer.terms_version, terms.terms_version)
    if now > offer.expiry:
        return ListingExpired(offer.expiry, now)
    if offer.expiry > latest:
        return ExpiryTooFar(offer.expiry, latest)
    if now <= terms.paused_until:
        return SeatMarketPaused(drop, terms.paused_until)
    return None


def _out_of_reach(offer: Offer, terms: SaleTerms) -> DeclaredRevert | None:
    least = terms.bounds(Wei(0)).least
    most = terms.bounds(terms.list_price).most
    # No phase sells above the tier's list price, so no seat's face is higher.
    if isinstance(offer, TierOffer) and offer.least_face > terms.list_price:
        return FaceTooLow(_named(offer), terms.list_price, offer.least_face)
    if not least <= offer.price <= most:
        return PriceOutOfBounds(offer.price, least, most)
    return None


def _named(offer: Offer) -> SeatId:
    """The seat of an offer; of one for a whole tier the number that its seats begin after."""
    if isinstance(offer, SeatOffer):
        return offer.seat
    return SeatId(offer.drop * SEATS_PER_DROP + offer.tier * SEATS_PER_TIER)
