"""The EIP-712 message of a listing: signing it, and finding who signed.

Owns domain and types exactly as `contracts/rooms/SeatMarket.sol` hashes them. Hashing, signing and
recovery are eth_account's. Refuses signatures that the contract refuses: other lengths than 65
bytes, a high s, other v than 27 and 28.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_keys.exceptions import BadSignature
from eth_utils.crypto import keccak

from marketplace.bindings.addresses import parse_address
from marketplace.chain.keys import TypedData

if TYPE_CHECKING:
    from eth_account.messages import SignableMessage

    from marketplace.chain.keys import Signer
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.listing import Listing

DOMAIN_NAME: Final = "Seatmarket"
DOMAIN_VERSION: Final = "1"
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

SIGNATURE_LENGTH: Final = 65
"""Bytes of a key's signature: r, s and v."""

_HALF_ORDER: Final = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0
"""Half the order of secp256k1: of two signatures by one key, only that with the lower s counts."""


def typed_listing(listing: Listing, chain_id: int, market: ChecksumAddress) -> TypedData:
    """The message that a wallet shows and signs for a listing on one chain and contract."""
    return TypedData(
        domain={
            "name": DOMAIN_NAME,
            "version": DOMAIN_VERSION,
            "chainId": chain_id,
            "verifyingContract": market,
        },
        types={PRIMARY_TYPE: LISTING_MEMBERS},
        message={
            "seat": int(listing.seat),
            "price": listing.price,
            "epoch": listing.epoch,
            "seller": listing.seller,
            "counter": listing.counter,
            "termsVersion": listing.terms_version,
            "taker": listing.taker,
            "expiry": listing.expiry,
        },
    )


def listing_digest(listing: Listing, chain_id: int, market: ChecksumAddress) -> bytes:
    """The 32 bytes that are signed; the contract's `digestOf` gives the same."""
    message = _signable(listing, chain_id, market)
    return keccak(b"\x19" + message.version + message.header + message.body)


def sign_listing(signer: Signer, listing: Listing, chain_id: int, market: ChecksumAddress) -> bytes:
    """Sign a listing; 65 bytes."""
    return signer.sign_typed_data(typed_listing(listing, chain_id, market))


def signer_of(
    listing: Listing, signature: bytes, chain_id: int, market: ChecksumAddress
) -> ChecksumAddress | None:
    """Who signed a listing with a key; None when no key's signature is of this form."""
    if signature_fault(signature) is not None:
        return None
    try:
        account = Account.recover_message(_signable(listing, chain_id, market), signature=signature)
    except (BadSignature, ValueError):
        return None
    return parse_address(account)


def is_signed_by_seller(
    listing: Listing, signature: bytes, chain_id: int, market: ChecksumAddress
) -> bool:
    """Whether the seller's key signed the listing.

    False says nothing about a seller that is a contract (ERC-1271): only the chain can ask it.
    """
    return signer_of(listing, signature, chain_id, market) == listing.seller


def signature_fault(signature: bytes) -> str | None:
    """What is wrong with the form of a key's signature, as a clause; None: nothing is."""
    if len(signature) != SIGNATURE_LENGTH:
        return f"it has {len(signature)} bytes"
    if int.from_bytes(signature[32:64], "big") > _HALF_ORDER:
        return "s is the higher of its two values"
    if signature[64] not in {27, 28}:
        return f"v is {signature[64]}, not 27 or 28"
    return None


def _signable(listing: Listing, chain_id: int, market: ChecksumAddress) -> SignableMessage:
    typed = typed_listing(listing, chain_id, market)
    return encode_typed_data(dict(typed.domain), typed.member_dicts(), dict(typed.message))
