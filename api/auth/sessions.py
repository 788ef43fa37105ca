"""Sessions that exist: found by their token, listed and ended by their account.

Owns their life after sign-in, and its transactions. Refuses to start one: `api.auth.sign_in` does.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from api.auth.proofs import still_holds
from api.auth.reads import StoredSession, live_session, live_sessions
from api.auth.writes import revoke_session, touch_session
from api.errors import NotFound
from marketplace.storage.transactions import reading, writing

if TYPE_CHECKING:
    from api.auth.tokens import SessionToken
    from api.parts import Parts


def find(parts: Parts, token: SessionToken) -> StoredSession | None:
    """Find the live session of a token, and note now and then that it is in use.

    One that a contract wallet has proved ends when the wallet no longer stands by it.

    Raises:
        WalletUnanswered, ChainUnavailable, WrongNode: the wallet cannot be asked now.
    """
    session, now = known(parts, token), parts.clock()
    if session is None:
        return None
    if not still_holds(parts, session.id, session.account, session.wallet_checked_at):
        with writing(parts.store) as connection:
            revoke_session(connection, session.account, parts.settings.chain_id, session.id, now)
        return None
    if now - session.last_seen_at > timedelta(seconds=parts.settings.session_touch_s):
        with writing(parts.store) as connection:
            touch_session(connection, session.id, now)
    return session


def known(parts: Parts, token: SessionToken) -> StoredSession | None:
    """Find the live session of a token, whatever its contract wallet would say now."""
    chain_id = parts.settings.chain_id
    return live_session(parts.store, token.hash, chain_id, parts.clock(), _idle(parts))


def of_account(parts: Parts, session: StoredSession) -> tuple[StoredSession, ...]:
    """All live sessions of the account that a session belongs to, the newest first."""
    with reading(parts.store) as connection:
        return live_sessions(
            connection, session.account, parts.settings.chain_id, parts.clock(), _idle(parts)
        )


def end(parts: Parts, session: StoredSession, session_id: str) -> None:
    """End a session of the same account; at once, for every request that comes after.

    Raises:
        NotFound: the account has no such session.
    """
    account, chain_id = session.account, parts.settings.chain_id
    with writing(parts.store) as connection:
        if not revoke_session(connection, account, chain_id, session_id, parts.clock()):
            raise NotFound("session")


def _idle(parts: Parts) -> timedelta:
    return timedelta(seconds=parts.settings.session_idle_s)
