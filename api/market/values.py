"""A listing as the order book knows it, and its places in the book.

Owns ids, the orders of a book and the cursors that name places in it. Refuses to say whether a
listing is alive.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, Self

from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.ids import MAX_UINT256

if TYPE_CHECKING:
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.errors import SeatmarketError
    from marketplace.domain.listing import Listing

_MAX_BIG: Final = 2**63 - 1
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_SECOND_US: Final = 1_000_000
_MAX_US: Final = 253_000_000_000 * _SECOND_US
_CURSOR: Final = re.compile(r"([0-9]{1,78})-([0-9]{1,19})-([01])-([0-9]{1,78})-([0-9]{1,19})")
_AGE: Final = re.compile(r"([0-9]{1,18})-([01])-([0-9]{1,78})-([0-9]{1,19})")


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


@dataclass(frozen=True, slots=True, order=True)
class Age:
    """Where a listing stands by age: the newest first, signed ones before stored ones.

    Attributes:
        until: Microseconds from when it came back to 1970, so below zero.
        first: Of a signed one its digest; of a stored one its block, below zero.
        second: Of a stored one its log, below zero.
    """

    until: int
    stored: bool
    first: int
    second: int

    @property
    def came_at(self) -> datetime:
        """When it came."""
        return _EPOCH - self.until * _MICROSECOND

    @property
    def came_at_s(self) -> int:
        """The same in whole Unix seconds."""
        return -self.until // _SECOND_US

    @property
    def cursor(self) -> str:
        """The place as text."""
        return f"{-self.until}-{self.stored:d}-{abs(self.first)}-{-self.second}"

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read a cursor; None when it names no place."""
        match = _AGE.fullmatch(text)
        if match is None:
            return None
        came_us, stored, first, second = (int(part) for part in match.groups())
        if came_us > _MAX_US or first > (_MAX_BIG if stored else MAX_UINT256) or second > _MAX_BIG:
            return None
        return cls(-came_us, bool(stored), -first if stored else first, -second)

    @classmethod
    def of_signed(cls, came_at: datetime, digest: int) -> Self:
        """The age of a signed listing."""
        return cls((_EPOCH - came_at) // _MICROSECOND, stored=False, first=digest, second=0)

    @classmethod
    def of_stored(cls, told_at: int, block_number: int, log_index: int) -> Self:
        """The age of a stored one, from its block's Unix second."""
        return cls(-told_at * _SECOND_US, stored=True, first=-block_number, second=-log_index)


@dataclass(frozen=True, slots=True, kw_only=True)
class BookListing:
    """An offer to sell, signed by its seller, stored on the chain, or both.

    The contract knows a listing by its digest, in whichever form it comes: so does the book.

    Attributes:
        digest: EIP-712; 0x and 64 hex digits.
        signature: None: the book has none, and the chain keeps it, which needs none.
        wallet_asked_at: When the seller's contract wallet said yes; None: no wallet was asked.
        stored_first: Whether the chain kept it already when its signature came. It stands where it
            came first, so that neither form moves it by coming or going.
        stored_too: Whether the chain keeps what a wallet has signed. Nobody looks for what a key
            has: that lives as long as what the chain keeps of it.
    """

    listing: Listing
    digest: str
    signature: bytes | None
    wallet_asked_at: datetime | None = None
    stored_first: bool = False
    stored_too: bool = False

    @property
    def stored(self) -> bool:
        """Whether it is bought as the chain itself keeps it."""
        return self.signature is None or self.stored_too

    @property
    def id(self) -> str:
        """What names it here."""
        return listing_id(self.listing, self.digest, stored=self.signature is None)

    @property
    def ways(self) -> tuple[bytes, ...]:
        """What the market may be given to sell by it, the surest first; never empty.

        What a wallet has signed may be stored too: then it needs nothing that the wallet could take
        back, and whether it is only the chain knows.
        """
        if self.signature is None:
            return (b"",)
        if self.wallet_asked_at is None:
            return (self.signature,)
        return tuple(dict.fromkeys((b"", self.signature)))

    @property
    def storing_matters(self) -> bool:
        """Whether it makes a difference to the entry if the chain keeps what was signed."""
        return self.signature is not None and (
            self.stored_first or self.wallet_asked_at is not None
        )

    def with_stored(self) -> Self:
        """The same listing, once it is known that the chain keeps it too."""
        return self if self.wallet_asked_at is None else replace(self, stored_too=True)

    def visible_to(self, viewer: ChecksumAddress | None) -> bool:
        """Whether somebody may know of it: a private one is its taker's and its seller's."""
        taker = self.listing.taker
        return taker == ZERO_ADDRESS or viewer in {taker, self.listing.seller}


@dataclass(frozen=True, slots=True)
class Skipped:
    """A listing that is not in a transaction for several, and why."""

    listing: str
    cause: str
    sentence: str

    @classmethod
    def by(cls, listing: str, error: SeatmarketError) -> Skipped:
        """Leave a listing out for an error."""
        return cls(listing, error.code, error.sentence)


def listing_id(listing: Listing, digest: str, *, stored: bool) -> str:
    """Name a listing: by its digest, behind its seat's number when the chain alone keeps it.

    The chain publishes the values of a stored listing, not its digest: the seat is where to look.
    Either name is understood of what the book has a signature of.
    """
    return f"{listing.seat}-{digest}" if stored else digest
