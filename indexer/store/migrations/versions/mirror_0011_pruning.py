"""Note when messages had been told, and how far consumers have read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "mirror_0011"
down_revision = "mirror_0010"

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the tables; of the messages so far nobody knows when they were told."""
    op.create_table(
        "outbox_marks",
        sa.Column("chain_id", _BIG, nullable=False),
        sa.Column("contract_set", _TEXT, nullable=False),
        sa.Column("next_seq", _BIG, nullable=False),
        sa.Column("told_at", _BIG, nullable=False),
        sa.PrimaryKeyConstraint("chain_id", "contract_set", "next_seq"),
        _of_a_mirror(),
        sa.CheckConstraint("next_seq >= 1", name="next_seq"),
        sa.CheckConstraint("told_at >= 0", name="told_at"),
        sqlite_strict=True,
    )
    op.create_table(
        "outbox_consumers",
        sa.Column("chain_id", _BIG, nullable=False),
        sa.Column("contract_set", _TEXT, nullable=False),
        sa.Column("name", _TEXT, nullable=False),
        sa.Column("next_seq", _BIG, nullable=False),
        sa.PrimaryKeyConstraint("chain_id", "contract_set", "name"),
        _of_a_mirror(),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 64", name="name"),
        sa.CheckConstraint("next_seq >= 1", name="next_seq"),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Drop them; the former program throws no message away."""
    op.drop_table("outbox_consumers")
    op.drop_table("outbox_marks")


def _of_a_mirror() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["chain_id", "contract_set"], ["checkpoints.chain_id", "checkpoints.contract_set"]
    )
