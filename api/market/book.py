"""The order book: signed listings that are kept here, and those that the chain keeps.

Owns receiving a listing, finding one, and a drop's page of living ones. Every listing is judged by
the mirror at the moment it is asked for, all of a page by one moment. Refuses to say who may look:
`api.market.audience` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING, Final, TypeAlias

from api.market import reads, writes
from api.market.errors import (
    ContractSellerRefused,
    ListingDead,
    ListingSignatureMalformed,
    ListingSignatureWrong,
)
from api.market.facts import mirrored_sales
from api.market.values import BookListing, Place
from api.programme.numbers import is_mirrored
from indexer.queries import StoredAt, StoredListing, listings_of, listings_of_drop, mirror_status
from marketplace.bindings.reverts import SeatTokenUnknown
from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.ids import SeatId
from marketplace.domain.listing import Listing
from marketplace.orders.judging import refusal_of
from marketplace.orders.listings import (
    SIGNATURE_LENGTH,
    is_signed_by_seller,
    listing_digest,
    signature_fault,
)
from marketplace.storage.transactions import reading, writing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from api.market.facts import MirroredSales
    from api.parts import Parts
    from indexer.queries import Moment
    from marketplace.domain.ids import DropId, TierIndex
    from marketplace.orders.judging import SaleFacts

_Candidate: TypeAlias = "tuple[Place, BookListing | None]"
"""A listing that may be shown, at its place; None where it is not for the viewer."""

CHUNK: Final = 100
"""Listings fetched at once."""

MAX_JUDGED: Final = 2_000
"""Listings judged for one page; behind them the page ends, with a cursor that goes on."""

MAX_STORED: Final = 100
"""Listings of one seat, stored on the chain, among which one is looked for: the newest."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part of a drop's book is wanted.

    Attributes:
        tier: Of this tier alone.
        viewer: Who asks; None sees what is for everybody.
        after: The place that the page begins after.
    """

    drop: DropId
    tier: TierIndex | None
    viewer: ChecksumAddress | None
    after: Place | None
    limit: int


@dataclass(frozen=True, slots=True)
class Living:
    """A listing that can be bought at the moment of its facts."""

    found: BookListing
    facts: SaleFacts


@dataclass(frozen=True, slots=True)
class Received:
    """A listing that is kept; `new` where it was not before."""

    living: Living
    moment: Moment
    new: bool


@dataclass(frozen=True, slots=True)
class BookPage:
    """Living listings in their order; `behind` is where the next page begins after."""

    listings: tuple[Living, ...]
    moment: Moment
    behind: Place | None


def digest_text(parts: Parts, listing: Listing) -> str:
    """The EIP-712 digest of a listing on this API's chain: 0x and 64 hex digits."""
    settings = parts.settings
    return _digest_text(listing, settings.chain_id, ChecksumAddress(settings.contract))


@lru_cache(maxsize=10_000)
def _digest_text(listing: Listing, chain_id: int, contract: ChecksumAddress) -> str:
    # The same values have the same digest for ever, and a stored listing's is asked for often.
    return f"0x{listing_digest(listing, chain_id, contract).hex()}"


def receive(parts: Parts, listing: Listing, signature: bytes) -> Received:
    """Keep a signed listing.

    Raises:
        ListingSignatureRefused: the seller has not signed it with a key.
        ListingDead: nobody could buy it.
    """
    _require_signed(parts, listing, signature)
    found = BookListing(listing=listing, digest=digest_text(parts, listing), signature=signature)
    living, moment = alive(parts, found)
    with writing(parts.store) as connection:
        new = writes.keep(connection, parts.mirror_id, found, parts.clock())
    return Received(living, moment, new)


def find(parts: Parts, id_: str) -> BookListing | None:
    """The listing of an id, dead or alive; None when there is none."""
    seat, _, digest = id_.rpartition("-")
    if not seat:
        with reading(parts.store) as connection:
            return reads.find(connection, parts.mirror_id, digest)
    named = SeatId(int(seat))
    if not is_mirrored(named.drop):
        return None
    with reading(parts.reads) as connection:
        told = listings_of(connection, parts.mirror_id, named)
    for one in islice(reversed(told), MAX_STORED):
        found = _stored(parts, one)
        if found.digest == digest:
            return found
    return None


