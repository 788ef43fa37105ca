"""Resale: listings, and baskets of them.

Owns what ends a listing or an offer, and where the price of a sale goes. Refuses signatures as
bytes: who signed exactly this message is an argument, and nobody for no bytes at all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from marketplace.domain.addresses import ETH, ZERO_ADDRESS
from marketplace.domain.listing import MAX_LISTING_SECONDS, Listing
from marketplace.domain.model import money
from marketplace.domain.model.moving import (
    change_owner,
    refusals_of_epoch,
    refusals_of_moving,
    toll_of_seat,
)
from marketplace.domain.model.refusals import Digest, Refused, refused, unknown_seat
from marketplace.domain.model.state import currency_of
from marketplace.domain.money import NO_MONEY, Wei, price_bounds, split_sale

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from marketplace.domain.ids import SeatId
    from marketplace.domain.model.state import Account, Call, Drop, Market, Seat

UNSIGNED = ZERO_ADDRESS
"""Who signed when there are no bytes."""


@dataclass(frozen=True, slots=True)
class Current:
    """What ends listings and offers alike."""

    signer: Account
    counter: int
    terms_version: int
    expiry: int


MOST_OF_ALL: Final = Wei(5 * (2**80 - 1))
"""No resale costs more: five times the largest face, which fits 80 bits."""


def buy(market: Market, call: Call, listing: Listing, signed_by: Account) -> Market | Refused:
    """Buy a listed seat for exactly its price."""
    return _buy(market, call, listing, signed_by, call.sender)


def buy_for(market: Market, call: Call, listing: Listing, signed_by: Account) -> Market | Refused:
    """Only the contract itself calls this; `buy_many` is how."""
    del market, listing, signed_by
    return refused("SeatMarket_OnlyItself", call.sender)


def buy_many(
    market: Market, call: Call, listings: Sequence[Listing], signed_by: Sequence[Account]
) -> Market | Refused:
    """Buy as many as can be bought; skip the others and pay back what they would have cost."""
    if len(listings) != len(signed_by):
        return refused("SeatMarket_LengthsDiffer", len(listings), len(signed_by))
    prices = [_ether_of(market, one) for one in listings]
    for price in prices:
        if price > MOST_OF_ALL:
            return refused("SeatMarket_PriceOutOfBounds", price, 1, MOST_OF_ALL)
    total = Wei(sum(prices))
    if call.value != total:
        return refused("SeatMarket_WrongPayment", total, call.value)
    market = money.receive_ether(market, call)
    left, filled = total, False
    for listing, signer in zip(listings, signed_by, strict=True):
        price = _ether_of(market, listing)
        # The contract pays itself, so that the price is there already.
        inner = replace(call, sender=market.address, value=price)
        after = _buy(market, inner, listing, signer, call.sender)
        if not isinstance(after, Refused):
            market, left, filled = after, Wei(left - price), True
    if not filled:
        return refused("SeatMarket_NothingBought", len(listings))
    return money.pay_or_credit(market, ETH, call.sender, left)


def list_seat(market: Market, call: Call, listing: Listing) -> Market | Refused:
    """Authorise a listing on chain; the rest of it is looked at when somebody buys."""
    if call.sender != listing.seller:
        return refused("SeatMarket_NotTheSeller", listing.seller, call.sender)
    kept = market.living(listing.seat)
    if kept is None:
        return unknown_seat(listing.seat)
    refusal = next(_refusals_of_listing(listing, kept, call.now), None)
    return refusal or replace(market, stored_listings=market.stored_listings | {listing})


def bump_counter(market: Market, call: Call) -> Market | Refused:
    """Kill every listing and offer of the caller, by a step that nobody can foresee."""
    step = 1 + (int.from_bytes(call.block_hash, "big") >> 128)
    counter = market.counter(call.sender) + step
    return replace(market, counters={**market.counters, call.sender: counter})


def _buy(
    market: Market, call: Call, listing: Listing, signed_by: Account, buyer: Account
) -> Market | Refused:
    refusal = next(_refusals_of_buying(market, call, listing, signed_by, buyer), None)
    if refusal is not None:
        return refusal
    seat, price = listing.seat, listing.price
    drop = market.drops[seat.drop]
    currency = drop.terms.currency
    parts = split_sale(price, drop.terms.royalty, toll_of_seat(drop, seat))
    if call.sender != market.address:
        market = money.receive_ether(market, call)
    market = change_owner(money.hold(market, seat, parts.royalty), seat, buyer, call.now)
    if currency != ETH:
        market = money.take(market, currency, buyer, price)
    return money.pay_or_credit(market, currency, listing.seller, parts.seller_net)


def _refusals_of_buying(
    market: Market, call: Call, listing: Listing, signed_by: Account, buyer: Account
) -> Iterator[Refused]:
    seat = listing.seat
    kept = market.living(seat)
    if kept is None:
        yield unknown_seat(seat)
        return
    drop = market.drops[seat.drop]
    yield from _refusals_of_owner(listing, kept)
    if listing.taker not in {ZERO_ADDRESS, buyer}:
        yield refused("SeatMarket_NotTheTaker", listing.taker, buyer)
    if kept.owner == buyer:
        yield refused("SeatMarket_SellerIsBuyer", buyer)
    rests_on = Current(kept.owner, listing.counter, listing.terms_version, listing.expiry)
    yield from refusals_of_time(market, drop, seat, rests_on, call.now)
    yield from refusals_of_moving(drop, seat, kept, call.now)
    yield from refusals_of_price(drop, seat, kept, listing.price)
    in_ether = drop.terms.currency == ETH
    if call.value != (listing.price if in_ether else 0):
        yield refused("SeatMarket_WrongPayment", listing.price if in_ether else 0, call.value)
    stored = signed_by == UNSIGNED and listing in market.stored_listings
    if not stored and signed_by != listing.seller:
        yield refused("SeatMarket_SignatureInvalid", listing.seller, Digest.UNKNOWN)
    yield from refusals_of_selling(market, drop, seat, listing.price)
    if not in_ether:
        yield from money.refusals_of_taking(market, drop.terms.currency, buyer, listing.price)


def _refusals_of_owner(listing: Listing, kept: Seat) -> Iterator[Refused]:
    if kept.owner != listing.seller:
        yield refused("SeatMarket_SellerNotOwner", listing.seat, listing.seller, kept.owner)
    if kept.epoch != listing.epoch:
        yield refused("SeatMarket_EpochPassed", listing.seat, listing.epoch, kept.epoch)


def _refusals_of_listing(listing: Listing, kept: Seat, now: int) -> Iterator[Refused]:
    yield from _refusals_of_owner(listing, kept)
    yield from _refusals_of_distance(listing.expiry, now)


def _refusals_of_distance(expiry: int, now: int) -> Iterator[Refused]:
    latest = now + MAX_LISTING_SECONDS
    if expiry > latest:
        yield refused("SeatMarket_ExpiryTooFar", expiry, latest)


def refusals_of_time(
    market: Market, drop: Drop, seat: SeatId, rests_on: Current, now: int
) -> Iterator[Refused]:
    """What ends listings and offers alike: counter, terms, time, and pauses."""
    current = market.counter(rests_on.signer)
    if rests_on.counter != current:
        yield refused("SeatMarket_CounterPassed", rests_on.signer, rests_on.counter, current)
    if rests_on.terms_version != drop.terms_version:
        yield refused("SeatMarket_TermsChanged", seat, rests_on.terms_version, drop.terms_version)
    if now > rests_on.expiry:
        yield refused("SeatMarket_ListingExpired", rests_on.expiry, now)
    yield from _refusals_of_distance(rests_on.expiry, now)
    if now <= drop.paused_until:
        yield refused("SeatMarket_Paused", seat.drop, drop.paused_until)


def refusals_of_price(drop: Drop, seat: SeatId, kept: Seat, price: Wei) -> Iterator[Refused]:
    """Why a seat is not sold at a price."""
    if kept.granted:
        yield refused("SeatMarket_Granted", seat)
    bounds = price_bounds(drop.face(kept), drop.terms.resale_cap, toll_of_seat(drop, seat))
    if not bounds.allow(price):
        yield refused("SeatMarket_PriceOutOfBounds", price, bounds.least, bounds.most)


def refusals_of_selling(market: Market, drop: Drop, seat: SeatId, price: Wei) -> Iterator[Refused]:
    """Why a sale that was authorised cannot be booked."""
    royalty = split_sale(price, drop.terms.royalty, toll_of_seat(drop, seat)).royalty
    yield from money.refusals_of_holding(market, seat, royalty)
    yield from refusals_of_epoch(seat, market.seats[seat])


def _ether_of(market: Market, listing: Listing) -> Wei:
    """What a purchase takes as ether; a drop that does not exist counts as one in ETH."""
    return listing.price if currency_of(market, listing.seat.drop) == ETH else NO_MONEY
