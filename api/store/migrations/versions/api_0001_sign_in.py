"""Create sign-in nonces and sessions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "api_0001"
down_revision = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_TIME = sa.DateTime(timezone=True).with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create both tables."""
    op.create_table(
        "sign_in_nonces",
        sa.Column("nonce_hash", sa.LargeBinary(), nullable=False),
        sa.Column("browser_hash", sa.LargeBinary(), nullable=False),
        sa.Column("issued_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.Column("consumed_at", _TIME, nullable=True),
        sa.PrimaryKeyConstraint("nonce_hash"),
        sa.CheckConstraint("length(nonce_hash) = 32", name="nonce_hash"),
        sa.CheckConstraint("length(browser_hash) = 32", name="browser_hash"),
        sa.CheckConstraint("expires_at > issued_at", name="expires_at"),
        sa.CheckConstraint("consumed_at >= issued_at", name="consumed_at"),
        sqlite_strict=True,
    )
    op.create_index(None, "sign_in_nonces", ["expires_at"])
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("account", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("last_seen_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.Column("revoked_at", _TIME, nullable=True),
        sa.Column("user_agent", _TEXT, nullable=True),
        sa.PrimaryKeyConstraint("token_hash"),
        sa.CheckConstraint("length(token_hash) = 32", name="token_hash"),
        sa.CheckConstraint("length(account) = 20", name="account"),
        sa.CheckConstraint("last_seen_at >= created_at", name="last_seen_at"),
        sa.CheckConstraint("expires_at > created_at", name="expires_at"),
        sa.CheckConstraint("revoked_at >= created_at", name="revoked_at"),
        sa.CheckConstraint("length(user_agent) <= 512", name="user_agent"),
        sqlite_strict=True,
    )
    op.create_index(None, "sessions", ["account"])


def downgrade() -> None:
    """Drop both tables: everybody has to sign in again."""
    op.drop_table("sessions")
    op.drop_table("sign_in_nonces")
