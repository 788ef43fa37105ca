"""What is read of attendance, of many seats at once.

Owns the statement. Refuses transactions, and to say what counts: whoever reads asks the mirror
whether the holders are such.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from api.attendance.values import Attendance
from api.gate.decision import Via
from api.store.attendance_tables import attendances
from marketplace.domain.ids import SeatId

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

    from indexer.queries import MirrorId


def attendances_of(
    connection: Connection,
    mirror: MirrorId,
    seats: Collection[SeatId],
    until: int | None = None,
) -> tuple[Attendance, ...]:
    """All that is kept of some seats, also of drops that have the seats' numbers no longer.

    Args:
        connection: Of a transaction that reads.
        mirror: Which one.
        seats: Of one or of several drops.
        until: What was decided on later blocks is left out; None: nothing is.
    """
    statement = (
        select(attendances)
        .filter_by(**mirror.columns)
        .where(attendances.c.seat.in_(seats))
        .order_by(attendances.c.seat, attendances.c.session, attendances.c.attended_at)
    )
    if until is not None:
        statement = statement.where(attendances.c.block_number <= until)
    return tuple(
        Attendance(
            mirror=mirror,
            seat=SeatId(row.seat),
            session=row.session,
            terms_hash=row.terms_hash,
            mentor=row.mentor,
            holder=row.holder,
            account=row.account,
            via=Via(row.via),
            attended_at=row.attended_at,
            block_number=row.block_number,
            block_hash=row.block_hash,
        )
        for row in connection.execute(statement)
    )
