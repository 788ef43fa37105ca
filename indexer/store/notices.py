"""Saying that there are new messages in the outbox; the outbox itself is the truth.

Owns the channel of PostgreSQL and what is said on it. A notice is sent with the commit that it is
about, and only then. On SQLite the commit itself is the notice: every other connection can see that
the file has changed. Refuses contents: whoever is told looks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from indexer.identity import MirrorId

CHANNEL: Final = "seats_outbox"
"""One for all mirrors of a database; a notice says whose it is."""


def ring(connection: Connection, mirror: MirrorId) -> None:
    """Tell whoever waits, once this transaction is committed."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_notify(CHANNEL, name_of(mirror))))


def name_of(mirror: MirrorId) -> str:
    """What a notice of this mirror says."""
    return f"{mirror.chain_id} {mirror.contract_set}"
