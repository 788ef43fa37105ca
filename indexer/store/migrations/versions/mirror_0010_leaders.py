"""Let whoever leads say since when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "mirror_0010"
down_revision = "mirror_0009"

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the table anew: nobody leads while tables are brought up."""
    op.drop_table("leases")
    op.create_table(
        "leases",
        sa.Column("chain_id", _BIG, nullable=False),
        sa.Column("contract_set", _TEXT, nullable=False),
        sa.Column("holder", _TEXT, nullable=False),
        sa.Column("beats", _BIG, nullable=False),
        sa.Column("since", _BIG, nullable=False),
        sa.PrimaryKeyConstraint("chain_id", "contract_set"),
        sa.CheckConstraint("length(holder) >= 1", name="holder"),
        sa.CheckConstraint("beats >= 1", name="beats"),
        sa.CheckConstraint("since >= 0", name="since"),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Make it as it was."""
    op.drop_table("leases")
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
