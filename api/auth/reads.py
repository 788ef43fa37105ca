"""What sign-in reads: sessions that are alive.

Owns the statements and what "alive" means. Refuses transactions and clocks: both are the caller's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, literal, select

from api.auth.proofs import stands_on
from api.store.tables import sessions, wallet_proofs
from marketplace.storage.columns import BIG, UtcTime
from marketplace.storage.single import rows_of

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from sqlalchemy import Connection, Engine

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
    engine: Engine, token_hash: str, chain_id: int, now: datetime, idle: timedelta
) -> StoredSession | None:
    """Find a session that counts on a chain and has not ended.

    It is a single question, which almost every request asks.

    Raises what `marketplace.storage.single.rows_of` does.
    """
    given = {
        "token_hash": token_hash,
        "chain_id": chain_id,
        "now": now,
        "seen_after": now - idle,
    }
    for row in rows_of(engine, _OF_TOKEN, given):
        return StoredSession(*row)
    return None


def live_sessions(
    connection: Connection,
    account: ChecksumAddress,
    chain_id: int,
    now: datetime,
    idle: timedelta,
) -> tuple[StoredSession, ...]:
    """All sessions of an account that count on a chain and have not ended, the newest first."""
    rows = connection.execute(
        _ALIVE.where(sessions.c.account == account, stands_on(literal(chain_id, BIG))).order_by(
            sessions.c.created_at.desc(), sessions.c.token_hash
        ),
        {"now": now, "seen_after": now - idle},
    )
    return tuple(StoredSession(*row) for row in rows)


_ALIVE: Final = (
    select(
        sessions.c.token_hash,
        sessions.c.account,
        sessions.c.created_at,
        sessions.c.last_seen_at,
        sessions.c.expires_at,
        sessions.c.user_agent,
        wallet_proofs.c.checked_at,
    )
    .outerjoin_from(
        sessions, wallet_proofs, sessions.c.token_hash == wallet_proofs.c.credential_hash
    )
    .where(
        sessions.c.revoked_at.is_(None),
        sessions.c.expires_at > bindparam("now", type_=UtcTime()),
        sessions.c.last_seen_at > bindparam("seen_after", type_=UtcTime()),
    )
)
"""Sessions that have not ended `now`; `seen_after` is the moment since which one must be in use."""

_OF_TOKEN: Final = _ALIVE.where(
    sessions.c.token_hash == bindparam("token_hash", type_=sessions.c.token_hash.type),
    stands_on(bindparam("chain_id", type_=BIG)),
)
