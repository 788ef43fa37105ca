"""What the order book writes: signed listings.

Owns their columns. Refuses transactions and clocks: both are the caller's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import and_

from api.market.shelf import Shelf
from api.store.tables import listings

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from api.market.values import BookListing
    from indexer.queries import MirrorId

MAX_PER_SEAT: Final = 20
"""Listings of one seat and seller that are kept, the newest ones. A seat needs one for everybody
and one for each person it is offered to; a book of them all stays small, whoever floods it."""


def keep(
    connection: Connection, mirror: MirrorId, found: BookListing, now: datetime, final_epoch: int
) -> bool:
    """Keep a signed listing; False when it was kept already, whatever signature came with it.

    Args:
        connection: Writing the API's tables.
        mirror: Chain and contract set.
        found: The listing.
        now: When it came.
        final_epoch: Of its seat, after the finalized block: no reorganisation revives what was
            listed in an epoch before, and it goes.
    """
    listing = found.listing
    of_seat = {**mirror.columns, "seat": int(listing.seat)}
    of_signer = {**of_seat, "seller": listing.seller}
    dead = and_(
        *(listings.c[name] == value for name, value in of_seat.items()),
        listings.c.epoch < final_epoch,
    )
    shelf = Shelf(listings, of_signer, MAX_PER_SEAT, f"listings of {listing.seat}", dead)
    values = {
        **of_signer,
        "drop_id": listing.seat.drop,
        "tier": listing.seat.tier,
        "taker": listing.taker,
        "price": listing.price,
        "epoch": listing.epoch,
        "counter": listing.counter,
        "terms_version": listing.terms_version,
        "expiry": listing.expiry,
        "signature": found.signature,
        "wallet_asked_at": found.wallet_asked_at,
        "stored_first": int(found.stored_first),
    }
    return shelf.keep(connection, found.digest, values, now)
