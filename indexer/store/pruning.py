"""Throwing messages away: when they had been told, who still needs them, and the deleting itself.

Owns the statements on marks, consumers and the outbox's old end. Refuses to decide how long a
message is kept, and clocks. What is thrown away are always the first ones, so numbers stay without
gaps from the first that is kept.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, update

from indexer.store.outbox_tables import outbox_consumers, outbox_marks
from indexer.store.tables import outbox

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from indexer.identity import MirrorId


def first_kept(connection: Connection, mirror: MirrorId) -> int | None:
    """The number of the first message that is there; None: none is."""
    found: int | None = connection.scalar(
        select(func.min(outbox.c.seq)).filter_by(**mirror.columns)
    )
    return found


def last_mark(connection: Connection, mirror: MirrorId) -> tuple[int, int] | None:
    """The highest number that was marked, and the second by which all below it were told."""
    row = connection.execute(
        select(outbox_marks.c.next_seq, outbox_marks.c.told_at)
        .filter_by(**mirror.columns)
        .order_by(outbox_marks.c.next_seq.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else (row.next_seq, row.told_at)


def mark(connection: Connection, mirror: MirrorId, next_seq: int, told_at: int) -> None:
    """Note that all messages below a number had been told by a second."""
    row = {**mirror.columns, "next_seq": next_seq, "told_at": told_at}
    connection.execute(insert(outbox_marks).values(**row))


def told_before(connection: Connection, mirror: MirrorId, second: int) -> int:
    """The number below which every message had been told by a second; 1: none is known to."""
    found = connection.scalar(
        select(func.max(outbox_marks.c.next_seq))
        .filter_by(**mirror.columns)
        .where(outbox_marks.c.told_at <= second)
    )
    return found or 1


def delete_below(connection: Connection, mirror: MirrorId, seq: int, most: int) -> int:
    """Throw away messages below a number, at most so many; gives how many went.

    With the last of them go the marks that nobody will need.
    """
    first = first_kept(connection, mirror)
    if first is None or first >= seq:
        return 0
    end = min(seq, first + most)
    gone = connection.execute(
        delete(outbox).filter_by(**mirror.columns).where(outbox.c.seq >= first, outbox.c.seq < end)
    )
    connection.execute(
        delete(outbox_marks).filter_by(**mirror.columns).where(outbox_marks.c.next_seq < end)
    )
    return gone.rowcount


def may_delete(connection: Connection, mirror: MirrorId) -> bool:
    """Whether no consumer is saying what it needs; if so, none does in this transaction.

    On SQLite there is one writer at a time anyway.
    """
    if connection.dialect.name != "postgresql":
        return True
    return bool(connection.scalar(select(func.pg_try_advisory_xact_lock(_key(mirror)))))


def forbid_deleting(connection: Connection, mirror: MirrorId) -> None:
    """Let nothing be thrown away until this transaction ends; what is gone by then can be seen."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock_shared(_key(mirror))))


def needed_from(connection: Connection, mirror: MirrorId) -> int | None:
    """The first message that some known consumer still needs; None: nobody is known."""
    found: int | None = connection.scalar(
        select(func.min(outbox_consumers.c.next_seq)).filter_by(**mirror.columns)
    )
    return found


def consumers(connection: Connection, mirror: MirrorId) -> dict[str, int]:
    """The first message that each known consumer still needs, by its name."""
    rows = connection.execute(
        select(outbox_consumers.c.name, outbox_consumers.c.next_seq)
        .filter_by(**mirror.columns)
        .order_by(outbox_consumers.c.name)
    )
    return {row.name: row.next_seq for row in rows}


def note_consumer(connection: Connection, mirror: MirrorId, name: str, next_seq: int) -> None:
    """Note how far a consumer has read."""
    noted = update(outbox_consumers).filter_by(**mirror.columns, name=name)
    if connection.execute(noted.values(next_seq=next_seq)).rowcount == 0:
        row = {**mirror.columns, "name": name, "next_seq": next_seq}
        connection.execute(insert(outbox_consumers).values(**row))


def forget_consumer(connection: Connection, mirror: MirrorId, name: str) -> bool:
    """Forget a consumer; gives whether it was known."""
    gone = delete(outbox_consumers).filter_by(**mirror.columns, name=name)
    return connection.execute(gone).rowcount == 1


def _key(mirror: MirrorId) -> int:
    name = f"outbox {mirror.chain_id} {mirror.contract_set}".encode()
    return int.from_bytes(blake2b(name, digest_size=8).digest(), signed=True)
