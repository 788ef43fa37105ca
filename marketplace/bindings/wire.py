"""Domain values as the tuples that the ABI's structs are encoded from.

Owns the order of members, which is that of `contracts/types/Terms.sol`. Refuses the way back:
`values.build` makes dataclasses of answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from marketplace.domain.drop import DropTerms, MintRequest, PhaseTerms, TierTerms
    from marketplace.domain.listing import Listing
    from marketplace.domain.offer import SeatOffer, TierOffer

Struct = tuple[object, ...]


def terms_tuple(terms: DropTerms) -> Struct:
    """`DropTerms`, in the contract's order."""
    return (
        terms.payout,
        terms.currency,
        terms.policy,
        terms.max_fee,
        terms.verifier,
        terms.resolver,
        terms.royalty,
        terms.toll,
        terms.resale_cap,
        terms.gift_cooldown,
        terms.starts_at,
        terms.ends_at,
        terms.deliver_by,
        terms.refund_until,
        terms.penalty,
        terms.challenge_days,
        terms.default_split,
        terms.terms_hash,
    )


def tier_tuple(tier: TierTerms) -> Struct:
    """`TierTerms`, in the contract's order."""
    return (tier.list_price, tier.cap)


def phase_tuple(phase: PhaseTerms) -> Struct:
    """`PhaseTerms`, in the contract's order."""
    return (
        phase.tier,
        phase.opens,
        phase.closes,
        phase.gate,
        phase.price,
        phase.supply,
        phase.reserved,
        phase.wallet_limit,
        phase.gate_data,
    )


def mint_tuple(request: MintRequest) -> Struct:
    """`MintRequest`, in the contract's order."""
    return (
        request.drop,
        request.phase,
        request.recipient,
        request.quantity,
        request.max_total,
        request.referrer,
    )


def listing_tuple(listing: Listing) -> Struct:
    """`Listing`, in the contract's order."""
    return (
        listing.seat,
        listing.price,
        listing.epoch,
        listing.seller,
        listing.counter,
        listing.terms_version,
        listing.taker,
        listing.expiry,
    )


def seat_offer_tuple(offer: SeatOffer) -> Struct:
    """`SeatOffer`, in the contract's order."""
    return (
        offer.seat,
        offer.price,
        offer.epoch,
        offer.buyer,
        offer.counter,
        offer.terms_version,
        offer.nonce,
        offer.expiry,
    )


def tier_offer_tuple(offer: TierOffer) -> Struct:
    """`TierOffer`, in the contract's order."""
    return (
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
