"""Create published terms."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "api_0003"
down_revision = "api_0002"

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_TIME = sa.DateTime(timezone=True).with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "published_terms",
        sa.Column("terms_hash", sa.LargeBinary(), nullable=False),
        sa.Column("document", _TEXT, nullable=False),
        sa.Column("published_by", sa.LargeBinary(), nullable=False),
        sa.Column("published_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("terms_hash"),
        sa.CheckConstraint("length(terms_hash) = 32", name="terms_hash"),
        sa.CheckConstraint("length(document) BETWEEN 1 AND 262144", name="document"),
        sa.CheckConstraint("length(published_by) = 20", name="published_by"),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Drop it: mentors publish them again."""
    op.drop_table("published_terms")
