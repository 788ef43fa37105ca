"""What is read of wait-lists.

Owns the statements. Refuses transactions and clocks: both are the caller's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from api.store.waiting_tables import wait_places, wait_turns
from api.waiting.values import (
    MOST_SHOWN,
    EndedBy,
    Kept,
    OverBy,
    OwnPlace,
    Turn,
    WaitPlace,
)
from marketplace.domain.ids import DropId, SeatId, TierIndex

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import Connection, RowMapping

    from api.waiting.values import ListName, WaitList
    from indexer.queries import MirrorId
    from marketplace.domain.addresses import ChecksumAddress


def names(mirror: MirrorId, waiting: WaitList) -> Mapping[str, Any]:
    """The columns that make out a drop's wait-lists, with their values."""
    return {**mirror.columns, "drop_id": waiting.drop, "terms_hash": waiting.terms_hash}


def kept(connection: Connection, mirror: MirrorId, waiting: WaitList) -> Kept:
    """The places of a drop's wait-lists that have not ended, and the turns that are not over."""
    places = (
        select(wait_places)
        .filter_by(**names(mirror, waiting))
        .where(wait_places.c.ended_at.is_(None))
        .order_by(wait_places.c.standing)
    )
    turns = (
        select(wait_turns)
        .filter_by(**names(mirror, waiting))
        .where(wait_turns.c.over_at.is_(None))
        .order_by(wait_turns.c.seat)
    )
    return Kept(
        tuple(map(_place, connection.execute(places).mappings())),
        tuple(map(_turn, connection.execute(turns).mappings())),
    )


def tried(
    connection: Connection, mirror: MirrorId, waiting: WaitList, seats: Collection[SeatId]
) -> tuple[Turn, ...]:
    """The turns on some seats that are over: so many of each at most."""
    if not seats:
        return ()
    statement = (
        select(wait_turns)
        .filter_by(**names(mirror, waiting))
        .where(wait_turns.c.seat.in_(seats), wait_turns.c.over_at.is_not(None))
        .order_by(wait_turns.c.seat, wait_turns.c.epoch, wait_turns.c.number)
    )
    return tuple(map(_turn, connection.execute(statement).mappings()))


def place(
    connection: Connection,
    mirror: MirrorId,
    waiting: WaitList,
    tier: TierIndex,
    account: ChecksumAddress,
) -> WaitPlace | None:
    """An account's place in a tier's wait-list, also one that has ended; None: it has had none."""
    statement = select(wait_places).filter_by(**names(mirror, waiting), tier=tier, account=account)
    row = connection.execute(statement).mappings().one_or_none()
    return None if row is None else _place(row)


def places_of(
    connection: Connection, mirror: MirrorId, account: ChecksumAddress
) -> tuple[OwnPlace, ...]:
    """An account's places in all wait-lists, those that have ended behind the others.

    Each time the newest first. Of those that have ended some may be left out, of the others none.
    """
    columns = wait_places.c
    statement = (
        select(wait_places)
        .filter_by(**mirror.columns, account=account)
        .order_by(
            columns.ended_at.is_not(None),
            columns.joined_at.desc(),
            columns.drop_id,
            columns.terms_hash,
            columns.tier,
        )
        .limit(MOST_SHOWN)
    )
    return tuple(map(_own, connection.execute(statement).mappings()))


def held_by(
    connection: Connection, mirror: MirrorId, account: ChecksumAddress
) -> tuple[OwnPlace, ...]:
    """An account's places that nothing stored has ended."""
    statement = (
        select(wait_places)
        .filter_by(**mirror.columns, account=account)
        .where(wait_places.c.ended_at.is_(None))
    )
    return tuple(map(_own, connection.execute(statement).mappings()))


def lists_under(
    connection: Connection,
    mirror: MirrorId,
    account: ChecksumAddress,
    drop: DropId,
    tier: TierIndex,
) -> tuple[ListName, ...]:
    """Of which drops with one number an account has a place of a tier that nothing has ended."""
    statement = (
        select(wait_places.c.terms_hash)
        .filter_by(**mirror.columns, account=account, drop_id=drop, tier=tier)
        .where(wait_places.c.ended_at.is_(None))
        .order_by(wait_places.c.terms_hash)
    )
    return tuple((drop, one) for one in connection.scalars(statement))


def last_standing(
    connection: Connection, mirror: MirrorId, waiting: WaitList, tier: TierIndex
) -> int:
    """The standing of whoever is last, or was; 0 where nobody has been."""
    statement = select(func.max(wait_places.c.standing)).filter_by(
        **names(mirror, waiting), tier=tier
    )
    return connection.scalar(statement) or 0


def _own(row: RowMapping) -> OwnPlace:
    return OwnPlace(DropId(row["drop_id"]), row["terms_hash"], _place(row))


def _place(row: RowMapping) -> WaitPlace:
    return WaitPlace(
        tier=TierIndex(row["tier"]),
        account=row["account"],
        standing=row["standing"],
        joined_at=row["joined_at"],
        joined_block=row["joined_block"],
        missed=row["missed"],
        ended=None if row["ended_at"] is None else (EndedBy(row["ended_by"]), row["ended_at"]),
        turn_over=None
        if row["turn_over_at"] is None
        else (OverBy(row["turn_over_by"]), row["turn_over_at"]),
    )


def _turn(row: RowMapping) -> Turn:
    return Turn(
        tier=TierIndex(row["tier"]),
        seat=SeatId(row["seat"]),
        epoch=row["epoch"],
        number=row["number"],
        account=row["account"],
        begun_at=row["begun_at"],
        ends_at=row["ends_at"],
        over_by=None if row["over_by"] is None else OverBy(row["over_by"]),
        over_at=row["over_at"],
    )
