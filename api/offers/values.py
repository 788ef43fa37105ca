"""An offer as the book knows it, and its place among the others.

Owns the order, the dearest first, and the cursor that names a place in it. Refuses to say whether
an offer is alive.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

from marketplace.domain.ids import MAX_UINT256
from marketplace.domain.offer import SeatOffer
from marketplace.orders.bidding import place_of

if TYPE_CHECKING:
    from datetime import datetime

    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId, SeatId, TierIndex
    from marketplace.orders.offers import Offer

_CURSOR: Final = re.compile(r"([0-9]{1,78})-([0-9]{1,78})")


@dataclass(frozen=True, slots=True)
class OfferPlace:
    """Where an offer stands: the dearest first, then by digest."""

    price: int
    digest: int

    @property
    def cursor(self) -> str:
        """The place as text."""
        return f"{self.price}-{self.digest}"

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read a cursor; None when it names no place."""
        match = _CURSOR.fullmatch(text)
        if match is None:
            return None
        price, digest = (int(part) for part in match.groups())
        return None if max(price, digest) > MAX_UINT256 else cls(price, digest)


@dataclass(frozen=True, slots=True, kw_only=True)
class BookOffer:
    """An offer to buy, signed by its buyer.

    Attributes:
        digest: EIP-712; 0x and 64 hex digits. It names the offer here.
        terms_hash: Of the drop for which it was made: another may get its number.
        currency: What it is paid in; never ETH itself.
        wallet_asked_at: When the buyer's contract wallet said yes; None: the buyer's key signed.
    """

    offer: Offer
    digest: str
    signature: bytes
    terms_hash: str
    currency: ChecksumAddress
    wallet_asked_at: datetime | None = None

    @property
    def drop(self) -> DropId:
        """The drop that it is for."""
        return place_of(self.offer)[0]

    @property
    def tier(self) -> TierIndex:
        """The tier that it is for."""
        return place_of(self.offer)[1]

    @property
    def seat(self) -> SeatId | None:
        """The only seat that it is for; None: any of the tier."""
        return seat_wanted(self.offer)

    @property
    def place(self) -> OfferPlace:
        """Where it stands."""
        return OfferPlace(self.offer.price, int(self.digest, 16))


def seat_wanted(offer: Offer) -> SeatId | None:
    """The only seat that an offer is for; None: any of a tier."""
    return offer.seat if isinstance(offer, SeatOffer) else None
