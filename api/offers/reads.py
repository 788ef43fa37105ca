"""What the book of offers reads.

Owns the statements. Refuses transactions and clocks: both are the caller's. Refuses to leave out
the dead: a reorganisation brings an offer back to life, so each is judged when it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, literal, or_, select

from api.offers.values import BookOffer
from api.store.tables import offers
from marketplace.domain.ids import DropId, SeatId, TierIndex
from marketplace.domain.money import Wei
from marketplace.domain.offer import SeatOffer, TierOffer
from marketplace.storage.columns import Bytes32, Uint256

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, RowMapping

    from api.offers.values import OfferPlace
    from indexer.queries import MirrorId
    from marketplace.orders.offers import Offer


def find(connection: Connection, mirror: MirrorId, digest: str) -> BookOffer | None:
    """The offer of a digest (0x and 64 hex digits); None when none is kept."""
    statement = select(offers).filter_by(**mirror.columns, digest=digest)
    row = connection.execute(statement).mappings().one_or_none()
    return None if row is None else offer_of(row)


def page(  # noqa: PLR0913 - a page has that many bounds, each named
    connection: Connection,
    mirror: MirrorId,
    drop: DropId,
    *,
    tier: TierIndex | None,
    seat: SeatId | None,
    ends_from: int,
    after: OfferPlace | None,
    limit: int,
) -> tuple[BookOffer, ...]:
    """The offers of a drop, dead ones too, the dearest first.

    Args:
        connection: Reading the API's tables.
        mirror: Chain and contract set.
        drop: For whose seats.
        tier: For this tier alone.
        seat: For this seat: those that name it, and those for any of its tier.
        ends_from: Unix second; offers that end before it are left out.
        after: The place that the page begins after.
        limit: How many at most.
    """
    named = offers.c
    statement = (
        select(offers)
        .filter_by(**mirror.columns, drop_id=drop)
        .where(named.expiry >= ends_from)
        .order_by(named.price.desc(), named.digest)
        .limit(limit)
    )
    if tier is not None:
        statement = statement.where(named.tier == tier)
    if seat is not None:
        for_any = and_(named.seat.is_(None), named.tier == seat.tier)
        statement = statement.where(or_(named.seat == int(seat), for_any))
    if after is not None:
        statement = statement.where(_behind(after))
    return tuple(map(offer_of, connection.execute(statement).mappings()))


def offer_of(row: RowMapping) -> BookOffer:
    """Read a row of `offers`."""
    return BookOffer(
        offer=_message(row),
        digest=row["digest"],
        signature=bytes(row["signature"]),
        terms_hash=row["terms_hash"],
        currency=row["currency"],
        wallet_asked_at=row["wallet_asked_at"],
    )


def _message(row: RowMapping) -> Offer:
    if row["seat"] is not None:
        return SeatOffer(
            seat=SeatId(row["seat"]),
            price=Wei(row["price"]),
            epoch=row["epoch"],
            buyer=row["buyer"],
            counter=row["counter"],
            terms_version=row["terms_version"],
            nonce=row["nonce"],
            expiry=row["expiry"],
        )
    return TierOffer(
        drop=DropId(row["drop_id"]),
        tier=TierIndex(row["tier"]),
        least_face=Wei(row["least_face"]),
        price=Wei(row["price"]),
        buyer=row["buyer"],
        counter=row["counter"],
        terms_version=row["terms_version"],
        nonce=row["nonce"],
        expiry=row["expiry"],
    )


def _behind(after: OfferPlace) -> ColumnElement[bool]:
    named = offers.c
    price = literal(after.price, Uint256)
    digest = literal(f"0x{after.digest:064x}", Bytes32)
    return or_(named.price < price, and_(named.price == price, named.digest > digest))
