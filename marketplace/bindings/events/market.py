"""Listings, offers and sales.

Refuses anything but the fields of these events.
"""

# Annotations are evaluated: decoding reads them.

from dataclasses import dataclass

from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.ids import SeatId
from marketplace.domain.money import Wei


@dataclass(frozen=True, slots=True)
class ListingsCancelled:
    """The owner raised the epoch of a seat: every listing of it is dead."""

    seat: SeatId
    epoch: int


@dataclass(frozen=True, slots=True)
class SeatSold:
    """A seat was sold. `royalty` of `price` waits with it; the seller got the rest."""

    seat: SeatId
    seller: ChecksumAddress
    buyer: ChecksumAddress
    price: Wei
    royalty: Wei


@dataclass(frozen=True, slots=True)
class ListingStored:
    """The seller authorised a listing on chain: it needs no signature."""

    seat: SeatId
    seller: ChecksumAddress
    price: Wei
    epoch: int
    counter: int
    terms_version: int
    taker: ChecksumAddress
    expiry: int


@dataclass(frozen=True, slots=True)
class CounterBumped:
    """Every listing and offer of `account` with a lower counter is dead."""

    account: ChecksumAddress
    counter: int


@dataclass(frozen=True, slots=True)
class OfferFilled:
    """The offer `nonce` of `buyer` was filled with a seat; SeatSold tells the rest."""

    buyer: ChecksumAddress
    seat: SeatId
    nonce: int


@dataclass(frozen=True, slots=True)
class OfferCancelled:
    """The offers of `buyer` with this nonce are dead."""

    buyer: ChecksumAddress
    nonce: int


@dataclass(frozen=True, slots=True)
class ListingSkipped:
    """In a purchase of several, the listing of a seat could not be filled; 4 bytes say why."""

    seat: SeatId
    reason: bytes
