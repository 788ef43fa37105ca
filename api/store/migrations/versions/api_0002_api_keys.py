"""Create API keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "api_0002"
down_revision = "api_0001"

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_TIME = sa.DateTime(timezone=True).with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "api_keys",
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("owner", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", _TEXT, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.Column("revoked_at", _TIME, nullable=True),
        sa.Column("last_used_at", _TIME, nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key_hash"),
        sa.CheckConstraint("length(id) BETWEEN 8 AND 64", name="id"),
        sa.CheckConstraint("length(key_hash) = 32", name="key_hash"),
        sa.CheckConstraint("length(owner) = 20", name="owner"),
        sa.CheckConstraint("length(scopes) >= 1", name="scopes"),
        sa.CheckConstraint("expires_at > created_at", name="expires_at"),
        sa.CheckConstraint("revoked_at >= created_at", name="revoked_at"),
        sa.CheckConstraint("last_used_at >= created_at", name="last_used_at"),
        sqlite_strict=True,
    )
    op.create_index(None, "api_keys", ["owner"])


def downgrade() -> None:
    """Drop the table: every client needs a new key."""
    op.drop_table("api_keys")
