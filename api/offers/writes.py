"""What the book of offers writes.

Owns the statements. Refuses transactions and clocks: both are the caller's. As with listings, an
offer goes only when it can never be taken again, or when its buyer has sent newer ones than anybody
needs; a dead one stays, because a reorganisation may bring it back to life.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, func, insert, literal, select

from api.market.writes import EXPIRED_FOR_GOOD
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
    connection.execute(
        delete(offers).where(offers.c.expiry < int((now - EXPIRED_FOR_GOOD).timestamp()))
    )
    _hold_buyer(connection, found)
    known = select(literal(1)).where(offers.c.digest == found.digest)
    if connection.scalar(known) is not None:
        return False
    if isinstance(offer, SeatOffer):
        aim = {"seat": int(offer.seat), "epoch": offer.epoch, "least_face": None}
    else:
        aim = {"seat": None, "epoch": None, "least_face": offer.least_face}
    connection.execute(
        insert(offers).values(
            **mirror.columns,
            digest=found.digest,
            drop_id=found.drop,
            terms_hash=found.terms_hash,
            tier=found.tier,
            **aim,
            buyer=offer.buyer,
            price=offer.price,
            currency=found.currency,
            counter=offer.counter,
            terms_version=offer.terms_version,
            nonce=offer.nonce,
            expiry=offer.expiry,
            signature=found.signature,
            received_at=now,
        )
    )
    _forget_older(connection, mirror, found)
    return True


def _hold_buyer(connection: Connection, found: BookOffer) -> None:
    """Let nobody else keep an offer of this buyer until the transaction ends.

    SQLite has one writer at a time anyway.
    """
    if connection.dialect.name == "postgresql":
        key = func.hashtextextended(f"offers of {found.offer.buyer}", 0)
        connection.execute(select(func.pg_advisory_xact_lock(key)))


def _forget_older(connection: Connection, mirror: MirrorId, found: BookOffer) -> None:
    of_buyer = {**mirror.columns, "drop_id": found.drop, "buyer": found.offer.buyer}
    newest = (
        select(offers.c.digest)
        .filter_by(**of_buyer)
        # The one that has just come is the newest, whatever two clocks say.
        .order_by((offers.c.digest == found.digest).desc(), offers.c.received_at.desc())
        .limit(MAX_PER_BUYER)
    )
    connection.execute(
        delete(offers)
        .where(*(offers.c[name] == value for name, value in of_buyer.items()))
        .where(offers.c.digest.not_in(newest))
    )
