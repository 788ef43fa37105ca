"""Comparing what the API prepared with what was asked for, before anybody signs it.

Owns the comparison: each transaction is made again here, and only equal bytes pass; a listing's
message is rebuilt from its members. What passes is what this module built, never what was sent.

Refuses to trust a summary, an address or an amount of the API. Not checked, because only the chain
knows: whether the price is the phase's, and which epoch, counter and terms version are true. The
contract checks all of them. How long a listing may count is ours to say, as of an offer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from marketplace.bindings.actions import ARTIFACT, SeatsActions
from marketplace.bindings.interface import interface_of
from marketplace.bindings.transactions import PreparedTransaction
from marketplace.bindings.values import ValueUnexpected, address, octets, sequence, whole
from marketplace.client.errors import PreparedOtherwise
from marketplace.domain.ids import SeatId
from marketplace.domain.listing import Listing
from marketplace.domain.money import NO_MONEY, Wei
from marketplace.orders.listings import listing_digest, typed_listing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from marketplace.client.answers.market import (
        ListingMessage,
        Prepared,
        PreparedBuy,
        PreparedListing,
    )
    from marketplace.client.offering import Term
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.drop import Minting

_A = TypeVar("_A")
_SELECTOR: Final = 4
_DOMAIN_MEMBERS: Final = (
    ("name", "string"),
    ("version", "string"),
    ("chainId", "uint256"),
    ("verifyingContract", "address"),
)


@dataclass(frozen=True, slots=True)
class MarketAddress:
    """The market that a caller means, by their own knowledge."""

    chain_id: int
    contract: ChecksumAddress


@dataclass(frozen=True, slots=True)
class Signing:
    """Who is about to sign what kind of thing on which market."""

    what: str
    market: MarketAddress
    account: ChecksumAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked(PreparedTransaction, Generic[_A]):
    """A transaction that does what was asked for, and nothing else; `answer` has the figures."""

    answer: _A


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingOrder:
    """What a seller asked for; `taker` is nobody where anybody may buy."""

    account: ChecksumAddress
    seat: SeatId
    price: Wei
    taker: ChecksumAddress
    term: Term


def checked_mint(
    prepared: Prepared, market: MarketAddress, account: ChecksumAddress, asked: Minting
) -> Checked[Prepared]:
    """Check a mint. `asked.payment` is the most that the caller pays; 0 for any price.

    The transaction's own bound is the price that was prepared. Raises PreparedOtherwise.
    """
    paid = [one for one in prepared.pays if one.amount]
    if any(one.currency != asked.currency for one in paid) or len(paid) > 1:
        named = ", ".join(one.currency for one in paid)
        raise PreparedOtherwise("mint", f"it is paid in {named}, not in {asked.currency}")
    price = paid[0].amount if paid else NO_MONEY
    if asked.payment and price > asked.payment:
        raise PreparedOtherwise("mint", f"it costs {price} wei, and {asked.payment} is the most")
    request = replace(asked.request, max_total=price)
    built = SeatsActions(market.contract).mint(request, price, asked.authorisation, asked.currency)
    return _equal(Signing("mint", market, account), prepared, built, prepared)


def checked_action(
    prepared: Prepared,
    market: MarketAddress,
    account: ChecksumAddress,
    action: str,
    wanted: PreparedTransaction,
) -> Checked[Prepared]:
    """Check an action: it is the very transaction that is wanted. Raises PreparedOtherwise."""
    return _equal(Signing(action, market, account), prepared, wanted, prepared)


def checked_cancel(
    prepared: Prepared, market: MarketAddress, account: ChecksumAddress, seat: SeatId
) -> Checked[Prepared]:
    """Check the cancelling of a seat's listings. Raises PreparedOtherwise."""
    built = SeatsActions(market.contract).cancel_listings(seat)
    return _equal(Signing("cancelling", market, account), prepared, built, prepared)


