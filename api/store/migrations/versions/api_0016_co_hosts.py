"""Create the co-hosts of drops."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "api_0016"
down_revision = "api_0015"

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_TIME = sa.DateTime(timezone=True).with_variant(sa.Integer(), "sqlite")
_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "co_hosts",
        sa.Column("chain_id", _BIG, autoincrement=False, nullable=False),
        sa.Column("contract_set", _TEXT, nullable=False),
        sa.Column("drop_id", _BIG, autoincrement=False, nullable=False),
        sa.Column("terms_hash", sa.LargeBinary(), nullable=False),
        sa.Column("mentor", sa.LargeBinary(), nullable=False),
        sa.Column("account", sa.LargeBinary(), nullable=False),
        sa.Column("named_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint(
            "chain_id", "contract_set", "drop_id", "account", "terms_hash", "mentor"
        ),
        sa.CheckConstraint("drop_id > 0", name="drop_id"),
        sa.CheckConstraint("length(terms_hash) = 32", name="terms_hash"),
        sa.CheckConstraint("length(mentor) = 20", name="mentor"),
        sa.CheckConstraint("length(account) = 20", name="account"),
        sa.CheckConstraint("account <> mentor", name="another"),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Drop it: mentors name their co-hosts again."""
    op.drop_table("co_hosts")
