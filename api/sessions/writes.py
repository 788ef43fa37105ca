"""What getting in writes: tickets and admissions.

Owns the statements. Refuses transactions and clocks: both are the caller's. Each statement that
decides something is one UPDATE whose condition is the decision, so that of two at once one wins.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, unique
from typing import TYPE_CHECKING, Final

from sqlalchemy import case, delete, func, insert, literal, select, update

from api.store.tables import admissions, join_tickets
from marketplace.storage.columns import UtcTime

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Column, ColumnElement, Connection, Table

    from indexer.queries import MirrorId
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId

_CLEARED_AT_ONCE: Final = 100


@unique
class EndedBy(StrEnum):
    """What ended an admission."""

    REPLACED = "replaced"
    DENIED = "denied"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class RoomKey:
    """One session of one drop, whatever its number becomes.

    Attributes:
        terms_hash: Of the drop; under another hash the number is another drop's.
        session: Its number in the terms.
    """

    mirror: MirrorId
    drop: DropId
    terms_hash: str
    session: int

    @property
    def columns(self) -> dict[str, object]:
        """The values of the columns that name it."""
        return {
            **self.mirror.columns,
            "drop_id": self.drop,
            "terms_hash": self.terms_hash,
            "session": self.session,
        }


@dataclass(frozen=True, slots=True)
class Ticket:
    """Who asked to come in, where, and until when that counts.

    Attributes:
        block: On which it was given: an older one says nothing against it.
    """

    room: RoomKey
    account: ChecksumAddress
    issued_at: datetime
    expires_at: datetime
    block: int


@dataclass(frozen=True, slots=True)
class Admission:
    """Who is in.

    Attributes:
        presence: The seat's number, or the account of whoever needs none: one is in once.
        expires_at: When the lease ends.
        block: Number of the one on which the lease rests: an older one says nothing against it.
        block_hash: Of that block; None where it is not known, as in old rows.
        ended_by: What ended it; None while it lasts.
    """

    room: RoomKey
    account: ChecksumAddress
    presence: str
    admitted_at: datetime
    expires_at: datetime
    block: int
    block_hash: str | None
    ended_by: EndedBy | None = None


def keep_ticket(connection: Connection, token_hash: str, ticket: Ticket) -> None:
    """Remember that a ticket was given out."""
    connection.execute(
        insert(join_tickets).values(
            **ticket.room.columns,
            token_hash=token_hash,
            account=ticket.account,
            issued_at=ticket.issued_at,
            expires_at=ticket.expires_at,
            as_of_block=ticket.block,
        )
    )


def is_waiting(connection: Connection, mirror: MirrorId, token_hash: str) -> bool:
    """Whether a ticket is there that nobody has spent, be it too old."""
    columns = join_tickets.c
    found = connection.scalar(
        select(literal(1)).where(
            columns.token_hash == token_hash,
            columns.chain_id == mirror.chain_id,
            columns.contract_set == mirror.contract_set,
            columns.used_at.is_(None),
        )
    )
    return found is not None


def use_ticket(
    connection: Connection, mirror: MirrorId, token_hash: str, now: datetime
) -> Ticket | None:
    """Spend a ticket, also one that is too old; None when there is none to be spent."""
    columns = join_tickets.c
    row = connection.execute(
        update(join_tickets)
        .where(
            columns.token_hash == token_hash,
            columns.chain_id == mirror.chain_id,
            columns.contract_set == mirror.contract_set,
            columns.used_at.is_(None),
        )
        .values(used_at=_not_before(columns.issued_at, now))
        .returning(
            columns.drop_id,
            columns.terms_hash,
            columns.session,
            columns.account,
            columns.issued_at,
            columns.expires_at,
            columns.as_of_block,
        )
    ).one_or_none()
    if row is None:
        return None
    room = RoomKey(mirror, row.drop_id, row.terms_hash, row.session)
    return Ticket(room, row.account, row.issued_at, row.expires_at, row.as_of_block or 0)


def newest_block_of_others(
    connection: Connection, wanted: Admission, now: datetime
) -> tuple[int, str | None]:
    """Number and hash of the newest block on which somebody else is in by the same right.

    The number is 0 where nobody is; the hash is None where it is not known. Takes the presence's
    lock: until the transaction ends, nobody comes in by it.
    """
    _hold_presence(connection, wanted.room, wanted.presence)
    columns = admissions.c
    # Of a presence one row lives at most.
    row = connection.execute(
        select(columns.as_of_block, columns.block_hash).where(
            *_place(wanted.room, wanted.presence),
            columns.account != wanted.account,
            columns.expires_at > now,
        )
    ).one_or_none()
    return (0, None) if row is None else (row.as_of_block or 0, row.block_hash)


def admit(connection: Connection, token_hash: str, admission: Admission) -> None:
    """Let somebody in; whoever was in by the same right is out."""
    _hold_presence(connection, admission.room, admission.presence)
    _replace(connection, admission.room, admission.presence, admission.admitted_at)
    connection.execute(
        insert(admissions).values(
            **admission.room.columns,
            token_hash=token_hash,
            account=admission.account,
            presence=admission.presence,
            admitted_at=admission.admitted_at,
            expires_at=admission.expires_at,
            as_of_block=admission.block,
            block_hash=admission.block_hash,
        )
    )


def find_admission(connection: Connection, mirror: MirrorId, token_hash: str) -> Admission | None:
    """Find an admission, also one that is over; None when there is none, or none any more."""
    columns = admissions.c
    row = connection.execute(
        select(
            columns.drop_id,
            columns.terms_hash,
            columns.session,
            columns.account,
            columns.presence,
            columns.admitted_at,
            columns.expires_at,
            columns.as_of_block,
            columns.block_hash,
            columns.ended_by,
        ).where(
            columns.token_hash == token_hash,
            columns.chain_id == mirror.chain_id,
            columns.contract_set == mirror.contract_set,
        )
    ).one_or_none()
    if row is None:
        return None
    return Admission(
        RoomKey(mirror, row.drop_id, row.terms_hash, row.session),
        row.account,
        row.presence,
        row.admitted_at,
        row.expires_at,
        row.as_of_block or 0,
        row.block_hash,
        None if row.ended_by is None else EndedBy(row.ended_by),
    )


def extend(connection: Connection, token_hash: str, admission: Admission, now: datetime) -> bool:
    """Move the end of an admission's lease; False when it has been ended meanwhile.

    It may rest on another seat than before: then it takes that seat's place. With a False the
    caller lets the transaction fail, so that nobody else has lost theirs.
    """
    _hold_presence(connection, admission.room, admission.presence)
    _replace(connection, admission.room, admission.presence, now, except_for=token_hash)
    extended = connection.execute(
        update(admissions)
        .where(admissions.c.token_hash == token_hash, admissions.c.ended_at.is_(None))
        .values(
            presence=admission.presence,
            expires_at=admission.expires_at,
            as_of_block=admission.block,
            block_hash=admission.block_hash,
        )
    )
    return extended.rowcount == 1


def end(connection: Connection, token_hash: str, why: EndedBy, now: datetime) -> None:
    """End an admission that has not ended."""
    connection.execute(
        update(admissions)
        .where(admissions.c.token_hash == token_hash, admissions.c.ended_at.is_(None))
        .values(ended_at=_not_before(admissions.c.admitted_at, now), ended_by=why)
    )


def end_denied(connection: Connection, token_hashes: Collection[str], now: datetime) -> None:
    """End those of several admissions that have not ended: the gate has said no to each."""
    columns = admissions.c
    connection.execute(
        update(admissions)
        .where(columns.token_hash.in_(token_hashes), columns.ended_at.is_(None))
        .values(ended_at=_not_before(columns.admitted_at, now), ended_by=EndedBy.DENIED)
    )


def end_lapsed(
    connection: Connection, token_hashes: Collection[str], now: datetime
) -> frozenset[str]:
    """End those of several admissions whose lease is over and that have not ended; gives them."""
    columns = admissions.c
    ended = connection.scalars(
        update(admissions)
        .where(
            columns.token_hash.in_(token_hashes),
            columns.ended_at.is_(None),
            # One that was renewed since it was looked at goes on.
            columns.expires_at <= now,
        )
        .values(ended_at=_not_before(columns.admitted_at, now), ended_by=EndedBy.LAPSED)
        .returning(columns.token_hash)
    )
    return frozenset(ended)


def clear(connection: Connection, before: datetime) -> None:
    """Forget some of the tickets and admissions that ended before a moment."""
    for table in (join_tickets, admissions):
        connection.execute(delete(table).where(table.c.token_hash.in_(_stale(table, before))))


def _stale(table: Table, before: datetime) -> ColumnElement[bool]:
    return (
        select(table.c.token_hash)
        .where(table.c.expires_at < before)
        .order_by(table.c.expires_at)
        .limit(_CLEARED_AT_ONCE)
        # Two that clear at once would wait for each other.
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )


def _replace(
    connection: Connection,
    room: RoomKey,
    presence: str,
    now: datetime,
    *,
    except_for: str | None = None,
) -> None:
    columns = admissions.c
    place = _place(room, presence)
    if except_for is not None:
        place.append(columns.token_hash != except_for)
    connection.execute(
        update(admissions)
        .where(*place)
        .values(ended_at=_not_before(columns.admitted_at, now), ended_by=EndedBy.REPLACED)
    )


def _place(room: RoomKey, presence: str) -> list[ColumnElement[bool]]:
    columns = admissions.c
    # By the number alone: of two drops that had it, one at most is there.
    return [
        columns.chain_id == room.mirror.chain_id,
        columns.contract_set == room.mirror.contract_set,
        columns.drop_id == room.drop,
        columns.session == room.session,
        columns.presence == presence,
        columns.ended_at.is_(None),
    ]


def _hold_presence(connection: Connection, room: RoomKey, presence: str) -> None:
    # SQLite has one writer at a time anyway.
    if connection.dialect.name == "postgresql":
        name = f"presence {presence} in {room.mirror}, {room.drop}-{room.session}"
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


def _not_before(column: Column[datetime], now: datetime) -> ColumnElement[datetime]:
    # Clocks of two machines may differ; a row's moments stay in their order.
    given = literal(now, UtcTime())
    return case((column > given, column), else_=given)
