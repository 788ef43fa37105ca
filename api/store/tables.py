"""The API's own tables: sign-in nonces, sessions and API keys.

It owns their shape and the constraints that the database itself holds; it refuses reads and
writes. No secret is kept: of a nonce, a cookie, a token and a key only the SHA-256 is here, and
each is chance too long to be guessed, so that a copy of the database lets nobody in. A session
says who somebody is. What they hold is never written here.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)

from api.store.scopes import Scopes
from marketplace.storage.columns import NAMING, TEXT, Address, Bytes32, UtcTime

METADATA: Final = MetaData(naming_convention=NAMING)

sign_in_nonces: Final = Table(
    "sign_in_nonces",
    METADATA,
    Column("nonce_hash", Bytes32, nullable=False),
    Column("browser_hash", Bytes32, nullable=False, doc="of the cookie that was set before it"),
    Column("issued_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("consumed_at", UtcTime, nullable=True, doc="set by every attempt, also a failed one"),
    PrimaryKeyConstraint("nonce_hash"),
    CheckConstraint("length(nonce_hash) = 32", name="nonce_hash"),
    CheckConstraint("length(browser_hash) = 32", name="browser_hash"),
    CheckConstraint("expires_at > issued_at", name="expires_at"),
    CheckConstraint("consumed_at >= issued_at", name="consumed_at"),
    # Anybody can ask for a nonce, so the stale ones are cleared away often.
    Index(None, "expires_at"),
    sqlite_strict=True,
)

sessions: Final = Table(
    "sessions",
    METADATA,
    Column("token_hash", Bytes32, nullable=False),
    Column("account", Address, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("last_seen_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("revoked_at", UtcTime, nullable=True),
    Column("user_agent", TEXT, nullable=True, doc="as sent; tells one session from another"),
    PrimaryKeyConstraint("token_hash"),
    CheckConstraint("length(token_hash) = 32", name="token_hash"),
    CheckConstraint("length(account) = 20", name="account"),
    CheckConstraint("last_seen_at >= created_at", name="last_seen_at"),
    CheckConstraint("expires_at > created_at", name="expires_at"),
    CheckConstraint("revoked_at >= created_at", name="revoked_at"),
    CheckConstraint("length(user_agent) <= 512", name="user_agent"),
    Index(None, "account"),
    sqlite_strict=True,
)

api_keys: Final = Table(
    "api_keys",
    METADATA,
    Column("id", TEXT, nullable=False, doc="public; names the key in lists and logs"),
    Column("key_hash", Bytes32, nullable=False),
    Column("owner", Address, nullable=False, doc="the account that made it"),
    Column("scopes", Scopes, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False, doc="no key is for ever"),
    Column("revoked_at", UtcTime, nullable=True),
    Column("last_used_at", UtcTime, nullable=True),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("key_hash"),
    CheckConstraint("length(id) BETWEEN 8 AND 64", name="id"),
    CheckConstraint("length(key_hash) = 32", name="key_hash"),
    CheckConstraint("length(owner) = 20", name="owner"),
    CheckConstraint("length(scopes) >= 1", name="scopes"),
    CheckConstraint("expires_at > created_at", name="expires_at"),
    CheckConstraint("revoked_at >= created_at", name="revoked_at"),
    CheckConstraint("last_used_at >= created_at", name="last_used_at"),
    Index(None, "owner"),
    sqlite_strict=True,
)
