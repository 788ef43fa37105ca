"""The EIP-712 message of a listing: signing it, and finding who signed.

Owns the type exactly as `contracts/rooms/SeatMarket.sol` hashes it. Refuses what
`marketplace.orders.messages` refuses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from marketplace.orders.messages import (
    SIGNATURE_LENGTH,
    digest_of,
    key_that_signed,
    message,
    signature_fault,
)

if TYPE_CHECKING:
    from marketplace.chain.keys import Signer, TypedData
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.listing import Listing

__all__ = [
    "LISTING_MEMBERS",
    "PRIMARY_TYPE",
    "SIGNATURE_LENGTH",
    "is_signed_by_seller",
    "listing_digest",
    "sign_listing",
    "signature_fault",
    "signer_of",
    "typed_listing",
]

PRIMARY_TYPE: Final = "Listing"
LISTING_MEMBERS: Final = (
    ("seat", "uint256"),
    ("price", "uint256"),
    ("epoch", "uint256"),
    ("seller", "address"),
    ("counter", "uint256"),
    ("termsVersion", "uint256"),
    ("taker", "address"),
    ("expiry", "uint256"),
)
"""Members of the struct `Listing`, in the order in which they are hashed."""


def typed_listing(listing: Listing, chain_id: int, market: ChecksumAddress) -> TypedData:
    """The message that a wallet shows and signs for a listing on one chain and contract."""
    values = (
        int(listing.seat),
        listing.price,
        listing.epoch,
        listing.seller,
        listing.counter,
        listing.terms_version,
        listing.taker,
        listing.expiry,
    )
    return message(PRIMARY_TYPE, LISTING_MEMBERS, values, chain_id, market)


def listing_digest(listing: Listing, chain_id: int, market: ChecksumAddress) -> bytes:
    """The 32 bytes that are signed; the contract's `digestOf` gives the same."""
    return digest_of(typed_listing(listing, chain_id, market))


def sign_listing(signer: Signer, listing: Listing, chain_id: int, market: ChecksumAddress) -> bytes:
    """Sign a listing; 65 bytes."""
    return signer.sign_typed_data(typed_listing(listing, chain_id, market))


def signer_of(
    listing: Listing, signature: bytes, chain_id: int, market: ChecksumAddress
) -> ChecksumAddress | None:
    """Who signed a listing with a key; None when no key's signature is of this form."""
    return key_that_signed(typed_listing(listing, chain_id, market), signature)


def is_signed_by_seller(
    listing: Listing, signature: bytes, chain_id: int, market: ChecksumAddress
) -> bool:
    """Whether the seller's key signed the listing.

    False says nothing about a seller that is a contract (ERC-1271): only the chain can ask it.
    """
    return signer_of(listing, signature, chain_id, market) == listing.seller
