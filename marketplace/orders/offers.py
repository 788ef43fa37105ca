"""The EIP-712 messages of offers: signing them, and finding who signed.

Owns the types exactly as `contracts/extension/SeatOffers.sol` hashes them. Refuses what
`marketplace.orders.messages` refuses, and to say whether the buyer can pay: the allowance and the
balance of the moment decide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from marketplace.domain.offer import SeatOffer, TierOffer
from marketplace.orders.messages import digest_of, key_that_signed, message

if TYPE_CHECKING:
    from marketplace.chain.keys import Signer, TypedData
    from marketplace.domain.addresses import ChecksumAddress

SEAT_OFFER_MEMBERS: Final = (
    ("seat", "uint256"),
    ("price", "uint256"),
    ("epoch", "uint256"),
    ("buyer", "address"),
    ("counter", "uint256"),
    ("termsVersion", "uint256"),
    ("nonce", "uint256"),
    ("expiry", "uint256"),
)
"""Members of the struct `SeatOffer`, in the order in which they are hashed."""

TIER_OFFER_MEMBERS: Final = (
    ("drop", "uint256"),
    ("tier", "uint256"),
    ("leastFace", "uint256"),
    ("price", "uint256"),
    ("buyer", "address"),
    ("counter", "uint256"),
    ("termsVersion", "uint256"),
    ("nonce", "uint256"),
    ("expiry", "uint256"),
)
"""Members of the struct `TierOffer`, in the order in which they are hashed."""

Offer = SeatOffer | TierOffer


def typed_offer(offer: Offer, chain_id: int, market: ChecksumAddress) -> TypedData:
    """The message that a wallet shows and signs for an offer on one chain and contract."""
    if isinstance(offer, SeatOffer):
        values = (
            int(offer.seat),
            offer.price,
            offer.epoch,
            offer.buyer,
            offer.counter,
            offer.terms_version,
            offer.nonce,
            offer.expiry,
        )
        return message("SeatOffer", SEAT_OFFER_MEMBERS, values, chain_id, market)
    tier_values = (
        offer.drop,
        offer.tier,
        offer.least_face,
        offer.price,
        offer.buyer,
        offer.counter,
        offer.terms_version,
        offer.nonce,
        offer.expiry,
    )
    return message("TierOffer", TIER_OFFER_MEMBERS, tier_values, chain_id, market)


def offer_digest(offer: Offer, chain_id: int, market: ChecksumAddress) -> bytes:
    """The 32 bytes that are signed; `SignatureInvalid` names the contract's own."""
    return digest_of(typed_offer(offer, chain_id, market))


def sign_offer(signer: Signer, offer: Offer, chain_id: int, market: ChecksumAddress) -> bytes:
    """Sign an offer; 65 bytes."""
    return signer.sign_typed_data(typed_offer(offer, chain_id, market))


def is_signed_by_buyer(
    offer: Offer, signature: bytes, chain_id: int, market: ChecksumAddress
) -> bool:
    """Whether the buyer's key signed the offer.

    False says nothing about a buyer that is a contract (ERC-1271): only the chain can ask it.
    """
    return key_that_signed(typed_offer(offer, chain_id, market), signature) == offer.buyer
