"""Create what is kept of requests that were sent under a key."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "api_0012"
down_revision = "api_0011"

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_TIME = sa.DateTime(timezone=True).with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "idempotency_keys",
        sa.Column("place_hash", sa.LargeBinary(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("claim", _TEXT, nullable=False),
        sa.Column("claimed_until", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("place_hash"),
        sa.CheckConstraint("length(place_hash) = 32", name="place_hash"),
        sa.CheckConstraint("length(request_hash) = 32", name="request_hash"),
        sa.CheckConstraint("length(claim) BETWEEN 8 AND 64", name="claim"),
        sa.CheckConstraint("length(answer) BETWEEN 29 AND 262144", name="answer"),
        sqlite_strict=True,
    )
    op.create_index(None, "idempotency_keys", ["expires_at"])


def downgrade() -> None:
    """Drop it: what is sent again under a key of before is done again."""
    op.drop_table("idempotency_keys")
