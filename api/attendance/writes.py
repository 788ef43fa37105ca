"""What attendance writes.

Owns the one statement. Refuses transactions and clocks: both are the caller's, so that attendance
is kept in the very commit that lets somebody in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.dialects import postgresql, sqlite

from api.store.attendance_tables import attendances

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from api.attendance.values import Attendance


def keep(connection: Connection, attended: Attendance) -> None:
    """Keep that a seat was in a session; of one holder the first time stays."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(
        insert(attendances)
        .values(
            **attended.mirror.columns,
            seat=attended.seat,
            session=attended.session,
            terms_hash=attended.terms_hash,
            mentor=attended.mentor,
            holder=attended.holder,
            account=attended.account,
            via=attended.via,
            attended_at=attended.attended_at,
            block_number=attended.block_number,
            block_hash=attended.block_hash,
        )
        .on_conflict_do_nothing()
    )
