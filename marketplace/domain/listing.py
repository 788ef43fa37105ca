"""A seller's offer to sell one seat.

Owns the message that a seller signs, member for member as in `contracts/types/Terms.sol`. Refuses
to sign, hash or transport it: `marketplace.orders` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from marketplace.domain.addresses import ETH, ZERO_ADDRESS, ChecksumAddress

if TYPE_CHECKING:
    from marketplace.domain.ids import SeatId
    from marketplace.domain.money import Wei

MAX_LISTING_SECONDS: Final = 30 * 24 * 60 * 60
"""A listing ends at most this long after the sale that it is used for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Dead as soon as anything that it rests on changes; nothing is ever marked as filled.

    Attributes:
        price: In the currency of the seat's drop.
        epoch: The seat's; passed when it moves or its owner cancels.
        counter: The seller's; passed when the seller cancels everything.
        terms_version: The drop's; passed when it is postponed.
        expiry: The last second, at most 30 days ahead.
        taker: The only account that may buy; nobody: anybody may.
    """

    seat: SeatId
    price: Wei
    epoch: int
    seller: ChecksumAddress
    counter: int
    terms_version: int
    expiry: int
    taker: ChecksumAddress = ZERO_ADDRESS


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """One listing of several that are bought together.

    Attributes:
        signature: The seller's; empty for a listing that the seller has stored.
        currency: The drop's.
    """

    listing: Listing
    signature: bytes = b""
    currency: ChecksumAddress = ETH
