"""Create the blocks that were left by rollbacks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "mirror_0014"
down_revision = "mirror_0013"

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


# A mirror that was rolled back and is not known to be level: later than every block.
_UNKNOWN = """
INSERT INTO rollbacks (chain_id, contract_set, left_number)
SELECT chain_id, contract_set, 9223372036854775807 FROM checkpoints AS mirror
WHERE generation > 0 AND NOT EXISTS (
    SELECT 1 FROM heartbeats AS its
    WHERE its.chain_id = mirror.chain_id AND its.contract_set = mirror.contract_set)
"""


def upgrade() -> None:
    """Create the table; of a rollback by an earlier program nobody knows how far it reached."""
    op.create_table(
        "rollbacks",
        sa.Column("chain_id", _BIG, nullable=False),
        sa.Column("contract_set", _TEXT, nullable=False),
        sa.Column("left_number", _BIG, nullable=False),
        sa.PrimaryKeyConstraint("chain_id", "contract_set"),
        sa.ForeignKeyConstraint(
            ["chain_id", "contract_set"], ["checkpoints.chain_id", "checkpoints.contract_set"]
        ),
        sa.CheckConstraint("left_number >= 0", name="left_number"),
        sqlite_strict=True,
    )
    op.execute(_UNKNOWN)


def downgrade() -> None:
    """Drop the table; the former program calls nothing level for a minute after each start."""
    op.drop_table("rollbacks")
