"""Create the heartbeats."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "mirror_0004"
down_revision = "mirror_0003"

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the table; a mirror is not level until its indexer says so."""
    op.create_table(
        "heartbeats",
        sa.Column("chain_id", _BIG, nullable=False),
        sa.Column("contract_set", _TEXT, nullable=False),
        sa.Column("level_at", _BIG, nullable=False),
        sa.PrimaryKeyConstraint("chain_id", "contract_set"),
        sa.ForeignKeyConstraint(
            ["chain_id", "contract_set"], ["checkpoints.chain_id", "checkpoints.contract_set"]
        ),
        sa.CheckConstraint("level_at >= 0", name="level_at"),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("heartbeats")
