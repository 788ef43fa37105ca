"""What sign-in writes: nonces and sessions.

Owns the statements. Refuses transactions and clocks: both are the caller's. Each statement that
decides something is one UPDATE whose condition is the decision, so that of two at once one wins.
No moment is written that is earlier than the row's own: clocks of two machines may differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Select,
    case,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)

from api.auth.proofs import counts_on
from api.store.tables import sessions, sign_in_nonces
from marketplace.storage.columns import UtcTime

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from api.auth.tokens import Attempt
    from marketplace.domain.addresses import ChecksumAddress


_FORGOTTEN_AT_ONCE: Final = 100
"""Rows, at most: each request adds one, so the table shrinks whenever more than one is old."""

_KEPT_AFTER_THE_END: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OpenNonce:
    """When a nonce was made and how long it may serve."""

    issued_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session to be kept."""

    token_hash: str
    account: ChecksumAddress
    created_at: datetime
    expires_at: datetime
    user_agent: str | None


def keep_nonce(connection: Connection, attempt: Attempt, nonce: OpenNonce, most: int) -> None:
    """Remember that a nonce was given out, and forget some that can no longer serve.

    Of more than `most` the oldest go too, whether they could still serve or not: anybody can ask
    for nonces, and the table must not grow with that.
    """
    nonces = sign_in_nonces.c
    old = select(nonces.nonce_hash).where(nonces.expires_at < nonce.issued_at)
    surplus = select(nonces.nonce_hash).order_by(nonces.expires_at.desc()).offset(most - 1)
    for rows in (old.order_by(nonces.expires_at), surplus):
        _forget(connection, nonces.nonce_hash, rows)
    connection.execute(
        insert(sign_in_nonces).values(
            nonce_hash=attempt.nonce_hash,
            browser_hash=attempt.secret_hash,
            issued_at=nonce.issued_at,
            expires_at=nonce.expires_at,
        )
    )


def consume_nonce(connection: Connection, attempt: Attempt, now: datetime) -> OpenNonce | None:
    """Spend an attempt's nonce; None when it was never open, is spent, or is too old."""
    nonces = sign_in_nonces.c
    row = connection.execute(
        update(sign_in_nonces)
        .where(
            nonces.nonce_hash == attempt.nonce_hash,
            nonces.browser_hash == attempt.secret_hash,
            nonces.consumed_at.is_(None),
            nonces.expires_at > now,
        )
        .values(consumed_at=_not_before(nonces.issued_at, now))
        .returning(nonces.issued_at, nonces.expires_at)
    ).one_or_none()
    return None if row is None else OpenNonce(row.issued_at, row.expires_at)


def forget_ended_sessions(connection: Connection, now: datetime) -> None:
    """Forget some sessions whose time was over a day ago, however they ended."""
    table = sessions.c
    old = select(table.token_hash).where(table.expires_at < now - _KEPT_AFTER_THE_END)
    _forget(connection, table.token_hash, old.order_by(table.expires_at))


def hold_account(connection: Connection, account: ChecksumAddress) -> None:
    """Let nobody else start a session of an account until this transaction ends.

    SQLite has one writer at a time anyway. To be taken before any session is changed, so that
    two that change the same ones do not wait for each other.
    """
    if connection.dialect.name == "postgresql":
        key = func.hashtextextended(f"session of {account}", 0)
        connection.execute(select(func.pg_advisory_xact_lock(key)))


def start_session(connection: Connection, session: NewSession, chain_id: int, most: int) -> None:
    """Keep a session; end those of the account that were idle longest, until `most` are left.

    Counted and ended are those that count on the session's chain: another's may be a stranger's.
    """
    hold_account(connection, session.account)
    table = sessions.c
    surplus = (
        select(table.token_hash)
        .where(
            table.account == session.account,
            counts_on(table.token_hash, chain_id),
            table.revoked_at.is_(None),
            table.expires_at > session.created_at,
        )
        .order_by(table.last_seen_at.desc(), table.token_hash)
        .offset(most - 1)
    )
    connection.execute(
        update(sessions)
        .where(table.token_hash.in_(connection.scalars(surplus).all()))
        .values(revoked_at=_not_before(table.created_at, session.created_at))
    )
    connection.execute(
        insert(sessions).values(
            token_hash=session.token_hash,
            account=session.account,
            created_at=session.created_at,
            last_seen_at=session.created_at,
            expires_at=session.expires_at,
            user_agent=session.user_agent,
        )
    )


def touch_session(connection: Connection, token_hash: str, now: datetime) -> None:
    """Note that a session is in use; never takes the note back."""
    connection.execute(
        update(sessions)
        .where(
            sessions.c.token_hash == token_hash,
            sessions.c.revoked_at.is_(None),
            sessions.c.last_seen_at < now,
        )
        .values(last_seen_at=now)
    )


def revoke_session(
    connection: Connection,
    account: ChecksumAddress,
    chain_id: int,
    token_hash: str,
    now: datetime,
) -> bool:
    """End a session of an account; False when it has none like that on the chain."""
    ended = connection.execute(
        update(sessions)
        .where(
            sessions.c.token_hash == token_hash,
            sessions.c.account == account,
            counts_on(sessions.c.token_hash, chain_id),
            sessions.c.revoked_at.is_(None),
        )
        .values(revoked_at=_not_before(sessions.c.created_at, now))
    )
    return ended.rowcount == 1


def _forget(connection: Connection, key: Column[str], rows: Select[tuple[str]]) -> None:
    # A bounded piece of work for whoever comes by; two that come at once take different rows.
    some = rows.limit(_FORGOTTEN_AT_ONCE).with_for_update(skip_locked=True)
    found = connection.scalars(some).all()
    if found:
        connection.execute(delete(key.table).where(key.in_(found)))


def _not_before(column: Column[datetime], now: datetime) -> ColumnElement[datetime]:
    given = literal(now, UtcTime())
    return case((column > given, column), else_=given)