def checked_buy(
    prepared: PreparedBuy, market: MarketAddress, account: ChecksumAddress, listing: str, most: Wei
) -> Checked[PreparedBuy]:
    """Check a purchase: it buys exactly the listing of this id. `most` 0 is any price.

    Raises PreparedOtherwise.
    """
    function = interface_of(ARTIFACT).functions["buy"]
    data = bytes.fromhex(prepared.data[2:])
    try:
        if data[:_SELECTOR] != function.selector:
            raise PreparedOtherwise("purchase", "it calls another function")
        members, signature = function.decode_arguments(data[_SELECTOR:])
        sold, signed = _sold(sequence(members)), octets(signature)
    except (ValueUnexpected, TypeError) as error:
        raise PreparedOtherwise("purchase", "its data cannot be read") from error
    digest = f"0x{listing_digest(sold, market.chain_id, market.contract).hex()}"
    # A stored listing's id is its seat and its digest, a signed one's is the digest alone.
    if listing.rpartition("-")[2] != digest:
        raise PreparedOtherwise("purchase", f"it buys the listing {digest}")
    if most and sold.price > most:
        raise PreparedOtherwise("purchase", f"it costs {sold.price} wei, and {most} is the most")
    if (prepared.seat, prepared.price_wei) != (sold.seat, sold.price):
        raise PreparedOtherwise("purchase", "its figures are those of another listing")
    built = SeatsActions(market.contract).buy(sold, signed)
    return _equal(Signing("purchase", market, account), prepared, built, prepared)


def checked_stored_listing(
    prepared: PreparedListing, market: MarketAddress, order: ListingOrder
) -> Checked[PreparedListing]:
    """Check a listing that the chain shall keep. Raises PreparedOtherwise."""
    listing = _checked_listing(prepared, market, order)
    if prepared.transaction is None:
        raise PreparedOtherwise("listing", "it holds no transaction")
    built = SeatsActions(market.contract).list_seat(listing)
    return _equal(Signing("listing", market, order.account), prepared.transaction, built, prepared)


def checked_signed_listing(
    prepared: PreparedListing, market: MarketAddress, order: ListingOrder
) -> Listing:
    """Check a listing that shall be signed; gives the listing as it is to be signed.

    The typed data must be that of this listing on this market to the last member. Raises
    PreparedOtherwise.
    """
    listing = _checked_listing(prepared, market, order)
    typed = typed_listing(listing, market.chain_id, market.contract)
    expected = {
        "types": {
            name: [{"name": member, "type": kind} for member, kind in members]
            for name, members in {"EIP712Domain": _DOMAIN_MEMBERS, **typed.types}.items()
        },
        "primaryType": "Listing",
        "domain": dict(typed.domain),
        "message": {name: str(value) for name, value in typed.message.items()},
    }
    if prepared.typed_data != expected:
        raise PreparedOtherwise("listing", "its typed data says something else than its members")
    return listing


def listing_of(message: ListingMessage) -> Listing:
    """The listing that an answer's members describe."""
    return Listing(
        seat=message.seat,
        price=message.price,
        epoch=message.epoch,
        seller=message.seller,
        counter=message.counter,
        terms_version=message.terms_version,
        expiry=message.expiry,
        taker=message.taker,
    )


def _checked_listing(
    prepared: PreparedListing, market: MarketAddress, order: ListingOrder
) -> Listing:
    listing = listing_of(prepared.listing)
    wanted = {
        "seat": (listing.seat, order.seat),
        "price": (listing.price, order.price),
        "seller": (listing.seller, order.account),
        "taker": (listing.taker, order.taker),
    }
    for name, (given, asked) in wanted.items():
        if given != asked:
            raise PreparedOtherwise("listing", f"its {name} is {given}, not {asked}")
    order.term.require("listing", listing.expiry)
    if prepared.digest != f"0x{listing_digest(listing, market.chain_id, market.contract).hex()}":
        raise PreparedOtherwise("listing", "its digest is that of another listing or market")
    return listing


def _sold(members: Sequence[object]) -> Listing:
    """The listing inside a purchase's data, in the order of `bindings.wire`."""
    seat, price, epoch, seller, counter, terms_version, taker, expiry = members
    return Listing(
        seat=SeatId(whole(seat)),
        price=Wei(whole(price)),
        epoch=whole(epoch),
        seller=address(seller),
        counter=whole(counter),
        terms_version=whole(terms_version),
        taker=address(taker),
        expiry=whole(expiry),
    )


def _equal(
    signing: Signing, prepared: Prepared, built: PreparedTransaction, answer: _A
) -> Checked[_A]:
    wanted = {
        "chain": (prepared.chain_id, signing.market.chain_id),
        "contract": (prepared.to, built.to),
        "sender": (prepared.sender, signing.account),
        "value": (prepared.value_wei, built.value),
        "total": (prepared.total_wei, built.value),
        "data": (prepared.data, f"0x{built.data.hex()}"),
    }
    for name, (given, asked) in wanted.items():
        if given != asked:
            raise PreparedOtherwise(
                signing.what, f"its {name} is {str(given)[:80]}, not {str(asked)[:80]}"
            )
    return Checked(
        to=built.to, data=built.data, summary=built.summary, value=built.value, answer=answer
    )
