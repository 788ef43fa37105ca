"""What the order book writes: signed listings.

Owns the statements. Refuses transactions and clocks: both are the caller's.

A listing goes only when it can never be bought again: long after it has ended, or when its seller
has sent newer ones for the same seat than anybody needs. A dead one stays, because a
reorganisation may bring it back to life.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, func, insert, literal, select

from api.store.tables import listings

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from api.market.values import BookListing
    from indexer.queries import MirrorId

MAX_PER_SEAT: Final = 20
"""Listings of one seat and seller that are kept, the newest ones. A seat needs one for everybody
and one for each person it is offered to; a book of them all stays small, whoever floods it."""

EXPIRED_FOR_GOOD: Final = timedelta(days=1)
"""After its end by our clock: no reorganisation sets a chain's clock back by as much."""


def keep(connection: Connection, mirror: MirrorId, found: BookListing, now: datetime) -> bool:
    """Keep a signed listing; False when it was kept already, whatever signature came with it."""
    listing = found.listing
    connection.execute(
        delete(listings).where(listings.c.expiry < int((now - EXPIRED_FOR_GOOD).timestamp()))
    )
    _hold_seat(connection, found)
    known = select(literal(1)).where(listings.c.digest == found.digest)
    if connection.scalar(known) is not None:
        return False
    connection.execute(
        insert(listings).values(
            **mirror.columns,
            digest=found.digest,
            drop_id=listing.seat.drop,
            tier=listing.seat.tier,
            seat=int(listing.seat),
            seller=listing.seller,
            taker=listing.taker,
            price=listing.price,
            epoch=listing.epoch,
            counter=listing.counter,
            terms_version=listing.terms_version,
            expiry=listing.expiry,
            signature=found.signature,
            received_at=now,
        )
    )
    _forget_older(connection, mirror, found)
    return True


def _hold_seat(connection: Connection, found: BookListing) -> None:
    """Let nobody else keep a listing of this seat until the transaction ends.

    SQLite has one writer at a time anyway.
    """
    if connection.dialect.name == "postgresql":
        key = func.hashtextextended(f"listings of {found.listing.seat}", 0)
        connection.execute(select(func.pg_advisory_xact_lock(key)))


def _forget_older(connection: Connection, mirror: MirrorId, found: BookListing) -> None:
    of_seller = {**mirror.columns, "seat": int(found.listing.seat), "seller": found.listing.seller}
    newest = (
        select(listings.c.digest)
        .filter_by(**of_seller)
        # The one that has just come is the newest, whatever two clocks say.
        .order_by((listings.c.digest == found.digest).desc(), listings.c.received_at.desc())
        .limit(MAX_PER_SEAT)
    )
    connection.execute(
        delete(listings)
        .where(*(listings.c[name] == value for name, value in of_seller.items()))
        .where(listings.c.digest.not_in(newest))
    )
