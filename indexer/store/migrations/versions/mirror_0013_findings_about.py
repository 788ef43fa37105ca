"""Say with a disagreement what the contract was asked for, so that just that is asked again.

SQLite cannot add what is checked to a table, so the table is made anew and its rows are copied. Of
what an earlier program found nobody knows it.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "mirror_0013"
down_revision = "mirror_0012"

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_OLD: Final = "audit_findings_before"
_KEPT: Final = "chain_id, contract_set, block_number, what, mirrored, on_chain, found_at"


def upgrade() -> None:
    """Add what it was about; a disagreement that is there stays."""
    _anew(about=True)


def downgrade() -> None:
    """Forget what it was about; the former program looks on until it has passed the block."""
    _anew(about=False)


def _anew(*, about: bool) -> None:
    if op.get_bind().dialect.name == "postgresql":
        # Its name belongs to the schema, not to the table.
        op.drop_constraint("audit_findings_pk", "audit_findings")
    op.rename_table("audit_findings", _OLD)
    op.create_table(
        "audit_findings",
        sa.Column("chain_id", _BIG, nullable=False),
        sa.Column("contract_set", _TEXT, nullable=False),
        sa.Column("block_number", _BIG, nullable=False),
        sa.Column("what", _TEXT, nullable=False),
        sa.Column("mirrored", _TEXT, nullable=False),
        sa.Column("on_chain", _TEXT, nullable=False),
        *([sa.Column("about", _TEXT, nullable=True)] if about else []),
        sa.Column("found_at", _BIG, nullable=False),
        sa.PrimaryKeyConstraint("chain_id", "contract_set"),
        sa.ForeignKeyConstraint(
            ["chain_id", "contract_set"], ["checkpoints.chain_id", "checkpoints.contract_set"]
        ),
        sa.CheckConstraint("block_number >= 0", name="block_number"),
        sa.CheckConstraint("length(what) >= 1", name="what"),
        *([sa.CheckConstraint("substr(about, 1, 1) = '{'", name="about")] if about else []),
        sa.CheckConstraint("found_at >= 0", name="found_at"),
        sqlite_strict=True,
    )
    op.execute(
        f"INSERT INTO audit_findings ({_KEPT}) SELECT {_KEPT} FROM {_OLD}"  # noqa: S608 - constants of this module
    )
    op.drop_table(_OLD)
