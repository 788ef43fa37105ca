"""Create the attendance of seats.

Admissions of before are not turned into it: they do not say whose the seat was. Whoever is in when
this step is taken is kept at the next renewal.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "api_0023"
down_revision = "api_0022"

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_TIME = sa.DateTime(timezone=True).with_variant(sa.Integer(), "sqlite")
_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "attendances",
        sa.Column("chain_id", _BIG, autoincrement=False, nullable=False),
        sa.Column("contract_set", _TEXT, nullable=False),
        sa.Column("seat", _BIG, autoincrement=False, nullable=False),
        sa.Column("session", _BIG, autoincrement=False, nullable=False),
        sa.Column("terms_hash", sa.LargeBinary(), nullable=False),
        sa.Column("mentor", sa.LargeBinary(), nullable=False),
        sa.Column("holder", sa.LargeBinary(), nullable=False),
        sa.Column("account", sa.LargeBinary(), nullable=False),
        sa.Column("via", _TEXT, nullable=False),
        sa.Column("attended_at", _TIME, nullable=False),
        sa.Column("block_number", _BIG, nullable=False),
        sa.Column("block_hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint(
            "chain_id", "contract_set", "seat", "session", "terms_hash", "mentor", "holder"
        ),
        sa.CheckConstraint("seat > 0 AND session > 0", name="session"),
        sa.CheckConstraint("length(terms_hash) = 32", name="terms_hash"),
        sa.CheckConstraint("length(mentor) = 20", name="mentor"),
        sa.CheckConstraint("length(holder) = 20", name="holder"),
        sa.CheckConstraint("length(account) = 20", name="account"),
        sa.CheckConstraint("via IN ('seat', 'delegate')", name="via"),
        sa.CheckConstraint("block_number >= 0", name="block_number"),
        sa.CheckConstraint("length(block_hash) = 32", name="block_hash"),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Drop it: nobody knows any more which seats have been used."""
    op.drop_table("attendances")
