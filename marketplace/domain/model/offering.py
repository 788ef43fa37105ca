"""Offers: buyers sign, owners take.

Owns how an offer is filled and used up. Refuses offers of its own making: what ends them is what
ends listings (`marketplace.domain.model.trading`), and their nonce.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from marketplace.domain.addresses import ETH
from marketplace.domain.drop import DropState
from marketplace.domain.model import money
from marketplace.domain.model.moving import change_owner, refusals_of_moving, toll_of_seat
from marketplace.domain.model.refusals import Digest, Refused, refused, unknown_seat
from marketplace.domain.model.trading import (
    Current,
    refusals_of_price,
    refusals_of_selling,
    refusals_of_time,
)
from marketplace.domain.money import split_sale

if TYPE_CHECKING:
    from collections.abc import Iterator

    from marketplace.domain.ids import SeatId
    from marketplace.domain.model.state import Account, Call, Drop, Market
    from marketplace.domain.offer import SeatOffer, TierOffer


def cancel_offer(market: Market, call: Call, nonce: int) -> Market | Refused:
    """Kill the caller's offers with this nonce; twice does no harm."""
    return replace(market, spent_offers=market.spent_offers | {(call.sender, nonce)})


def accept_seat_offer(
    market: Market, call: Call, offer: SeatOffer, signed_by: Account
) -> Market | Refused:
    """Sell the caller's seat to who offered for it."""
    kept = market.living(offer.seat)
    if kept is None:
        return unknown_seat(offer.seat)
    if kept.epoch != offer.epoch:
        return refused("SeatMarket_EpochPassed", offer.seat, offer.epoch, kept.epoch)
    return _fill(market, call, offer, offer.seat, signed_by)


def accept_tier_offer(
    market: Market, call: Call, offer: TierOffer, seat: SeatId, signed_by: Account
) -> Market | Refused:
    """Sell the caller's seat to who offered for any seat of its tier."""
    kept = market.living(seat)
    if kept is None:
        return unknown_seat(seat)
    if (seat.drop, seat.tier) != (offer.drop, offer.tier):
        return refused("SeatMarket_OfferForAnother", seat, offer.drop, offer.tier)
    face = market.drops[seat.drop].face(kept)
    if face < offer.least_face:
        return refused("SeatMarket_FaceTooLow", seat, face, offer.least_face)
    return _fill(market, call, offer, seat, signed_by)


def _fill(
    market: Market, call: Call, offer: SeatOffer | TierOffer, seat: SeatId, signed_by: Account
) -> Market | Refused:
    refusal = next(_refusals_of_filling(market, call, offer, seat, signed_by), None)
    if refusal is not None:
        return refusal
    drop = market.drops[seat.drop]
    parts = split_sale(offer.price, drop.terms.royalty, toll_of_seat(drop, seat))
    paid_in = _offered_currency(market, drop)
    market = replace(market, spent_offers=market.spent_offers | {(offer.buyer, offer.nonce)})
    market = change_owner(money.hold(market, seat, parts.royalty), seat, offer.buyer, call.now)
    market = money.take(market, paid_in, offer.buyer, offer.price)
    if drop.terms.currency == ETH:
        # What waits with a seat is in the currency of its drop.
        market = money.unwrap(market, parts.royalty)
    return money.pay_or_credit(market, paid_in, call.sender, parts.seller_net)


def _refusals_of_filling(
    market: Market, call: Call, offer: SeatOffer | TierOffer, seat: SeatId, signed_by: Account
) -> Iterator[Refused]:
    kept, drop = market.seats[seat], market.drops[seat.drop]
    if kept.owner != call.sender:
        yield refused("SeatMarket_SellerNotOwner", seat, call.sender, kept.owner)
    if drop.state is not DropState.LIVE or call.now > drop.terms.ends_at:
        yield refused("SeatMarket_OffersClosed", seat.drop, drop.state, drop.terms.ends_at)
    if kept.owner == offer.buyer:
        yield refused("SeatMarket_SellerIsBuyer", kept.owner)
    if (offer.buyer, offer.nonce) in market.spent_offers:
        yield refused("SeatMarket_OfferSpent", offer.buyer, offer.nonce)
    rests_on = Current(offer.buyer, offer.counter, offer.terms_version, offer.expiry)
    yield from refusals_of_time(market, drop, seat, rests_on, call.now)
    yield from refusals_of_moving(drop, seat, kept, call.now)
    yield from refusals_of_price(drop, seat, kept, offer.price)
    if signed_by != offer.buyer:
        yield refused("SeatMarket_SignatureInvalid", offer.buyer, Digest.UNKNOWN)
    yield from refusals_of_selling(market, drop, seat, offer.price)
    paid_in = _offered_currency(market, drop)
    yield from money.refusals_of_taking(market, paid_in, offer.buyer, offer.price)


def _offered_currency(market: Market, drop: Drop) -> Account:
    return market.wrapped_ether if drop.terms.currency == ETH else drop.terms.currency
