"""What attendance writes.

Owns the statements, and of how many holders of a seat one session is kept. Refuses transactions and
clocks: both are the caller's, so that attendance is kept in the very commit that lets somebody in.
Refuses to ask whom the mirror denies: `api.attendance.places` does, before that transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, func, literal, select
from sqlalchemy.dialects import postgresql, sqlite

from api.store.attendance_tables import attendances

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from api.attendance.values import Attendance
    from marketplace.domain.addresses import ChecksumAddress

HOLDERS_KEPT: Final = 4
"""With so many holders at most a seat is kept to have been in a session, the earliest ones. One is
enough, while the chain says that they held it; the others are there for when a reorganisation takes
the first ones' tenure back. Every page that shows the seat reads them all."""


def keep(
    connection: Connection, attended: Attendance, instead_of: ChecksumAddress | None = None
) -> None:
    """Keep that a seat was in a session; of one holder the first time stays.

    Args:
        connection: Of the transaction that lets somebody in.
        attended: The seat, the session and who came.
        instead_of: The holder whose row makes room; None: where all places are taken nothing is
            kept.
    """
    if instead_of is not None:
        connection.execute(delete(attendances).filter_by(**attended.place, holder=instead_of))
    values = {
        **attended.place,
        "holder": attended.holder,
        "account": attended.account,
        "via": attended.via,
        "attended_at": attended.attended_at,
        "block_number": attended.block_number,
        "block_hash": attended.block_hash,
    }
    # Two at once may be one too many: what is bounded is what a page costs.
    before = (
        select(func.count()).select_from(attendances).filter_by(**attended.place).scalar_subquery()
    )
    given = select(*(literal(value, attendances.c[name].type) for name, value in values.items()))
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(
        insert(attendances)
        .from_select(list(values), given.where(before < HOLDERS_KEPT))
        .on_conflict_do_nothing()
    )
