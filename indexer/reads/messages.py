"""The outbox from a number on.

Owns reading messages. Refuses to wait for one: whoever was told that there is one asks again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from indexer.outbox import Message, message_of
from indexer.store.tables import outbox

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from indexer.identity import MirrorId

PAGE = 1_000
"""Messages in one page, unless the caller asks for another number."""


def outbox_since(
    connection: Connection, mirror: MirrorId, seq: int, *, limit: int = PAGE
) -> tuple[Message, ...]:
    """The messages numbered `seq` and above, in order."""
    rows = connection.execute(
        select(outbox)
        .filter_by(**mirror.columns)
        .where(outbox.c.seq >= seq)
        .order_by(outbox.c.seq)
        .limit(limit)
    )
    return tuple(message_of(row) for row in rows.mappings())
