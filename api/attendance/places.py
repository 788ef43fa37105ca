"""Which place another holder takes where all that are kept of a seat in a session are taken.

A reorganisation can undo how each of them came by the seat; then none of their rows counts, and the
rightful holder's would be one too many. Owns finding whose row makes room. Refuses to write, and to
hold two connections at a time: it is asked before the transaction that lets somebody in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from api.attendance.writes import HOLDERS_KEPT
from api.store.attendance_tables import attendances
from indexer.queries import held_among
from marketplace.storage.transactions import reading

if TYPE_CHECKING:
    from api.attendance.values import Attendance
    from api.parts import Parts
    from marketplace.domain.addresses import ChecksumAddress


def giving_way(parts: Parts, attended: Attendance) -> ChecksumAddress | None:
    """The holder whose row makes room for one more; None: nobody's does, or none has to.

    It is the latest whom the mirror denies although it has the block by which they came in: where
    it has not, another process may know more.

    Raises:
        MirrorMissing, StorageError: nothing can be read.
    """
    with reading(parts.store) as connection:
        kept = connection.execute(
            select(attendances.c.holder, attendances.c.block_number)
            .filter_by(**attended.place)
            .order_by(attendances.c.attended_at.desc())
        ).all()
    if len(kept) < HOLDERS_KEPT or attended.holder in {row.holder for row in kept}:
        return None
    pairs = {(attended.seat, row.holder) for row in kept}
    with reading(parts.reads) as connection:
        held = held_among(connection, parts.mirror_id, pairs)
    return next(
        (
            row.holder
            for row in kept
            if (attended.seat, row.holder) not in held and row.block_number <= attended.block_number
        ),
        None,
    )
