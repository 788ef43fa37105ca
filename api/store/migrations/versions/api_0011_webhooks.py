"""Create webhook endpoints, their deliveries and how far the outbox was looked at."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "api_0011"
down_revision = "api_0010"

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_TIME = sa.DateTime(timezone=True).with_variant(sa.Integer(), "sqlite")
_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables."""
    _webhook_endpoints()
    _webhook_endpoint_drops()
    _webhook_deliveries()
    _webhook_cursors()


def downgrade() -> None:
    """Drop them: whoever wants to be told registers again, and gets a new secret."""
    op.drop_table("webhook_cursors")
    op.drop_table("webhook_deliveries")
    op.drop_table("webhook_endpoint_drops")
    op.drop_table("webhook_endpoints")


def _webhook_endpoints() -> None:
    op.create_table(
        "webhook_endpoints",
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("chain_id", _BIG, nullable=False, autoincrement=False),
        sa.Column("contract_set", _TEXT, nullable=False),
        sa.Column("owner", sa.LargeBinary(), nullable=False),
        sa.Column("url", _TEXT, nullable=False),
        sa.Column("events", _TEXT, nullable=False),
        sa.Column("version", _BIG, nullable=False),
        sa.Column("generation", _BIG, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("rotated_at", _TIME, nullable=True),
        sa.Column("failing_since", _TIME, nullable=True),
        sa.Column("disabled_at", _TIME, nullable=True),
        sa.Column("disabled_why", _TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.CheckConstraint("length(id) BETWEEN 8 AND 64", name="id"),
        sa.CheckConstraint("length(owner) = 20", name="owner"),
        sa.CheckConstraint("length(url) BETWEEN 8 AND 2048", name="url"),
        sa.CheckConstraint("length(events) >= 1", name="events"),
        sa.CheckConstraint("version >= 1", name="version"),
        sa.CheckConstraint("generation >= 1", name="generation"),
        sa.CheckConstraint("rotated_at >= created_at", name="rotated_at"),
        sa.CheckConstraint(
            "(disabled_at IS NULL) = (disabled_why IS NULL)", name="disabled_together"
        ),
        sa.CheckConstraint("disabled_why IN ('failing', 'gone', 'owner')", name="disabled_why"),
        sqlite_strict=True,
    )
    op.create_index(None, "webhook_endpoints", ["chain_id", "contract_set", "owner"])


def _webhook_endpoint_drops() -> None:
    op.create_table(
        "webhook_endpoint_drops",
        sa.Column("endpoint_id", _TEXT, nullable=False),
        sa.Column("drop_id", _BIG, nullable=False, autoincrement=False),
        sa.Column("terms_hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("endpoint_id", "drop_id"),
        sa.ForeignKeyConstraint(["endpoint_id"], ["webhook_endpoints.id"], ondelete="CASCADE"),
        sa.CheckConstraint("drop_id > 0", name="drop_id"),
        sa.CheckConstraint("length(terms_hash) = 32", name="terms_hash"),
        sqlite_strict=True,
    )


def _webhook_deliveries() -> None:
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("endpoint_id", _TEXT, nullable=False),
        sa.Column("message_id", _TEXT, nullable=False),
        sa.Column("seq", _BIG, nullable=False),
        sa.Column("name", _TEXT, nullable=False),
        sa.Column("type", _TEXT, nullable=False),
        sa.Column("block_hash", sa.LargeBinary(), nullable=False),
        sa.Column("log_index", _BIG, nullable=False),
        sa.Column("retracts", _TEXT, nullable=True),
        sa.Column("payload", _TEXT, nullable=False),
        sa.Column("state", _TEXT, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("begun_at", _TIME, nullable=False),
        sa.Column("due_at", _TIME, nullable=False),
        sa.Column("attempts", _BIG, nullable=False),
        sa.Column("claim", _TEXT, nullable=True),
        sa.Column("claimed_until", _TIME, nullable=True),
        sa.Column("attempted_at", _TIME, nullable=True),
        sa.Column("status", _BIG, nullable=True),
        sa.Column("duration_ms", _BIG, nullable=True),
        sa.Column("answer", _TEXT, nullable=True),
        sa.Column("fault", _TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("endpoint_id", "message_id"),
        sa.ForeignKeyConstraint(["endpoint_id"], ["webhook_endpoints.id"], ondelete="CASCADE"),
        sa.CheckConstraint("length(id) BETWEEN 8 AND 64", name="id"),
        sa.CheckConstraint("length(message_id) BETWEEN 8 AND 64", name="message_id"),
        sa.CheckConstraint("seq >= 1", name="seq"),
        sa.CheckConstraint("length(block_hash) = 32", name="block_hash"),
        sa.CheckConstraint("log_index >= 0", name="log_index"),
        sa.CheckConstraint("substr(payload, 1, 1) = '{'", name="payload"),
        sa.CheckConstraint(
            "state IN ('waiting', 'delivered', 'failed', 'overtaken')", name="state"
        ),
        sa.CheckConstraint("attempts >= 0", name="attempts"),
        sa.CheckConstraint("(claim IS NULL) = (claimed_until IS NULL)", name="claimed_together"),
        sa.CheckConstraint("length(answer) <= 1024", name="answer"),
        sqlite_strict=True,
    )
    op.create_index(
        "webhook_deliveries_due",
        "webhook_deliveries",
        ["due_at"],
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(None, "webhook_deliveries", ["endpoint_id", "seq", "id"])
    op.create_index(None, "webhook_deliveries", ["block_hash", "log_index"])
    op.create_index(None, "webhook_deliveries", ["created_at"])


def _webhook_cursors() -> None:
    op.create_table(
        "webhook_cursors",
        sa.Column("chain_id", _BIG, nullable=False, autoincrement=False),
        sa.Column("contract_set", _TEXT, nullable=False),
        sa.Column("seq", _BIG, nullable=False),
        sa.PrimaryKeyConstraint("chain_id", "contract_set"),
        sa.CheckConstraint("seq >= 0", name="seq"),
        sqlite_strict=True,
    )
