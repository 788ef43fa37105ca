"""What is prepared for a wallet, and the order book.

Owns the shapes. Refuses to be signed unread: `marketplace.client.prepared` compares each with what
was asked for.
"""

from __future__ import annotations

from dataclasses import field
from typing import Literal

from pydantic import AwareDatetime, Field, JsonValue
from pydantic.dataclasses import dataclass

from marketplace.client.answers.access import Decision
from marketplace.client.answers.seats import Condition
from marketplace.client.wire import ANSWER, Account, HashText, SeatText, Uint256, WeiText
from marketplace.domain.ids import TierIndex


@dataclass(frozen=True, config=ANSWER)
class Warned:
    """Something to think about before signing; `name` is stable."""

    name: str
    sentence: str


@dataclass(frozen=True, config=ANSWER)
class Amount:
    """Money of one currency, in its smallest units; the zero address is ETH."""

    amount: WeiText
    currency: Account


@dataclass(frozen=True, kw_only=True, config=ANSWER)
class Prepared:
    """A transaction to be signed; it was tried at a block and did not revert.

    Attributes:
        total_wei: What leaves the wallet in ETH, without gas.
        pays: What leaves it in each currency.
        expires_at: When to prepare it anew.
    """

    chain_id: int
    sender: Account = Field(alias="from")
    to: Account
    data: str = Field(pattern="^0x(?:[0-9a-f]{2})*$", repr=False)
    value_wei: WeiText
    summary: str
    expires_at: AwareDatetime
    total_wei: WeiText
    pays: tuple[Amount, ...]
    as_of_block: int
    block_hash: HashText


@dataclass(frozen=True, kw_only=True, config=ANSWER)
class PreparedBuy(Prepared):
    """A purchase to be signed.

    Attributes:
        royalty_wei: The mentor's part of the price; waits with the seat until settlement.
        face_wei: What was paid at the mint.
        held_wei: Royalties and tolls that wait with the seat already.
    """

    listing: str
    seat: SeatText
    seller: Account
    price_wei: WeiText
    royalty_wei: WeiText
    face_wei: WeiText
    held_wei: WeiText
    condition: Condition
    warnings: tuple[Warned, ...]


@dataclass(frozen=True, kw_only=True, config=ANSWER)
class ListingMessage:
    """The members of a listing (EIP-712), as they are signed."""

    seat: SeatText
    price: WeiText
    epoch: Uint256
    seller: Account
    counter: Uint256
    terms_version: Uint256
    taker: Account
    expiry: Uint256


@dataclass(frozen=True, kw_only=True, config=ANSWER)
class PreparedListing:
    """An offer to sell, to be signed as typed data or sent as a transaction.

    Attributes:
        id: Names the listing once it is kept.
        digest: The 32 bytes that are signed.
        typed_data: For `eth_signTypedData_v4`; None when the chain is to keep the listing.
        transaction: None when it is to be signed only.
    """

    id: str
    digest: HashText
    listing: ListingMessage
    typed_data: dict[str, JsonValue] | None
    transaction: Prepared | None
    summary: str
    price_wei: WeiText
    royalty_wei: WeiText
    seller_net_wei: WeiText
    face_wei: WeiText
    warnings: tuple[Warned, ...]
    expires_at: AwareDatetime
    as_of_block: int
    block_hash: HashText


@dataclass(frozen=True, kw_only=True, config=ANSWER)
class ListingTurn:
    """A turn that a listing is held back for; `courtesy` says what that is worth.

    Attributes:
        yours: Whether it is the caller's; the seller sees it too, and is not told whose it is.
        until: The first moment after it.
    """

    yours: bool
    until: AwareDatetime
    courtesy: str


@dataclass(frozen=True, kw_only=True, config=ANSWER)
class Offer:
    """A listing that can be bought now.

    Attributes:
        listing: Its id.
        taker: The only account that may buy; None: anybody may.
        stored: Whether it is bought as the chain keeps it; otherwise by its seller's signature.
        signer: What signed it: the seller's key, or a contract wallet, which may change its mind
            and is asked again when a purchase is prepared. None where it is `stored`.
        wallet_asked_at: When the wallet said yes; None: no wallet was asked, or none need be.
        turn: None: it is for everybody.
    """

    listing: str
    seat: SeatText
    tier: TierIndex
    price_wei: WeiText
    royalty_wei: WeiText
    face_wei: WeiText
    seller: Account
    taker: Account | None
    expires_at: AwareDatetime
    stored: bool
    condition: Condition
    signer: Literal["key", "wallet"] | None
    wallet_asked_at: AwareDatetime | None
    turn: ListingTurn | None


@dataclass(frozen=True, kw_only=True, config=ANSWER)
class WholeOffer(Offer):
    """A listing with all that buying takes.

    `signature` is `0x` alone for a stored one, and for a wallet that asks for none.
    """

    message: ListingMessage
    signature: str = field(repr=False)
    as_of_block: int
    block_hash: HashText


@dataclass(frozen=True, kw_only=True, config=ANSWER)
class OffersPage:
    """A drop's living listings by price, then seat, and by what right they were shown.

    Attributes:
        courtesy: What it is worth that they are not for everybody, for people; None: they are.
        next: The place to go on from; a page may be empty and still have one. None ends.
    """

    listings: tuple[Offer, ...]
    decision: Decision
    courtesy: str | None
    next: str | None
    as_of_block: int
    block_hash: HashText
