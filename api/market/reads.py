"""What the order book reads: signed listings.

Owns the statements. Refuses transactions and clocks: both are the caller's. Refuses to leave out
the dead: a reorganisation brings a listing back to life, so each is judged when it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, literal, or_, select, tuple_

from api.market.values import BookListing, Place
from api.store.tables import listings
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.ids import SeatId
from marketplace.domain.listing import Listing
from marketplace.domain.money import Wei
from marketplace.storage.columns import BIG, Bytes32, Uint256

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, RowMapping

    from indexer.queries import MirrorId
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId, TierIndex


def find(connection: Connection, mirror: MirrorId, digest: str) -> BookListing | None:
    """The signed listing of a digest (0x and 64 hex digits); None when none is kept."""
    statement = select(listings).filter_by(**mirror.columns, digest=digest)
    row = connection.execute(statement).mappings().one_or_none()
    return None if row is None else listing_of(row)


def page(  # noqa: PLR0913 - a page has that many bounds, each named
    connection: Connection,
    mirror: MirrorId,
    drop: DropId,
    *,
    tier: TierIndex | None,
    viewer: ChecksumAddress | None,
    ends_from: int,
    after: Place | None,
    limit: int,
) -> tuple[tuple[Place, BookListing], ...]:
    """The signed listings of a drop that a viewer may know of, dead ones too, in the book's order.

    Args:
        connection: Reading the API's tables.
        mirror: Chain and contract set.
        drop: Whose seats.
        tier: Of this tier alone.
        viewer: Who asks; None sees what is for everybody.
        ends_from: Unix second; listings that end before it are left out.
        after: The place that the page begins after, of a signed listing or a stored one.
        limit: How many at most.
    """
    named = listings.c
    statement = (
        select(listings)
        .filter_by(**mirror.columns, drop_id=drop)
        .where(named.expiry >= ends_from, _may_be_seen(viewer))
        .order_by(named.price, named.seat, named.digest)
        .limit(limit)
    )
    if tier is not None:
        statement = statement.where(named.tier == tier)
    if after is not None:
        statement = statement.where(_behind(after))
    rows = connection.execute(statement).mappings()
    return tuple((place_of(found), found) for found in map(listing_of, rows))


def newest(  # noqa: PLR0913 - as `page`
    connection: Connection,
    mirror: MirrorId,
    drop: DropId,
    *,
    tier: TierIndex | None,
    viewer: ChecksumAddress | None,
    ends_from: int,
    before: datetime | None,
    behind: str | None,
    limit: int,
) -> tuple[tuple[datetime, BookListing], ...]:
    """As `page`, the last that came first, with when it came.

    Args:
        connection: Reading the API's tables.
        mirror: Chain and contract set.
        drop: Whose seats.
        tier: Of this tier alone.
        viewer: Who asks; None sees what is for everybody.
        ends_from: Unix second; listings that end before it are left out.
        before: When the place that the page begins after came.
        behind: The digest at that place; None: whatever came then has been looked at.
        limit: How many at most.
    """
    named = listings.c
    statement = (
        select(listings)
        .filter_by(**mirror.columns, drop_id=drop)
        .where(named.expiry >= ends_from, _may_be_seen(viewer))
        .order_by(named.received_at.desc(), named.digest)
        .limit(limit)
    )
    if tier is not None:
        statement = statement.where(named.tier == tier)
    if before is not None:
        earlier = named.received_at < before
        if behind is not None:
            earlier = or_(earlier, and_(named.received_at == before, named.digest > behind))
        statement = statement.where(earlier)
    rows = connection.execute(statement).mappings()
    return tuple((row["received_at"], listing_of(row)) for row in rows)


def those_signed(
    connection: Connection, mirror: MirrorId, digests: Collection[str]
) -> Mapping[str, BookListing]:
    """Those of several digests (0x and 64 hex digits) that are kept as signed, by digest."""
    statement = select(listings).filter_by(**mirror.columns).where(listings.c.digest.in_(digests))
    found = map(listing_of, connection.execute(statement).mappings())
    return {one.digest: one for one in found}


def place_of(found: BookListing) -> Place:
    """Where a signed listing stands."""
    digest = int(found.digest, 16)
    return Place(found.listing.price, found.listing.seat, stored=False, first=digest, second=0)


def listing_of(row: RowMapping) -> BookListing:
    """Read a row of `listings`."""
    return BookListing(
        listing=Listing(
            seat=SeatId(row["seat"]),
            price=Wei(row["price"]),
            epoch=row["epoch"],
            seller=row["seller"],
            counter=row["counter"],
            terms_version=row["terms_version"],
            taker=row["taker"],
            expiry=row["expiry"],
        ),
        digest=row["digest"],
        signature=bytes(row["signature"]),
        wallet_asked_at=row["wallet_asked_at"],
        stored_first=bool(row["stored_first"]),
    )


def _may_be_seen(viewer: ChecksumAddress | None) -> ColumnElement[bool]:
    named = listings.c
    if viewer is None:
        return named.taker == ZERO_ADDRESS
    return or_(named.taker.in_((ZERO_ADDRESS, viewer)), named.seller == viewer)


def _behind(after: Place) -> ColumnElement[bool]:
    named = listings.c
    price, seat = literal(after.price, Uint256), literal(after.seat, BIG)
    if after.stored:
        # Signed listings of a price and a seat stand before the stored ones.
        return tuple_(named.price, named.seat) > tuple_(price, seat)
    digest = literal(f"0x{after.first:064x}", Bytes32)
    return tuple_(named.price, named.seat, named.digest) > tuple_(price, seat, digest)
