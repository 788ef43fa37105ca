"""Create the outbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "mirror_0002"
down_revision = "mirror_0001"

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the table; checkpoints have counted its rows from the start."""
    op.create_table(
        "outbox",
        sa.Column("chain_id", _BIG, nullable=False),
        sa.Column("contract_set", _TEXT, nullable=False),
        sa.Column("seq", _BIG, nullable=False),
        sa.Column("kind", _TEXT, nullable=False),
        sa.Column("block_number", _BIG, nullable=False),
        sa.Column("block_hash", sa.LargeBinary(), nullable=False),
        sa.Column("payload", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("chain_id", "contract_set", "seq"),
        sa.ForeignKeyConstraint(
            ["chain_id", "contract_set"], ["checkpoints.chain_id", "checkpoints.contract_set"]
        ),
        sa.CheckConstraint("seq >= 1", name="seq"),
        sa.CheckConstraint("kind IN ('apply', 'retract')", name="kind"),
        sa.CheckConstraint("block_number >= 0", name="block_number"),
        sa.CheckConstraint("length(block_hash) = 32", name="block_hash"),
        sa.CheckConstraint("substr(payload, 1, 1) = '{'", name="payload"),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Drop the table; the count stays, so that a later outbox does not begin again."""
    op.drop_table("outbox")
