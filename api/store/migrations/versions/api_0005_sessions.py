"""Create recordings, join tickets and admissions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "api_0005"
down_revision = "api_0004"

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_TIME = sa.DateTime(timezone=True).with_variant(sa.Integer(), "sqlite")
_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "recordings",
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("chain_id", _BIG, nullable=False, autoincrement=False),
        sa.Column("contract_set", _TEXT, nullable=False),
        sa.Column("drop_id", _BIG, nullable=False, autoincrement=False),
        sa.Column("terms_hash", sa.LargeBinary(), nullable=False),
        sa.Column("session", _BIG, nullable=False),
        sa.Column("title", _TEXT, nullable=False),
        sa.Column("media_type", _TEXT, nullable=False),
        sa.Column("size_bytes", _BIG, nullable=True),
        sa.Column("sha256", sa.LargeBinary(), nullable=True),
        sa.Column("block_hashes", sa.LargeBinary(), nullable=True),
        sa.Column("uploaded_by", sa.LargeBinary(), nullable=False),
        sa.Column("begun_at", _TIME, nullable=False),
        sa.Column("available_at", _TIME, nullable=True),
        sa.Column("abandoned_at", _TIME, nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.CheckConstraint("length(id) BETWEEN 8 AND 64", name="id"),
        sa.CheckConstraint("length(terms_hash) = 32", name="terms_hash"),
        sa.CheckConstraint("length(sha256) = 32", name="sha256"),
        sa.CheckConstraint("length(uploaded_by) = 20", name="uploaded_by"),
        sa.CheckConstraint("drop_id > 0 AND session > 0", name="session"),
        sa.CheckConstraint("size_bytes > 0", name="size_bytes"),
        sa.CheckConstraint("length(title) BETWEEN 1 AND 120", name="title"),
        sa.CheckConstraint("length(media_type) BETWEEN 1 AND 120", name="media_type"),
        sa.CheckConstraint(
            "length(block_hashes) = 32 * ((size_bytes + 262143) / 262144)", name="block_hashes"
        ),
        sa.CheckConstraint("available_at >= begun_at", name="available_at"),
        sa.CheckConstraint(
            "available_at IS NULL OR (size_bytes IS NOT NULL AND sha256 IS NOT NULL"
            " AND block_hashes IS NOT NULL AND abandoned_at IS NULL)",
            name="complete",
        ),
        sqlite_strict=True,
    )
    op.create_index(None, "recordings", ["chain_id", "contract_set", "drop_id", "session"])
    op.create_index(
        "recordings_unfinished",
        "recordings",
        ["begun_at"],
        sqlite_where=sa.text("available_at IS NULL"),
        postgresql_where=sa.text("available_at IS NULL"),
    )
    op.create_table(
        "join_tickets",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("chain_id", _BIG, nullable=False, autoincrement=False),
        sa.Column("contract_set", _TEXT, nullable=False),
        sa.Column("drop_id", _BIG, nullable=False, autoincrement=False),
        sa.Column("terms_hash", sa.LargeBinary(), nullable=False),
        sa.Column("session", _BIG, nullable=False),
        sa.Column("account", sa.LargeBinary(), nullable=False),
        sa.Column("issued_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.Column("used_at", _TIME, nullable=True),
        sa.PrimaryKeyConstraint("token_hash"),
        sa.CheckConstraint("length(token_hash) = 32", name="token_hash"),
        sa.CheckConstraint("length(terms_hash) = 32", name="terms_hash"),
        sa.CheckConstraint("length(account) = 20", name="account"),
        sa.CheckConstraint("drop_id > 0 AND session > 0", name="session"),
        sa.CheckConstraint("expires_at >= issued_at", name="expires_at"),
        sa.CheckConstraint("used_at >= issued_at", name="used_at"),
        sqlite_strict=True,
    )
    op.create_index(None, "join_tickets", ["expires_at"])
    op.create_table(
        "admissions",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("chain_id", _BIG, nullable=False, autoincrement=False),
        sa.Column("contract_set", _TEXT, nullable=False),
        sa.Column("drop_id", _BIG, nullable=False, autoincrement=False),
        sa.Column("terms_hash", sa.LargeBinary(), nullable=False),
        sa.Column("session", _BIG, nullable=False),
        sa.Column("account", sa.LargeBinary(), nullable=False),
        sa.Column("presence", _TEXT, nullable=False),
        sa.Column("admitted_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.Column("ended_at", _TIME, nullable=True),
        sa.Column("ended_by", _TEXT, nullable=True),
        sa.PrimaryKeyConstraint("token_hash"),
        sa.CheckConstraint("length(token_hash) = 32", name="token_hash"),
        sa.CheckConstraint("length(terms_hash) = 32", name="terms_hash"),
        sa.CheckConstraint("length(account) = 20", name="account"),
        sa.CheckConstraint("drop_id > 0 AND session > 0", name="session"),
        sa.CheckConstraint("length(presence) BETWEEN 1 AND 78", name="presence"),
        sa.CheckConstraint("expires_at >= admitted_at", name="expires_at"),
        sa.CheckConstraint("ended_at >= admitted_at", name="ended_at"),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_together"),
        sa.CheckConstraint("ended_by IN ('replaced', 'denied', 'lapsed')", name="ended_by"),
        sqlite_strict=True,
    )
    op.create_index(
        "admissions_live_key",
        "admissions",
        ["chain_id", "contract_set", "drop_id", "session", "presence"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(None, "admissions", ["expires_at"])


def downgrade() -> None:
    """Drop them: recordings are uploaded again, and everybody joins again."""
    op.drop_table("admissions")
    op.drop_table("join_tickets")
    op.drop_table("recordings")
