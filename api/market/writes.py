"""What the order book writes: signed listings.

Owns their columns. Refuses transactions and clocks: both are the caller's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

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


def keep(connection: Connection, mirror: MirrorId, found: BookListing, now: datetime) -> bool:
    """Keep a signed listing; False when it was kept already, whatever signature came with it."""
    listing = found.listing
    of_signer = {**mirror.columns, "seat": int(listing.seat), "seller": listing.seller}
    shelf = Shelf(listings, of_signer, MAX_PER_SEAT, f"listings of {listing.seat}")
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
