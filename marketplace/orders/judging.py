"""Whether a listing can be bought: the contract's rules, applied without asking it.

Owns the comparisons of `contracts/rooms/SeatMarket.sol` that speak about the listing, its seat, its
drop and its seller, in the contract's order. What would be refused is a value: the very error that
the contract would raise. Refuses the buyer's side (taker, payment, buying from oneself) and the
signature: neither kills a listing for everybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from marketplace.bindings.reverts import (
    Bound,
    CounterPassed,
    DeliveryOverdue,
    DropImmovable,
    EpochPassed,
    ExpiryTooFar,
    Granted,
    ListingExpired,
    Locked,
    PriceOutOfBounds,
    SeatMarketPaused,
    SeatTokenUnknown,
    SellerNotOwner,
    TermsChanged,
)
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.drop import DropState, TransferPolicy
from marketplace.domain.listing import MAX_LISTING_SECONDS
from marketplace.domain.money import PriceBounds, SaleSplit, price_bounds, split_sale, toll_of

if TYPE_CHECKING:
    from marketplace.bindings.reverts import DeclaredRevert
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import SeatId
    from marketplace.domain.listing import Listing
    from marketplace.domain.money import Bps, Wei

MOVABLE: Final = frozenset(
    {
        DropState.LIVE,
        DropState.ASSERTED,
        DropState.SETTLED,
        DropState.DISPUTED_NARROW,
        DropState.SPLIT_NARROW,
    }
)
"""States of a drop in which its seats change hands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatOnSale:
    """The seat that a listing names, at one moment.

    Attributes:
        owner: Nobody once it is burned.
        face: What was paid for it at the mint.
        held: The royalties and tolls that wait with it.
        locked: Whether it was checked in or has objected; a BOUND seat need not be.
        granted: Whether it was given for nothing.
    """

    owner: ChecksumAddress
    epoch: int
    face: Wei
    held: Wei
    locked: bool
    granted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleTerms:
    """What the drop and the tier of a listed seat say about its sale, at one moment.

    Times are Unix seconds and name the last one that counts; amounts are in `currency`.
    """

    state: DropState
    policy: TransferPolicy
    terms_version: int
    royalty: Bps
    toll: Bps
    resale_cap: Bps
    penalty: Bps
    list_price: Wei
    deliver_by: int
    refund_until: int
    paused_until: int
    currency: ChecksumAddress

    @property
    def toll_wei(self) -> Wei:
        """The least royalty of a resale in this tier."""
        return toll_of(self.list_price, self.toll)

    def bounds(self, face: Wei) -> PriceBounds:
        """What a resale of a seat with this face may ask."""
        return price_bounds(face, self.resale_cap, self.toll_wei)

    def split(self, price: Wei) -> SaleSplit:
        """Where the price of a resale goes."""
        return split_sale(price, self.royalty, self.toll_wei)


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleFacts:
    """All that a listing rests on, of one moment; `counter` is its seller's."""

    seat: SeatOnSale
    terms: SaleTerms
    counter: int


def refusal_of(listing: Listing, facts: SaleFacts, now: int) -> DeclaredRevert | None:
    """Say what the contract would refuse a sale with; None: the listing is alive.

    Args:
        listing: What the seller offers.
        facts: What it rests on; of the listing's own seat, drop and seller.
        now: Unix second of the sale.
    """
    return (
        _passed(listing, facts)
        or _untimely(listing, facts.terms, now)
        or immovable(listing.seat, facts.seat, facts.terms, now)
        or overpriced(listing.seat, listing.price, facts.seat, facts.terms)
    )


def immovable(
    seat_id: SeatId, seat: SeatOnSale, terms: SaleTerms, now: int
) -> DeclaredRevert | None:
    """Say why a seat does not change hands at a moment; None: it does."""
    if seat.locked:
        return Locked(seat_id)
    if terms.policy is TransferPolicy.BOUND:
        return Bound(seat_id)
    if terms.state not in MOVABLE:
        return DropImmovable(seat_id.drop, terms.state)
    if terms.state is DropState.LIVE and now > terms.deliver_by:
        return DeliveryOverdue(seat_id.drop, terms.deliver_by)
    return None


def overpriced(
    seat_id: SeatId, price: Wei, seat: SeatOnSale, terms: SaleTerms
) -> DeclaredRevert | None:
    """Say why a seat is not sold at a price; None: it is."""
    if seat.granted:
        return Granted(seat_id)
    bounds = terms.bounds(seat.face)
    if not bounds.allow(price):
        return PriceOutOfBounds(price, bounds.least, bounds.most)
    return None


def _passed(listing: Listing, facts: SaleFacts) -> DeclaredRevert | None:
    seat, version = facts.seat, facts.terms.terms_version
    if seat.owner == ZERO_ADDRESS:
        return SeatTokenUnknown(listing.seat)
    if seat.owner != listing.seller:
        return SellerNotOwner(listing.seat, listing.seller, seat.owner)
    if seat.epoch != listing.epoch:
        return EpochPassed(listing.seat, listing.epoch, seat.epoch)
    if facts.counter != listing.counter:
        return CounterPassed(listing.seller, listing.counter, facts.counter)
    if version != listing.terms_version:
        return TermsChanged(listing.seat, listing.terms_version, version)
    return None


def _untimely(listing: Listing, terms: SaleTerms, now: int) -> DeclaredRevert | None:
    latest = now + MAX_LISTING_SECONDS
    if now > listing.expiry:
        return ListingExpired(listing.expiry, now)
    if listing.expiry > latest:
        return ExpiryTooFar(listing.expiry, latest)
    if now <= terms.paused_until:
        return SeatMarketPaused(listing.seat.drop, terms.paused_until)
    return None
