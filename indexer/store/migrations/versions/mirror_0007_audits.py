"""Create what the auditor writes down."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op

from indexer.store.audits import DisagreementOpen

revision = "mirror_0007"
down_revision = "mirror_0006"

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the two tables; nothing was audited before."""
    op.create_table(
        "audits",
        sa.Column("chain_id", _BIG, nullable=False),
        sa.Column("contract_set", _TEXT, nullable=False),
        sa.Column("first_number", _BIG, nullable=False),
        sa.Column("last_number", _BIG, nullable=False),
        sa.Column("last_hash", sa.LargeBinary(), nullable=False),
        sa.Column("config_hash", sa.LargeBinary(), nullable=False),
        sa.Column("events", _BIG, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("owed", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("chain_id", "contract_set", "first_number"),
        _of_a_mirror(),
        sa.CheckConstraint("first_number >= 0", name="first_number"),
        sa.CheckConstraint("last_number >= first_number", name="last_number"),
        sa.CheckConstraint("length(last_hash) = 32", name="last_hash"),
        sa.CheckConstraint("length(config_hash) = 32", name="config_hash"),
        sa.CheckConstraint("events >= 0", name="events"),
        sa.CheckConstraint("length(digest) = 32", name="digest"),
        sa.CheckConstraint("substr(owed, 1, 1) = '{'", name="owed"),
        sqlite_strict=True,
    )
    op.create_table(
        "audit_findings",
        sa.Column("chain_id", _BIG, nullable=False),
        sa.Column("contract_set", _TEXT, nullable=False),
        sa.Column("block_number", _BIG, nullable=False),
        sa.Column("what", _TEXT, nullable=False),
        sa.Column("mirrored", _TEXT, nullable=False),
        sa.Column("on_chain", _TEXT, nullable=False),
        sa.Column("found_at", _BIG, nullable=False),
        sa.PrimaryKeyConstraint("chain_id", "contract_set"),
        _of_a_mirror(),
        sa.CheckConstraint("block_number >= 0", name="block_number"),
        sa.CheckConstraint("length(what) >= 1", name="what"),
        sa.CheckConstraint("found_at >= 0", name="found_at"),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Drop them; what is mirrored is left as it is, and can be audited again.

    Raises:
        DisagreementOpen: the former program would call a mirror level that is not the chain.
    """
    # With the last step the mirrors go, and what was wrong in them.
    if context.get_revision_argument() is not None:
        found = op.get_bind().scalar(sa.text("SELECT contract_set FROM audit_findings LIMIT 1"))
        if found is not None:
            raise DisagreementOpen(found)
    op.drop_table("audit_findings")
    op.drop_table("audits")


def _of_a_mirror() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["chain_id", "contract_set"], ["checkpoints.chain_id", "checkpoints.contract_set"]
    )
