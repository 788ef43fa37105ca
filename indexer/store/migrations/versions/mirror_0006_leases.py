"""Create the leases."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "mirror_0006"
down_revision = "mirror_0005"

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the table; nobody leads until a process says so."""
    op.create_table(
        "leases",
        sa.Column("chain_id", _BIG, nullable=False),
        sa.Column("contract_set", _TEXT, nullable=False),
        sa.Column("holder", _TEXT, nullable=False),
        sa.Column("beats", _BIG, nullable=False),
        sa.PrimaryKeyConstraint("chain_id", "contract_set"),
        sa.CheckConstraint("length(holder) >= 1", name="holder"),
        sa.CheckConstraint("beats >= 1", name="beats"),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Drop the table; the fence of the checkpoint stays."""
    op.drop_table("leases")
