"""What sign-in reads: sessions that are alive.

Owns the statements and what "alive" means. Refuses transactions and clocks: both are the caller's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from api.store.tables import sessions, wallet_proofs

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from sqlalchemy import ColumnElement, Connection, Row

    from marketplace.domain.addresses import ChecksumAddress


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A session as it is kept; `id` is its hash, which opens nothing."""

    id: str
    account: ChecksumAddress
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    user_agent: str | None
    wallet_checked_at: datetime | None
    """When its contract wallet was asked last; None: the account's own key has proved it."""


def live_session(
    connection: Connection, token_hash: str, now: datetime, idle: timedelta
) -> StoredSession | None:
    """Find a session that has not ended."""
    row = connection.execute(
        _COLUMNS.where(sessions.c.token_hash == token_hash, *_alive(now, idle))
    ).one_or_none()
    return None if row is None else _session(row)


def live_sessions(
    connection: Connection, account: ChecksumAddress, now: datetime, idle: timedelta
) -> tuple[StoredSession, ...]:
    """All sessions of an account that have not ended, the newest first."""
    rows = connection.execute(
        _COLUMNS.where(sessions.c.account == account, *_alive(now, idle)).order_by(
            sessions.c.created_at.desc(), sessions.c.token_hash
        )
    )
    return tuple(_session(row) for row in rows)


_COLUMNS = select(
    sessions.c.token_hash,
    sessions.c.account,
    sessions.c.created_at,
    sessions.c.last_seen_at,
    sessions.c.expires_at,
    sessions.c.user_agent,
    wallet_proofs.c.checked_at,
).outerjoin_from(sessions, wallet_proofs, sessions.c.token_hash == wallet_proofs.c.credential_hash)


def _alive(now: datetime, idle: timedelta) -> tuple[ColumnElement[bool], ...]:
    return (
        sessions.c.revoked_at.is_(None),
        sessions.c.expires_at > now,
        sessions.c.last_seen_at > now - idle,
    )


def _session(row: Row[*tuple[Any, ...]]) -> StoredSession:
    return StoredSession(*row)
