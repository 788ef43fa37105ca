"""What is known of requests, for a while: those sent under a key, and how many there were.

It owns the shape of these tables. As in `tables`, no secret is here: a key is kept as a hash of it
and of who sent it, and an answer is sealed with what only the request has.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import CheckConstraint, Column, Index, PrimaryKeyConstraint, Table

from api.store.tables import METADATA
from marketplace.storage.columns import BIG, BYTES, TEXT, Bytes32, UtcTime

idempotency_keys: Final = Table(
    "idempotency_keys",
    METADATA,
    Column("place_hash", Bytes32, nullable=False, doc="of market, caller, address and key"),
    Column("request_hash", Bytes32, nullable=False, doc="of what was asked for"),
    Column("claim", TEXT, nullable=False, doc="of whoever does it, or has done it"),
    Column("claimed_until", UtcTime, nullable=False, doc="a claim that is older is dead"),
    Column("expires_at", UtcTime, nullable=False, doc="when the key is forgotten"),
    Column("answer", BYTES, nullable=True, doc="sealed; null: it is under way"),
    PrimaryKeyConstraint("place_hash"),
    CheckConstraint("length(place_hash) = 32", name="place_hash"),
    CheckConstraint("length(request_hash) = 32", name="request_hash"),
    CheckConstraint("length(claim) BETWEEN 8 AND 64", name="claim"),
    CheckConstraint("length(answer) BETWEEN 29 AND 262144", name="answer"),
    Index(None, "expires_at"),
    sqlite_strict=True,
)

rate_buckets: Final = Table(
    "rate_buckets",
    METADATA,
    Column("name", TEXT, nullable=False, doc="of a quota, a chain, and an account or an address"),
    Column("full_at", BIG, nullable=False, doc="microseconds since 1970: when it is full again"),
    PrimaryKeyConstraint("name"),
    CheckConstraint("length(name) BETWEEN 1 AND 200", name="name"),
    CheckConstraint("full_at > 0", name="full_at"),
    # What is full is cleared away.
    Index(None, "full_at"),
    sqlite_strict=True,
)
