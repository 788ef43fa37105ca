"""A listing as the order book knows it, and its place in the book.

Owns ids, the order of a book and the cursor that names a place in it. Refuses to say whether a
listing is alive.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.ids import MAX_UINT256

if TYPE_CHECKING:
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.listing import Listing

_MAX_BIG: Final = 2**63 - 1
_CURSOR: Final = re.compile(r"([0-9]{1,78})-([0-9]{1,19})-([01])-([0-9]{1,78})-([0-9]{1,19})")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a listing stands in a book: by price, then seat, signed ones before stored ones.

    `first` and `second` tell apart what is equal up to there: a signed listing's digest, or block
    and log of the event that a stored one made.
    """

    price: int
    seat: int
    stored: bool
    first: int
    second: int

    @property
    def cursor(self) -> str:
        """The place as text."""
        return f"{self.price}-{self.seat}-{self.stored:d}-{self.first}-{self.second}"

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read a cursor; None when it names no place."""
        match = _CURSOR.fullmatch(text)
        if match is None:
            return None
        price, seat, stored, first, second = (int(part) for part in match.groups())
        largest_first = _MAX_BIG if stored else MAX_UINT256
        if price > MAX_UINT256 or first > largest_first or max(seat, second) > _MAX_BIG:
            return None
        return cls(price, seat, bool(stored), first, second)


@dataclass(frozen=True, slots=True, kw_only=True)
class BookListing:
    """An offer to sell, signed by its seller or stored on the chain.

    Attributes:
        digest: EIP-712; 0x and 64 hex digits.
        signature: None when it is stored on the chain, which needs none.
    """

    listing: Listing
    digest: str
    signature: bytes | None

    @property
    def stored(self) -> bool:
        """Whether the chain itself keeps it."""
        return self.signature is None

    @property
    def id(self) -> str:
        """What names it here."""
        return listing_id(self.listing, self.digest, stored=self.stored)

    def visible_to(self, viewer: ChecksumAddress | None) -> bool:
        """Whether somebody may know of it: a private one is its taker's and its seller's."""
        taker = self.listing.taker
        return taker == ZERO_ADDRESS or viewer in {taker, self.listing.seller}


def listing_id(listing: Listing, digest: str, *, stored: bool) -> str:
    """Name a listing: by its digest, behind its seat's number when the chain keeps it.

    The chain publishes the values of a stored listing, not its digest: the seat is where to look.
    """
    return f"{listing.seat}-{digest}" if stored else digest
