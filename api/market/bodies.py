"""The JSON of buying and selling: what comes in and what goes out.

Owns the shapes. Refuses rules: these objects only carry. Every answer about the chain names the
block that it was made from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field

from api.actions.answers import AsOf, PreparedAnswer
from api.actions.typed_data import SIGNATURE_HEX, TypedDataAnswer
from api.gate.answers import DecisionAnswer  # noqa: TC001 - pydantic reads the annotations
from api.seat_condition import ConditionAnswer  # noqa: TC001 - pydantic reads the annotations
from api.wire import Account, Moment, Uint256In, Uint256Out, WireModel
from marketplace.domain.ids import SeatId
from marketplace.domain.listing import MAX_LISTING_SECONDS, Listing
from marketplace.domain.money import Wei

if TYPE_CHECKING:
    from marketplace.orders.advice import Warned

MIN_LISTING_SECONDS = 60

LISTING_ID = "^(?:[1-9][0-9]{0,18}-)?0x[0-9a-f]{64}$"


class ListOrder(WireModel):
    """Asks for a listing to be signed, or for a transaction that stores it on the chain."""

    account: Account
    """Who owns the seat, and will sign."""

    seat: Uint256In
    price_wei: Uint256In
    expires_in_s: Annotated[int, Field(ge=MIN_LISTING_SECONDS, le=MAX_LISTING_SECONDS)]
    taker: Account | None = None
    """The only account that may buy; null: anybody may."""

    stored: bool = False
    """Whether the chain shall keep it, for wallets that cannot sign typed data. Costs gas."""


class BuyOrder(WireModel):
    """Asks for a transaction that buys."""

    account: Account
    """Who will sign it, pay, and own the seat."""

    listing: Annotated[str, Field(pattern=LISTING_ID)]
    """The id of the listing."""


class BuyManyOrder(WireModel):
    """Asks for a transaction that buys what can be bought of several listings."""

    account: Account
    """Who will sign it, pay, and own the seats."""

    listings: Annotated[
        list[Annotated[str, Field(pattern=LISTING_ID)]], Field(min_length=1, max_length=20)
    ]
    """The ids of the listings, of one seat each; two ids of one listing are one."""


class SignedListingBody(WireModel):
    """A signed listing, handed over for the book."""

    seat: Uint256In
    price: Uint256In
    epoch: Uint256In
    seller: Account
    counter: Uint256In
    terms_version: Uint256In
    taker: Account
    """The only account that may buy; the zero address: anybody."""

    expiry: Uint256In
    """Unix second, the last, as decimal digits."""

    signature: Annotated[str, Field(pattern=SIGNATURE_HEX)]
    """Hex with `0x`: 65 bytes r, s, v, or what the seller's contract wallet takes, up to 4,096
    bytes."""

    @property
    def listing(self) -> Listing:
        """What was signed."""
        return Listing(
            seat=SeatId(self.seat),
            price=Wei(self.price),
            epoch=self.epoch,
            seller=self.seller,
            counter=self.counter,
            terms_version=self.terms_version,
            taker=self.taker,
            expiry=self.expiry,
        )


class ListingMessage(WireModel):
    """The values that a seller signs, all uint256 but the accounts."""

    seat: Uint256Out
    price: Uint256Out
    epoch: Uint256Out
    seller: Account
    counter: Uint256Out
    terms_version: Uint256Out
    taker: Account
    """The only account that may buy; the zero address: anybody."""

    expiry: Uint256Out

    @classmethod
    def of(cls, listing: Listing) -> Self:
        """Write a listing's values."""
        return cls(
            seat=int(listing.seat),
            price=listing.price,
            epoch=listing.epoch,
            seller=listing.seller,
            counter=listing.counter,
            terms_version=listing.terms_version,
            taker=listing.taker,
            expiry=listing.expiry,
        )


class WarningAnswer(WireModel):
    """Something to think about before signing; `name` is stable."""

    name: str
    """What kind of warning it is: stable, compare it."""

    sentence: str

    @classmethod
    def of(cls, warned: Warned) -> Self:
        """Write a warning."""
        return cls(name=warned.name, sentence=warned.sentence)


