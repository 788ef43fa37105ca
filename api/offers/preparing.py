"""Messages that a buyer signs to offer, and transactions by which an owner accepts.

Owns making both from the state at one block. Refuses prices from anywhere but the signed offer.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from api.actions.steps import Amount, Step
from api.actions.trying import QUOTE_S, require_paying, site_of, tried
from api.errors import FieldFault, InvalidRequest
from api.market.facts import facts_on_chain, seat_on_chain
from api.offers.book import currency_of, digest_text
from api.offers.errors import OfferDead
from api.offers.facts import bid_on_chain
from marketplace.domain.ids import DropId, SeatId, TierIndex
from marketplace.domain.listing import MAX_LISTING_SECONDS, Listing
from marketplace.domain.money import NO_MONEY, Wei, amount_text
from marketplace.domain.offer import SeatOffer, TierOffer
from marketplace.domain.times import utc_text
from marketplace.orders.bidding import refusal_of_bid, refusal_of_fill
from marketplace.orders.judging import SaleFacts

if TYPE_CHECKING:
    from api.actions.steps import Site
    from api.actions.trying import Prepared
    from api.offers.bodies import OfferOrder
    from api.offers.values import BookOffer
    from api.parts import Parts
    from marketplace.chain.heads import Head
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.orders.bidding import BidFacts
    from marketplace.orders.judging import SaleTerms
    from marketplace.orders.offers import Offer

_NONCE_BITS: Final = 64
"""Chance enough that a buyer's offers never share a number, whoever prepares them."""


@dataclass(frozen=True, slots=True)
class PreparedOffer:
    """An offer that waits for its buyer; `facts` are of the seat, where it names one."""

    offer: Offer
    digest: str
    terms: SaleTerms
    facts: SaleFacts | None
    currency: ChecksumAddress
    summary: str
    head: Head
    expires_at: int


@dataclass(frozen=True, slots=True)
class PreparedAcceptance:
    """A sale to a bidder, and the facts that it rests on."""

    prepared: Prepared
    seat: SeatId
    facts: SaleFacts


def offer(parts: Parts, order: OfferOrder) -> PreparedOffer:
    """Prepare an offer that its account could pay now.

    Raises:
        ContractReverted: there is no such seat, drop or tier.
        OfferDead: nobody could take it at this price, or by these terms.
        NotEnoughCurrency, AllowanceMissing: the account could not pay.
        ChainUnavailable, WrongNode: nothing can be said.
    """
    site = site_of(parts)
    made = _message(site, order)
    bid = bid_on_chain(site, made)
    made = replace(made, counter=bid.counter, terms_version=bid.terms.terms_version)
    facts = _seat_of(site, made, bid)
    if isinstance(made, SeatOffer) and facts is not None:
        made = replace(made, epoch=facts.seat.epoch)
        refusal = refusal_of_fill(made, made.seat, facts.seat, bid, site.now)
        what = f"seat {made.seat}"
    else:
        refusal = refusal_of_bid(made, bid, site.now)
        what = f"any seat of tier {order.tier} of drop {order.drop}"
    if refusal is not None:
        raise OfferDead(refusal)
    drop = made.seat.drop if isinstance(made, SeatOffer) else made.drop
    currency = currency_of(site, drop)
    require_paying(site, (Amount(made.price, currency),), order.account)
    return PreparedOffer(
        offer=made,
        digest=digest_text(parts, made),
        terms=bid.terms,
        facts=facts,
        currency=currency,
        summary=f"Offer {amount_text(made.price, currency)} for {what}, until "
        f"{utc_text(made.expiry)}; it can be taken as long as you hold and allow that much",
        head=site.head,
        expires_at=min(site.now + QUOTE_S, made.expiry),
    )


def accept(
    parts: Parts, found: BookOffer, account: ChecksumAddress, named: SeatId | None
) -> PreparedAcceptance:
    """Prepare the sale of one of an account's seats to a bidder.

    Raises:
        InvalidRequest: the seat is not named, or is not the one that the offer is for.
        ContractReverted: the contract refuses, also because the buyer cannot pay any more.
        TimeOver: offer or drop has ended since the newest block.
        ChainUnavailable, WrongNode: nothing can be said.
    """
    seat, signed = _seat_to_sell(found, named), found.offer
    site = site_of(parts)
    facts = facts_on_chain(site.seats, seat, account, site.head.hash)
    if isinstance(signed, SeatOffer):
        made = site.seats.accept_seat_offer(signed, found.signature, found.currency)
    else:
        made = site.seats.accept_tier_offer(signed, seat, found.signature, found.currency)
    split = facts.terms.split(signed.price)
    summary = f"{made.summary} of {amount_text(split.royalty, found.currency)}"
    step = Step(
        replace(made, summary=summary),
        gets=(Amount(split.seller_net, found.currency),),
        last=min(signed.expiry, site.drop(seat.drop).ends_at),
    )
    return PreparedAcceptance(tried(site, step, account), seat, facts)


def as_listing(signed: Offer, seat: SeatId, seller: ChecksumAddress) -> Listing:
    """The sale that accepting an offer is, in the words of a listing, for advice about it."""
    return Listing(
        seat=seat,
        price=signed.price,
        epoch=0,
        seller=seller,
        counter=signed.counter,
        terms_version=signed.terms_version,
        expiry=signed.expiry,
    )


def _message(site: Site, order: OfferOrder) -> Offer:
    """The offer as far as the order says it; counter, version and epoch are the chain's to say."""
    # The contract counts the 30 days from its own clock, which lags a little behind ours.
    latest = int(site.head.time.timestamp()) + MAX_LISTING_SECONDS
    expiry = min(site.now + order.expires_in_s, latest)
    price, nonce = Wei(order.price_wei), secrets.randbits(_NONCE_BITS)
    if order.seat is not None:
        return SeatOffer(
            seat=SeatId(order.seat),
            price=price,
            epoch=0,
            buyer=order.account,
            counter=0,
            terms_version=0,
            nonce=nonce,
            expiry=expiry,
        )
    return TierOffer(
        drop=DropId(order.drop or 0),
        tier=TierIndex(order.tier or 0),
        least_face=Wei(order.least_face_wei or NO_MONEY),
        price=price,
        buyer=order.account,
        counter=0,
        terms_version=0,
        nonce=nonce,
        expiry=expiry,
    )


def _seat_of(site: Site, made: Offer, bid: BidFacts) -> SaleFacts | None:
    if not isinstance(made, SeatOffer):
        return None
    seat = seat_on_chain(site.seats, made.seat, site.head.hash)
    return SaleFacts(seat=seat, terms=bid.terms, counter=bid.counter)


def _seat_to_sell(found: BookOffer, named: SeatId | None) -> SeatId:
    own = found.seat
    if own is None and named is None:
        raise InvalidRequest((FieldFault("/body/seat", "say which of your seats you sell"),))
    if own is not None and named not in {None, own}:
        raise InvalidRequest((FieldFault("/body/seat", f"this offer is for seat {own}"),))
    return own or SeatId(named or 0)
