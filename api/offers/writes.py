"""What the book of offers writes: signed offers to buy.

Owns their columns. Refuses transactions and clocks: both are the caller's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.market.shelf import Shelf
from api.store.tables import offers
from marketplace.domain.offer import SeatOffer

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from api.offers.values import BookOffer
    from indexer.queries import MirrorId

MAX_PER_BUYER: Final = 20
"""Offers of one buyer in one drop that are kept, the newest ones."""


def keep(connection: Connection, mirror: MirrorId, found: BookOffer, now: datetime) -> bool:
    """Keep a signed offer; False when it was kept already, whatever signature came with it."""
    offer = found.offer
    if isinstance(offer, SeatOffer):
        aim = {"seat": int(offer.seat), "epoch": offer.epoch, "least_face": None}
    else:
        aim = {"seat": None, "epoch": None, "least_face": offer.least_face}
    of_signer = {**mirror.columns, "drop_id": found.drop, "buyer": offer.buyer}
    shelf = Shelf(offers, of_signer, MAX_PER_BUYER, f"offers of {offer.buyer}")
    values = {
        **of_signer,
        **aim,
        "terms_hash": found.terms_hash,
        "tier": found.tier,
        "price": offer.price,
        "currency": found.currency,
        "counter": offer.counter,
        "terms_version": offer.terms_version,
        "nonce": offer.nonce,
        "expiry": offer.expiry,
        "signature": found.signature,
        "wallet_asked_at": found.wallet_asked_at,
    }
    return shelf.keep(connection, found.digest, values, now)