class BuyAnswer(PreparedAnswer):
    """A transaction that buys a seat, and what the seat is worth."""

    listing: str
    seat: Uint256Out
    seller: Account
    price_wei: Uint256Out
    royalty_wei: Uint256Out
    """The mentor's part of the price, as decimal digits; waits with the seat until the drop is
    settled."""

    face_wei: Uint256Out
    """What was paid at the mint, as decimal digits."""

    held_wei: Uint256Out
    """Royalties and tolls that wait with the seat already, as decimal digits."""

    condition: ConditionAnswer
    warnings: list[WarningAnswer]


class BoughtAnswer(WireModel):
    """A listing that a basket buys."""

    listing: str
    seat: Uint256Out
    seller: Account
    price_wei: Uint256Out
    condition: ConditionAnswer


class SkippedAnswer(WireModel):
    """A listing that a basket leaves out; `cause` is what buying it alone would say."""

    listing: str
    cause: str
    """Code of why: the contract's error, or a problem of this API."""

    sentence: str


class BuyManyAnswer(PreparedAnswer):
    """A transaction that buys several seats, and what was left out of it."""

    bought: list[BoughtAnswer]
    """What it buys."""

    skipped: list[SkippedAnswer]
    """What it leaves out; empty: nothing."""


class ListAnswer(AsOf):
    """A listing that waits for its seller: a message to be signed, or a transaction to be sent."""

    id: str
    """What names the listing once it is kept here or stored on the chain."""

    digest: str
    """EIP-712 digest of the listing, which is what is signed: `0x` and 64 hex digits."""

    listing: ListingMessage
    """The values that are signed or stored."""

    typed_data: TypedDataAnswer | None
    """For a listing that is signed; then POST /v1/listings. Null for one that is stored."""

    transaction: PreparedAnswer | None
    """For a listing that is stored on the chain; null for one that is signed."""

    summary: str
    price_wei: Uint256Out
    royalty_wei: Uint256Out
    seller_net_wei: Uint256Out
    face_wei: Uint256Out
    warnings: list[WarningAnswer]
    expires_at: Moment
    """Until when the figures may be relied on, in UTC; the listing itself ends at
    `listing.expiry`."""


class ListingTurnAnswer(WireModel):
    """A turn that a listing is held back for: from everybody but its account and the seller."""

    yours: bool
    """Whether it is the caller's; the seller, who sees it too, is not told whose it is."""

    until: Moment
    """The first moment after it, in UTC."""

    courtesy: str
    """What it is worth, for people."""


class ListingAnswer(WireModel):
    """A listing that can be bought now."""

    listing: str
    """Its id."""

    seat: Uint256Out
    tier: int
    price_wei: Uint256Out
    royalty_wei: Uint256Out
    face_wei: Uint256Out
    seller: Account
    taker: Account | None
    """The only account that may buy; null: anybody may."""

    expires_at: Moment
    """The last second at which it can be bought, in UTC."""

    stored: bool
    """Whether it is bought as the chain keeps it; otherwise by its seller's signature. What a key
    has signed is bought by that, whether it is stored too or not."""

    signer: Literal["key", "wallet"] | None
    """What signed it: the seller's key, or a contract wallet, which may change its mind; null: it
    is bought as the chain keeps it."""

    wallet_asked_at: Moment | None
    """When the wallet said yes, in UTC; null: no wallet was asked, or none need be."""

    condition: ConditionAnswer
    turn: ListingTurnAnswer | None
    """Null: it is for everybody, or has come this moment."""


class WholeListingAnswer(ListingAnswer, AsOf):
    """A listing with all that buying takes, for clients that build the call themselves."""

    message: ListingMessage
    """The values that were signed or stored."""

    signature: str
    """Hex with `0x`; `0x` alone for a stored listing, which needs none, and for wallets that ask
    for none."""


class BookAnswer(AsOf):
    """A drop's living listings by price, then seat."""

    listings: list[ListingAnswer]
    """A page of them."""

    decision: DecisionAnswer
    """Why the caller may see them, and for how long."""

    courtesy: str | None
    """What it is worth that they are not for everybody, for people; null: they are for everybody,
    some perhaps after somebody's turn."""

    next: str | None
    """Give it as `after` for the page behind; a page may be shorter than asked, or empty, and still
    have one. Null: this is the last."""
