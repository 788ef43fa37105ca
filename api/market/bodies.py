"""The JSON of buying and selling: what comes in and what goes out.

Owns the shapes. Refuses rules: these objects only carry. Every answer about the chain names the
block that it was made from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field

from api.gate.answers import DecisionAnswer  # noqa: TC001 - pydantic reads the annotations
from api.wire import Account, Moment, Uint256In, Uint256Out, WireModel
from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.ids import MAX_DROP, SeatId
from marketplace.domain.listing import MAX_LISTING_SECONDS, Listing
from marketplace.domain.money import Wei
from marketplace.orders.transport import MAX_SIGNATURE_BYTES

if TYPE_CHECKING:
    from marketplace.chain.keys import TypedData
    from marketplace.orders.advice import Warned

MIN_LISTING_SECONDS = 60
MAX_MINTED = 1_000
"""Seats that one prepared transaction mints at most: more do not fit a block."""

_HEX = f"^0x(?:[0-9a-fA-F]{{2}}){{0,{MAX_SIGNATURE_BYTES}}}$"
LISTING_ID = "^(?:[1-9][0-9]{0,18}-)?0x[0-9a-f]{64}$"


class MintOrder(WireModel):
    """Asks for a transaction that mints."""

    account: Account
    """Who will sign it, and pay."""

    drop: Annotated[int, Field(ge=1, le=MAX_DROP)]
    phase: Annotated[int, Field(ge=0, le=15)]
    quantity: Annotated[int, Field(ge=1, le=MAX_MINTED)] = 1
    recipient: Account | None = None
    """Who will own the seats; not named: who pays."""


class ListOrder(WireModel):
    """Asks for a listing to be signed, or for a transaction that stores it on the chain."""

    account: Account
    """Who owns the seat, and will sign."""

    seat: Uint256In
    price_wei: Uint256In
    expires_in_s: Annotated[int, Field(ge=MIN_LISTING_SECONDS, le=MAX_LISTING_SECONDS)]
    taker: Account | None = None
    """The only account that may buy; not named: anybody may."""

    stored: bool = False
    """Whether the chain shall keep it, for wallets that cannot sign typed data. Costs gas."""


class BuyOrder(WireModel):
    """Asks for a transaction that buys."""

    account: Account
    """Who will sign it, pay, and own the seat."""

    listing: Annotated[str, Field(pattern=LISTING_ID)]
    """The id of the listing."""


class CancelOrder(WireModel):
    """Asks for a transaction that kills every listing of a seat."""

    account: Account
    """Who owns the seat."""

    seat: Uint256In


class SignedListingBody(WireModel):
    """A signed listing, handed over for the book."""

    seat: Uint256In
    price: Uint256In
    epoch: Uint256In
    seller: Account
    counter: Uint256In
    terms_version: Uint256In
    taker: Account
    """The zero address: anybody."""

    expiry: Uint256In
    """Unix second, the last."""

    signature: Annotated[str, Field(pattern=_HEX)]
    """65 bytes r, s, v in hex."""

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


class TypedMember(WireModel):
    """A member of a struct, as EIP-712 names it."""

    name: str
    type: str


class TypedDomain(WireModel):
    """The domain that a signature is bound to."""

    name: str
    version: str
    chain_id: int = Field(serialization_alias="chainId")
    verifying_contract: Account = Field(serialization_alias="verifyingContract")


class TypedDataAnswer(WireModel):
    """What `eth_signTypedData_v4` takes as it is; uint256 are strings of decimal digits."""

    types: dict[str, list[TypedMember]]
    primary_type: str = Field(serialization_alias="primaryType")
    domain: TypedDomain
    message: dict[str, str]

    @classmethod
    def of(cls, typed: TypedData, primary_type: str) -> Self:
        """Write a message for wallets."""
        domain = typed.domain
        members = {
            "EIP712Domain": [
                TypedMember(name="name", type="string"),
                TypedMember(name="version", type="string"),
                TypedMember(name="chainId", type="uint256"),
                TypedMember(name="verifyingContract", type="address"),
            ],
            **{
                name: [TypedMember(name=one, type=kind) for one, kind in listed]
                for name, listed in typed.types.items()
            },
        }
        return cls(
            types=members,
            primary_type=primary_type,
            domain=TypedDomain(
                name=str(domain["name"]),
                version=str(domain["version"]),
                chain_id=int(domain["chainId"]),
                verifying_contract=ChecksumAddress(str(domain["verifyingContract"])),
            ),
            message={name: str(value) for name, value in typed.message.items()},
        )


class WarningAnswer(WireModel):
    """Something to think about before signing; `name` is stable."""

    name: str
    sentence: str

    @classmethod
    def of(cls, warned: Warned) -> Self:
        """Write a warning."""
        return cls(name=warned.name, sentence=warned.sentence)


class AsOf(WireModel):
    """The block that an answer was made from."""

    as_of_block: int
    block_hash: str


class PreparedAnswer(AsOf):
    """A transaction to be signed and sent; it was tried at that block and did not revert."""

    chain_id: int
    from_: Account = Field(serialization_alias="from")
    to: Account
    data: str
    """0x and hex digits."""

    value_wei: Uint256Out
    summary: str
    """What it does, in words."""

    expires_at: Moment
    """Ask again after it. A transaction that comes too late reverts; it never costs more."""

    total_wei: Uint256Out
    """What leaves the wallet, besides gas."""


class BuyAnswer(PreparedAnswer):
    """A transaction that buys a seat, and what the seat is worth."""

    listing: str
    seat: Uint256Out
    seller: Account
    price_wei: Uint256Out
    royalty_wei: Uint256Out
    """The mentor's part of the price; waits with the seat until the drop is settled."""

    face_wei: Uint256Out
    """What was paid at the mint."""

    held_wei: Uint256Out
    """Royalties and tolls that wait with the seat already."""

    warnings: list[WarningAnswer]


class ListAnswer(AsOf):
    """A listing that waits for its seller: a message to be signed, or a transaction to be sent."""

    id: str
    """What names the listing once it is kept here or stored on the chain."""

    digest: str
    """What is signed (EIP-712)."""

    listing: ListingMessage
    typed_data: TypedDataAnswer | None
    """For a listing that is signed; then POST /v1/listings."""

    transaction: PreparedAnswer | None
    """For a listing that is stored on the chain."""

    summary: str
    price_wei: Uint256Out
    royalty_wei: Uint256Out
    seller_net_wei: Uint256Out
    face_wei: Uint256Out
    warnings: list[WarningAnswer]
    expires_at: Moment
    """Until when the figures may be relied on; the listing itself ends at `listing.expiry`."""


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
    stored: bool
    """Whether the chain keeps it; otherwise its seller signed it."""


class WholeListingAnswer(ListingAnswer, AsOf):
    """A listing with all that buying takes, for clients that build the call themselves."""

    message: ListingMessage
    signature: str
    """0x alone for a stored listing, which needs none."""


class BookAnswer(AsOf):
    """A drop's living listings by price, then seat."""

    listings: list[ListingAnswer]
    decision: DecisionAnswer
    """Why the caller may see them, and for how long."""

    next: str | None
    """Give it as `after` for the page behind; a page may be shorter than asked, or empty, and
    still have one."""
