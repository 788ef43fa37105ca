"""When the mirror last was level with its node, in the tables, and what it has left since.

Owns reading, setting and forgetting that moment, and the latest block of those that were rolled
back while there is none. Refuses to say when it may be set, and clocks; whoever sets it holds the
checkpoint in the same transaction, so that an indexer that was fenced off cannot.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, delete, insert, select, update

from indexer.store.tables import heartbeats, rollbacks

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from indexer.identity import MirrorId


# Built once: each block of a chain notes one.
_BEAT: Final = (
    update(heartbeats)
    .where(
        heartbeats.c.chain_id == bindparam("its_chain_id"),
        heartbeats.c.contract_set == bindparam("its_contract_set"),
    )
    .values(level_at=bindparam("level_at"))
)


def last(connection: Connection, mirror: MirrorId) -> int | None:
    """The Unix second at which the mirror last was level; None when it is not known to be."""
    return connection.scalar(select(heartbeats.c.level_at).filter_by(**mirror.columns))


def left(connection: Connection, mirror: MirrorId) -> int | None:
    """The number of the latest block that was rolled back since the mirror last was level.

    None when nothing was. Where a program of before `mirror_0014` has rolled it back, it is later
    than every block.
    """
    return connection.scalar(select(rollbacks.c.left_number).filter_by(**mirror.columns))


def beat(connection: Connection, mirror: MirrorId, level_at: int) -> None:
    """Note that the mirror was level at a Unix second.

    It may be earlier than the one before: a clock that was wrong has been set right.
    """
    whose = {f"its_{name}": value for name, value in mirror.columns.items()}
    if connection.execute(_BEAT, {**whose, "level_at": level_at}).rowcount == 0:
        connection.execute(insert(heartbeats).values(**mirror.columns, level_at=level_at))
        connection.execute(delete(rollbacks).filter_by(**mirror.columns))


def stop(connection: Connection, mirror: MirrorId) -> None:
    """Forget that the mirror was ever level."""
    connection.execute(delete(heartbeats).filter_by(**mirror.columns))


def leave(connection: Connection, mirror: MirrorId, number: int) -> None:
    """Forget that the mirror was ever level, and note at which block it ended until now."""
    stop(connection, mirror)
    before = left(connection, mirror)
    if before is None:
        connection.execute(insert(rollbacks).values(**mirror.columns, left_number=number))
    elif before < number:
        whose = update(rollbacks).filter_by(**mirror.columns)
        connection.execute(whose.values(left_number=number))
