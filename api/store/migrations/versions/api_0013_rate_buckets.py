"""Create the buckets of quotas that all processes share."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "api_0013"
down_revision = "api_0012"

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "rate_buckets",
        sa.Column("name", _TEXT, nullable=False),
        sa.Column("full_at", _BIG, nullable=False),
        sa.PrimaryKeyConstraint("name"),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 200", name="name"),
        sa.CheckConstraint("full_at > 0", name="full_at"),
        sqlite_strict=True,
    )
    op.create_index(None, "rate_buckets", ["full_at"])


def downgrade() -> None:
    """Drop it: everybody has their whole quota again."""
    op.drop_table("rate_buckets")
