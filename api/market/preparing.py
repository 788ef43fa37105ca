"""Transactions and messages that a wallet is asked to sign.

Owns making each from the state at one block, and trying it there. Refuses to offer what the
contract would refuse: its error is raised instead. Refuses prices from anywhere but the contract:
what is signed names the exact price, so a price that has changed since reverts and never charges.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from api.actions.steps import Amount, Step
from api.actions.trying import QUOTE_S, site_of, tried
from api.market.audience import require_shown
from api.market.book import digest_text
from api.market.errors import ListingDead
from api.market.facts import facts_on_chain
from marketplace.bindings.reverts import NotOwner, SignatureInvalid
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.drop import DropState
from marketplace.domain.ids import SeatId
from marketplace.domain.listing import MAX_LISTING_SECONDS, Listing
from marketplace.domain.money import Wei
from marketplace.domain.times import utc_text
from marketplace.orders.judging import refusal_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.actions.trying import Prepared
    from api.gate.values import Resource
    from api.market.bodies import ListOrder
    from api.market.values import BookListing
    from api.parts import Parts
    from marketplace.chain.heads import Head
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.orders.judging import SaleFacts

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PreparedSale:
    """A purchase, and the facts that it rests on."""

    prepared: Prepared
    facts: SaleFacts
    now: int


@dataclass(frozen=True, slots=True)
class PreparedListing:
    """A listing that waits for its seller.

    Attributes:
        stored: The transaction that stores it; None where it is to be signed.
        resales: Those of its drop, and for whom they are.
    """

    listing: Listing
    digest: str
    facts: SaleFacts
    summary: str
    head: Head
    stored: Prepared | None
    resales: Resource
    now: int
    expires_at: int


def listing(parts: Parts, order: ListOrder) -> PreparedListing:
    """Prepare a listing of a seat that the account owns.

    Raises:
        ContractReverted: there is no such seat, or it is somebody else's.
        ListingDead: nobody could buy at this price, or by these terms.
        TermsUnpublished: nobody would be shown it.
        NotFound, MirrorBehind: the mirror does not have the drop, and says so, or cannot.
        WrongNode, ChainUnavailable: nothing can be said.
    """
    site, seat = site_of(parts), SeatId(order.seat)
    head = site.head
    facts = facts_on_chain(parts.chain.seats, seat, order.account, head.hash)
    if facts.seat.owner != order.account:
        raise NotOwner(seat, facts.seat.owner, order.account)
    now, head_s = parts.now, int(head.time.timestamp())
    offered = Listing(
        seat=seat,
        price=Wei(order.price_wei),
        epoch=facts.seat.epoch,
        seller=order.account,
        counter=facts.counter,
        terms_version=facts.terms.terms_version,
        taker=order.taker or ZERO_ADDRESS,
        # The contract counts the 30 days from its own clock, which lags a little behind ours.
        expiry=min(now + order.expires_in_s, head_s + MAX_LISTING_SECONDS),
    )
    refusal = refusal_of(offered, facts, now)
    if refusal is not None:
        raise ListingDead(refusal)
    resales = require_shown(parts, seat.drop, head.number)
    transaction = site.seats.list_seat(offered, site.drop(seat.drop).currency)
    whom = "" if offered.taker == ZERO_ADDRESS else f" to {offered.taker} alone"
    summary = f"{transaction.summary}{whom}, until {utc_text(offered.expiry)}"
    stored = None
    if order.stored:
        transaction = replace(transaction, summary=summary)
        stored = tried(site, Step(transaction, last=offered.expiry), order.account)
    return PreparedListing(
        listing=offered,
        digest=digest_text(parts, offered),
        facts=facts,
        summary=summary,
        head=head,
        stored=stored,
        resales=resales,
        now=now,
        expires_at=min(now + QUOTE_S, offered.expiry),
    )


def buy(parts: Parts, found: BookListing, account: ChecksumAddress) -> PreparedSale:
    """Prepare a purchase at the listing's price.

    Raises as `tried`; what has ended since the newest block is the contract's error too.
    """
    site, offered = site_of(parts), found.listing
    currency = site.drop(offered.seat.drop).currency
    facts = facts_on_chain(site.seats, offered.seat, offered.seller, site.head.hash)
    require_living(offered, facts, site.now)
    pays, last = (Amount(offered.price, currency),), last_of(offered, facts)

    def bought(signature: bytes) -> Prepared:
        transaction = site.seats.buy(offered, signature, currency)
        return tried(site, Step(transaction, pays=pays, last=last), account)

    return PreparedSale(in_first_way(found, bought), facts, parts.now)


def require_living(offered: Listing, facts: SaleFacts, now: int) -> None:
    """Refuse what the contract would refuse by now, whatever its newest block still allowed.

    Raises ContractReverted.
    """
    refusal = refusal_of(offered, facts, now)
    if refusal is not None:
        raise refusal


def in_first_way(found: BookListing, attempt: Callable[[bytes], T]) -> T:
    """Try a purchase in one way after the other, until the market takes who authorised it.

    Args:
        found: The listing.
        attempt: Tries it with a signature; what it raises is raised, but for SignatureInvalid where
            there is another way.
    """
    *others, last = found.ways
    for signature in others:
        with suppress(SignatureInvalid):
            return attempt(signature)
    return attempt(last)


def last_of(listing: Listing, facts: SaleFacts) -> int:
    """The last second at which a listing can be bought, as far as anybody can know."""
    live = facts.terms.state is DropState.LIVE
    return min(listing.expiry, facts.terms.deliver_by) if live else listing.expiry
