"""What a room's stream asks the tables: its admissions, those that have ended among them.

Owns the statement. Refuses transactions and clocks: both are the caller's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy import or_, select

from api.sessions.writes import EndedBy
from api.store.tables import admissions

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from api.sessions.writes import RoomKey
    from marketplace.domain.addresses import ChecksumAddress

Place: TypeAlias = "tuple[datetime, str]"
"""Where a page ended: an end of a lease, and the hash of the admission that has it."""


@dataclass(frozen=True, slots=True)
class Presence:
    """An admission, as a room knows it.

    Attributes:
        id: The hash under which it is kept; opens nothing.
        expires_at: The end of its lease, also where it has ended before.
        block: On which the lease rests.
        ended_by: What ended it; None while nothing has.
    """

    id: str
    account: ChecksumAddress
    expires_at: datetime
    block: int
    ended_by: EndedBy | None


def presences_of(
    connection: Connection, room: RoomKey, since: datetime, after: Place | None, limit: int
) -> tuple[Presence, ...]:
    """The admissions of a room whose lease ends after a moment, whoever ends first before others.

    Args:
        connection: Of a transaction that reads.
        room: Which one; what was given out for another drop of that number is not of it.
        since: That moment.
        after: Where the page before ended; None: there is none.
        limit: How many at most.
    """
    columns = admissions.c
    conditions = [
        columns.chain_id == room.mirror.chain_id,
        columns.contract_set == room.mirror.contract_set,
        columns.drop_id == room.drop,
        columns.session == room.session,
        columns.terms_hash == room.terms_hash,
        columns.expires_at > since,
    ]
    if after is not None:
        ends, token_hash = after
        later = or_(columns.expires_at > ends, columns.token_hash > token_hash)
        conditions += [columns.expires_at >= ends, later]
    rows = connection.execute(
        select(
            columns.token_hash,
            columns.account,
            columns.expires_at,
            columns.as_of_block,
            columns.ended_by,
        )
        .where(*conditions)
        .order_by(columns.expires_at, columns.token_hash)
        .limit(limit)
    )
    return tuple(
        Presence(
            row.token_hash,
            row.account,
            row.expires_at,
            row.as_of_block or 0,
            None if row.ended_by is None else EndedBy(row.ended_by),
        )
        for row in rows
    )
