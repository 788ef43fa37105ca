"""Create the published allowlists of phases, and the proof of each account."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "api_0014"
down_revision = "api_0013"

_TIME = sa.DateTime(timezone=True).with_variant(sa.Integer(), "sqlite")
_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "allowlists",
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("accounts", _BIG, nullable=False),
        sa.Column("published_by", sa.LargeBinary(), nullable=False),
        sa.Column("published_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("root"),
        sa.CheckConstraint("length(root) = 32", name="root"),
        sa.CheckConstraint("accounts >= 1", name="accounts"),
        sa.CheckConstraint("length(published_by) = 20", name="published_by"),
        sqlite_strict=True,
    )
    op.create_table(
        "allowlist_proofs",
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("account", sa.LargeBinary(), nullable=False),
        sa.Column("proof", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("root", "account"),
        sa.ForeignKeyConstraint(["root"], ["allowlists.root"], ondelete="CASCADE"),
        sa.CheckConstraint("length(account) = 20", name="account"),
        sa.CheckConstraint("length(proof) % 32 = 0", name="proof"),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Drop them: mentors publish their lists again."""
    op.drop_table("allowlist_proofs")
    op.drop_table("allowlists")