def alive(parts: Parts, found: BookListing) -> tuple[Living, Moment]:
    """Judge a listing by the mirror's newest block, and give that.

    Raises ListingDead.
    """
    listing = found.listing
    with reading(parts.reads) as connection:
        sales = mirrored_sales(connection, parts.mirror_id, listing.seat.drop)
        facts = None if sales is None else sales.of(listing.seat, listing.seller)
        moment = mirror_status(connection, parts.mirror_id).head
    if facts is None:
        raise ListingDead(SeatTokenUnknown(listing.seat))
    refusal = refusal_of(listing, facts, parts.now)
    if refusal is not None:
        raise ListingDead(refusal)
    return Living(found, facts), moment


def page(parts: Parts, asked: Asked) -> BookPage:
    """Read a page of a drop's living listings, by price and seat, judged by one moment."""
    with reading(parts.reads) as mirror, reading(parts.store) as store:
        moment = mirror_status(mirror, parts.mirror_id).head
        sales = mirrored_sales(mirror, parts.mirror_id, asked.drop)
        if sales is None:
            return BookPage((), moment, None)
        shown: list[Living] = []
        last: Place | None = None
        signed, stored = _signed(parts, store, asked), _stored_in(parts, mirror, store, asked)
        offered = merge(_learnt(sales, signed), _learnt(sales, stored), key=lambda one: one[0])
        for judged, (place, found) in enumerate(offered):
            if len(shown) == asked.limit or judged == MAX_JUDGED:
                return BookPage(tuple(shown), moment, last)
            last = place
            living = None if found is None else _living(sales, found, parts.now)
            if living is not None:
                shown.append(living)
        return BookPage(tuple(shown), moment, None)


def _living(sales: MirroredSales, found: BookListing, now: int) -> Living | None:
    facts = sales.of(found.listing.seat, found.listing.seller)
    if facts is None or refusal_of(found.listing, facts, now) is not None:
        return None
    return Living(found, facts)


def _learnt(sales: MirroredSales, chunks: Iterator[list[_Candidate]]) -> Iterator[_Candidate]:
    for chunk in chunks:
        sales.learn({found.listing.seat for _, found in chunk if found is not None})
        yield from chunk


def _signed(parts: Parts, connection: Connection, asked: Asked) -> Iterator[list[_Candidate]]:
    after = asked.after
    while True:
        found = reads.page(
            connection,
            parts.mirror_id,
            asked.drop,
            tier=asked.tier,
            viewer=asked.viewer,
            ends_from=parts.now,
            after=after,
            limit=CHUNK,
        )
        yield [*found]
        if len(found) < CHUNK:
            return
        after = found[-1][0]


def _stored_in(
    parts: Parts, mirror: Connection, store: Connection, asked: Asked
) -> Iterator[list[_Candidate]]:
    after = _stored_after(asked.after)
    while True:
        told = listings_of_drop(
            mirror,
            parts.mirror_id,
            asked.drop,
            parts.now,
            tier=asked.tier,
            after=after,
            limit=CHUNK,
        )
        found = [(_place_of(one.at), _stored(parts, one.listing)) for one in told]
        # A seller may have signed what the chain keeps as well: it is shown once.
        kept = reads.kept_of(store, [one.digest for _, one in found]) if found else frozenset()
        yield [
            (place, None if one.digest in kept or not one.visible_to(asked.viewer) else one)
            for place, one in found
        ]
        if len(told) < CHUNK:
            return
        after = told[-1].at


def _place_of(at: StoredAt) -> Place:
    return Place(at.price, at.seat, stored=True, first=at.block_number, second=at.log_index)


def _stored_after(after: Place | None) -> StoredAt | None:
    if after is None:
        return None
    if after.stored:
        return StoredAt(after.price, after.seat, after.first, after.second)
    # Stored listings of a price and a seat stand behind the signed ones.
    return StoredAt(after.price, after.seat, -1, -1)


def _stored(parts: Parts, told: StoredListing) -> BookListing:
    listing = Listing(
        seat=told.seat,
        price=told.price,
        epoch=told.epoch,
        seller=told.seller,
        counter=told.counter,
        terms_version=told.terms_version,
        taker=told.taker,
        expiry=told.expiry,
    )
    return BookListing(listing=listing, digest=digest_text(parts, listing), signature=None)


def _require_signed(parts: Parts, listing: Listing, signature: bytes) -> None:
    fault = signature_fault(signature)
    if fault is not None and len(signature) > SIGNATURE_LENGTH:
        raise ContractSellerRefused(listing.seller)
    if fault is not None:
        raise ListingSignatureMalformed(fault)
    contract = ChecksumAddress(parts.settings.contract)
    if not is_signed_by_seller(listing, signature, parts.settings.chain_id, contract):
        raise ListingSignatureWrong(listing.seller)
