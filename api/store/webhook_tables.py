"""The API's tables of webhooks: who wants to be told what, what they were sent, and how far.

It owns their shape and the constraints that the database itself holds; it refuses reads and writes.
No secret is here: what an endpoint's messages are signed with follows from its id, its generation
and a key that only the settings have.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    text,
)

from api.store.scopes import Scopes
from api.store.tables import METADATA
from marketplace.storage.columns import BIG, TEXT, Address, Bytes32, UtcTime

webhook_endpoints: Final = Table(
    "webhook_endpoints",
    METADATA,
    Column("id", TEXT, nullable=False, doc="public, chance: names it in addresses"),
    Column("chain_id", BIG, nullable=False, autoincrement=False),
    Column("contract_set", TEXT, nullable=False),
    Column("owner", Address, nullable=False, doc="hears of the drops that it is mentor of"),
    Column("url", TEXT, nullable=False),
    Column("events", Scopes, nullable=False, doc="the types that are wanted"),
    Column("version", BIG, nullable=False, doc="one more at each edit"),
    Column("generation", BIG, nullable=False, doc="one more at each new secret"),
    Column("created_at", UtcTime, nullable=False),
    Column("rotated_at", UtcTime, nullable=True, doc="of the present secret; the one before ends"),
    Column("failing_since", UtcTime, nullable=True, doc="first failure since the last success"),
    Column("disabled_at", UtcTime, nullable=True),
    Column("disabled_why", TEXT, nullable=True),
    PrimaryKeyConstraint("id"),
    CheckConstraint("length(id) BETWEEN 8 AND 64", name="id"),
    CheckConstraint("length(owner) = 20", name="owner"),
    CheckConstraint("length(url) BETWEEN 8 AND 2048", name="url"),
    CheckConstraint("length(events) >= 1", name="events"),
    CheckConstraint("version >= 1", name="version"),
    CheckConstraint("generation >= 1", name="generation"),
    CheckConstraint("rotated_at >= created_at", name="rotated_at"),
    CheckConstraint("(disabled_at IS NULL) = (disabled_why IS NULL)", name="disabled_together"),
    CheckConstraint("disabled_why IN ('failing', 'gone', 'owner')", name="disabled_why"),
    Index(None, "chain_id", "contract_set", "owner"),
    sqlite_strict=True,
)

webhook_endpoint_drops: Final = Table(
    "webhook_endpoint_drops",
    METADATA,
    Column("endpoint_id", TEXT, nullable=False),
    Column("drop_id", BIG, nullable=False, autoincrement=False),
    Column("terms_hash", Bytes32, nullable=False),
    PrimaryKeyConstraint("endpoint_id", "drop_id"),
    ForeignKeyConstraint(["endpoint_id"], ["webhook_endpoints.id"], ondelete="CASCADE"),
    CheckConstraint("drop_id > 0", name="drop_id"),
    CheckConstraint("length(terms_hash) = 32", name="terms_hash"),
    sqlite_strict=True,
)

webhook_deliveries: Final = Table(
    "webhook_deliveries",
    METADATA,
    Column("id", TEXT, nullable=False, doc="public, chance"),
    Column("endpoint_id", TEXT, nullable=False),
    Column("message_id", TEXT, nullable=False, doc="the same at every attempt and replay"),
    Column("seq", BIG, nullable=False, doc="of the outbox"),
    Column("name", TEXT, nullable=False, doc="tells the messages of one event apart"),
    Column("type", TEXT, nullable=False),
    Column("drop_id", BIG, nullable=True, autoincrement=False),
    Column("terms_hash", Bytes32, nullable=True, doc="of the drop; of before, nobody knows it"),
    Column("block_hash", Bytes32, nullable=False),
    Column("log_index", BIG, nullable=False),
    Column("retracts", TEXT, nullable=True, doc="the message that is taken back"),
    Column("payload", TEXT, nullable=False, doc="the body, byte for byte"),
    Column("state", TEXT, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("begun_at", UtcTime, nullable=False, doc="from when on its attempts count"),
    Column("due_at", UtcTime, nullable=False, doc="of the next attempt"),
    Column("attempts", BIG, nullable=False, doc="since begun_at"),
    Column("claim", TEXT, nullable=True, doc="of whoever is sending it"),
    Column("claimed_until", UtcTime, nullable=True, doc="a claim that is older is dead"),
    Column("attempted_at", UtcTime, nullable=True),
    Column("status", BIG, nullable=True, doc="of the last answer"),
    Column("duration_ms", BIG, nullable=True),
    Column("answer", TEXT, nullable=True, doc="its first bytes, as text"),
    Column("fault", TEXT, nullable=True, doc="why there was no answer"),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("endpoint_id", "message_id"),
    ForeignKeyConstraint(["endpoint_id"], ["webhook_endpoints.id"], ondelete="CASCADE"),
    CheckConstraint("length(id) BETWEEN 8 AND 64", name="id"),
    CheckConstraint("length(message_id) BETWEEN 8 AND 64", name="message_id"),
    CheckConstraint("seq >= 1", name="seq"),
    CheckConstraint("drop_id > 0", name="drop_id"),
    CheckConstraint("length(terms_hash) = 32", name="terms_hash"),
    CheckConstraint("length(block_hash) = 32", name="block_hash"),
    CheckConstraint("log_index >= 0", name="log_index"),
    CheckConstraint("substr(payload, 1, 1) = '{'", name="payload"),
    CheckConstraint("state IN ('waiting', 'delivered', 'failed', 'overtaken')", name="state"),
    CheckConstraint("attempts >= 0", name="attempts"),
    CheckConstraint("(claim IS NULL) = (claimed_until IS NULL)", name="claimed_together"),
    CheckConstraint("length(answer) <= 1024", name="answer"),
    # What is due is looked for often, and is a small part of what is kept.
    Index(
        "webhook_deliveries_due",
        "due_at",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    # An endpoint's log, the newest first; and what a reorganisation takes back.
    Index(None, "endpoint_id", "seq", "id"),
    Index(None, "block_hash", "log_index"),
    Index(None, "created_at"),
    sqlite_strict=True,
)

webhook_cursors: Final = Table(
    "webhook_cursors",
    METADATA,
    Column("chain_id", BIG, nullable=False, autoincrement=False),
    Column("contract_set", TEXT, nullable=False),
    Column("seq", BIG, nullable=False, doc="the last message of the outbox that was looked at"),
    PrimaryKeyConstraint("chain_id", "contract_set"),
    CheckConstraint("seq >= 0", name="seq"),
    sqlite_strict=True,
)
