"""How what was prepared and found is written.

Owns the way from the book's and the preparing functions' values to their JSON. Refuses rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.gate.answers import DecisionAnswer, moment
from api.market import bodies
from api.market.values import listing_id
from marketplace.domain.addresses import ZERO_ADDRESS, ChecksumAddress
from marketplace.orders.advice import warnings_for_buyer, warnings_for_seller
from marketplace.orders.listings import PRIMARY_TYPE, typed_listing

if TYPE_CHECKING:
    from api.gate.decision import Granted
    from api.market.book import Living
    from api.market.pages import BookPage
    from api.market.preparing import Prepared, PreparedListing, PreparedSale
    from api.market.values import BookListing
    from api.parts import Parts
    from indexer.queries import Moment


def prepared_answer(parts: Parts, prepared: Prepared) -> bodies.PreparedAnswer:
    """Write a transaction to be signed."""
    transaction, head = prepared.transaction, prepared.head
    return bodies.PreparedAnswer(
        chain_id=parts.settings.chain_id,
        from_=prepared.account,
        to=parts.chain.seats.address,
        data=f"0x{transaction.data.hex()}",
        value_wei=transaction.value,
        summary=transaction.summary,
        expires_at=moment(prepared.expires_at),
        total_wei=transaction.value,
        as_of_block=head.number,
        block_hash=f"0x{head.hash.hex()}",
    )


def buy_answer(parts: Parts, found: BookListing, sale: PreparedSale) -> bodies.BuyAnswer:
    """Write a purchase to be signed."""
    listing, facts = found.listing, sale.facts
    return bodies.BuyAnswer(
        **dict(prepared_answer(parts, sale.prepared)),
        listing=found.id,
        seat=int(listing.seat),
        seller=listing.seller,
        price_wei=listing.price,
        royalty_wei=facts.terms.split(listing.price).royalty,
        face_wei=facts.seat.face,
        held_wei=facts.seat.held,
        warnings=[
            bodies.WarningAnswer.of(one) for one in warnings_for_buyer(listing, facts, sale.now)
        ],
    )


def list_answer(parts: Parts, prepared: PreparedListing) -> bodies.ListAnswer:
    """Write a listing that waits for its seller."""
    listing, facts, head = prepared.listing, prepared.facts, prepared.head
    split, stored = facts.terms.split(listing.price), prepared.stored
    contract = ChecksumAddress(parts.settings.contract)
    typed = typed_listing(listing, parts.settings.chain_id, contract)
    return bodies.ListAnswer(
        id=listing_id(listing, prepared.digest, stored=stored is not None),
        digest=prepared.digest,
        listing=bodies.ListingMessage.of(listing),
        typed_data=None if stored else bodies.TypedDataAnswer.of(typed, PRIMARY_TYPE),
        transaction=None if stored is None else prepared_answer(parts, stored),
        summary=prepared.summary,
        price_wei=listing.price,
        royalty_wei=split.royalty,
        seller_net_wei=split.seller_net,
        face_wei=facts.seat.face,
        warnings=[
            bodies.WarningAnswer.of(one)
            for one in warnings_for_seller(listing, facts, prepared.now)
        ],
        expires_at=moment(prepared.expires_at),
        as_of_block=head.number,
        block_hash=f"0x{head.hash.hex()}",
    )


def listing_answer(living: Living) -> bodies.ListingAnswer:
    """Write a listing of a book."""
    found, facts = living.found, living.facts
    listing = found.listing
    return bodies.ListingAnswer(
        listing=found.id,
        seat=int(listing.seat),
        tier=listing.seat.tier,
        price_wei=listing.price,
        royalty_wei=facts.terms.split(listing.price).royalty,
        face_wei=facts.seat.face,
        seller=listing.seller,
        taker=None if listing.taker == ZERO_ADDRESS else listing.taker,
        expires_at=moment(listing.expiry),
        stored=found.stored,
    )


def whole_answer(living: Living, judged_at: Moment) -> bodies.WholeListingAnswer:
    """Write a listing with its signature."""
    signature = living.found.signature or b""
    return bodies.WholeListingAnswer(
        **dict(listing_answer(living)),
        message=bodies.ListingMessage.of(living.found.listing),
        signature=f"0x{signature.hex()}",
        as_of_block=judged_at.number,
        block_hash=judged_at.hash,
    )


def book_answer(page: BookPage, granted: Granted) -> bodies.BookAnswer:
    """Write a page of a drop's book."""
    behind = page.behind
    return bodies.BookAnswer(
        listings=[listing_answer(one) for one in page.listings],
        decision=DecisionAnswer.of(granted),
        next=None if behind is None else behind.cursor,
        as_of_block=page.moment.number,
        block_hash=page.moment.hash,
    )
