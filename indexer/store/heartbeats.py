"""When the mirror last was level with its node, in the tables.

Owns reading, setting and forgetting that moment. Refuses to say when it may be set, and clocks;
whoever sets it holds the checkpoint in the same transaction, so that an indexer that was fenced off
cannot.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, delete, insert, select, update

from indexer.store.tables import heartbeats

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


def beat(connection: Connection, mirror: MirrorId, level_at: int) -> None:
    """Note that the mirror was level at a Unix second.

    It may be earlier than the one before: a clock that was wrong has been set right.
    """
    whose = {f"its_{name}": value for name, value in mirror.columns.items()}
    if connection.execute(_BEAT, {**whose, "level_at": level_at}).rowcount == 0:
        connection.execute(insert(heartbeats).values(**mirror.columns, level_at=level_at))


def stop(connection: Connection, mirror: MirrorId) -> None:
    """Forget that the mirror was ever level."""
    connection.execute(delete(heartbeats).filter_by(**mirror.columns))
