"""Transactions and messages that a wallet is asked to sign.

Owns making each from the state at one block, and trying it there. Refuses to offer what the
contract would refuse: its error is raised instead. Refuses prices from anywhere but the contract:
what is signed names the exact price, so a price that has changed since reverts and never charges.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from api.market.book import digest_text
from api.market.errors import ListingDead
from api.market.facts import facts_on_chain
from marketplace.bindings.reverts import NotOwner, PhaseUnknown
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.drop import DropState, MintRequest
from marketplace.domain.ids import DropId, PhaseIndex, SeatId
from marketplace.domain.listing import MAX_LISTING_SECONDS, Listing
from marketplace.domain.money import Wei
from marketplace.domain.times import utc_text
from marketplace.orders.judging import refusal_of

if TYPE_CHECKING:
    from api.market.bodies import ListOrder, MintOrder
    from api.market.values import BookListing
    from api.parts import Parts
    from marketplace.bindings.transactions import PreparedTransaction
    from marketplace.chain.heads import Head
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.orders.judging import SaleFacts

QUOTE_S: Final = 300
"""Seconds in which a prepared transaction should be signed: people read before they sign."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A transaction that was tried after a block and not refused.

    Attributes:
        expires_at: Unix second after which it may revert, and new terms should be asked for.
    """

    transaction: PreparedTransaction
    account: ChecksumAddress
    head: Head
    expires_at: int


@dataclass(frozen=True, slots=True)
class PreparedSale:
    """A purchase, and the facts that it rests on."""

    prepared: Prepared
    facts: SaleFacts
    now: int


@dataclass(frozen=True, slots=True)
class PreparedListing:
    """A listing that waits for its seller; `stored` is the transaction that stores it."""

    listing: Listing
    digest: str
    facts: SaleFacts
    summary: str
    head: Head
    stored: Prepared | None
    now: int
    expires_at: int


def mint(parts: Parts, order: MintOrder) -> Prepared:
    """Prepare a mint at the phase's price.

    Raises ContractReverted, NotEnoughEther, WrongNode, ChainUnavailable.
    """
    head, contract = parts.chain.head(), parts.chain.seats
    drop = DropId(order.drop)
    overview = contract.terms_of(drop, head.hash)
    phases, currency = overview.phases, overview.terms.currency
    if order.phase >= len(phases):
        raise PhaseUnknown(drop, PhaseIndex(order.phase))
    phase = phases[order.phase]
    total = Wei(phase.price * order.quantity)
    request = MintRequest(
        drop=drop,
        phase=PhaseIndex(order.phase),
        recipient=order.recipient or order.account,
        quantity=order.quantity,
        max_total=total,
    )
    transaction = contract.mint(request, total, currency=currency)
    if request.recipient != order.account:
        summary = f"{transaction.summary}, to be owned by {request.recipient}"
        transaction = replace(transaction, summary=summary)
    return _tried(parts, head, transaction, order.account, phase.closes)


def listing(parts: Parts, order: ListOrder) -> PreparedListing:
    """Prepare a listing of a seat that the account owns.

    Raises:
        ContractReverted: there is no such seat, or it is somebody else's.
        ListingDead: nobody could buy at this price, or by these terms.
        WrongNode, ChainUnavailable: nothing can be said.
    """
    head, seat = parts.chain.head(), SeatId(order.seat)
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
    currency = _currency_of(parts, seat, head)
    transaction = parts.chain.seats.list_seat(offered, currency)
    whom = "" if order.taker is None else f" to {order.taker} alone"
    summary = f"{transaction.summary}{whom}, until {utc_text(offered.expiry)}"
    stored = None
    if order.stored:
        transaction = replace(transaction, summary=summary)
        stored = _tried(parts, head, transaction, order.account, offered.expiry)
    return PreparedListing(
        listing=offered,
        digest=digest_text(parts, offered),
        facts=facts,
        summary=summary,
        head=head,
        stored=stored,
        now=now,
        expires_at=min(now + QUOTE_S, offered.expiry),
    )


def buy(parts: Parts, found: BookListing, account: ChecksumAddress) -> PreparedSale:
    """Prepare a purchase at the listing's price.

    Raises ContractReverted, NotEnoughEther, WrongNode, ChainUnavailable.
    """
    head, contract, offered = parts.chain.head(), parts.chain.seats, found.listing
    currency = _currency_of(parts, offered.seat, head)
    transaction = contract.buy(offered, found.signature or b"", currency)
    facts = facts_on_chain(contract, offered.seat, offered.seller, head.hash)
    live = facts.terms.state is DropState.LIVE
    last = min(offered.expiry, facts.terms.deliver_by) if live else offered.expiry
    return PreparedSale(_tried(parts, head, transaction, account, last), facts, parts.now)


def cancel_listings(parts: Parts, seat: SeatId, account: ChecksumAddress) -> Prepared:
    """Prepare the end of every listing of a seat.

    Raises ContractReverted, NotEnoughEther, WrongNode, ChainUnavailable.
    """
    head = parts.chain.head()
    transaction = parts.chain.seats.cancel_listings(seat)
    return _tried(parts, head, transaction, account, parts.now + QUOTE_S)


def _currency_of(parts: Parts, seat: SeatId, head: Head) -> ChecksumAddress:
    """What a seat is paid in: only ETH goes with the transaction, and only ETH is called so."""
    return parts.chain.seats.terms_of(seat.drop, head.hash).terms.currency


def _tried(
    parts: Parts,
    head: Head,
    transaction: PreparedTransaction,
    account: ChecksumAddress,
    last: int,
) -> Prepared:
    parts.chain.simulate(transaction, account, head.hash)
    return Prepared(transaction, account, head, min(parts.now + QUOTE_S, last))
