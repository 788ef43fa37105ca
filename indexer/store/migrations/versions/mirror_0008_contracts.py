"""Let a mirror have further contracts, know the versions of its folds, and hold delegations.

Every table that a mirror has was folded by the first version of its fold. It follows no registry
yet, so the table of delegations is complete while it is empty.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from indexer.store.migrations.folded import Shape, create

revision = "mirror_0008"
down_revision = "mirror_0007"

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_OF_CHECKPOINT = (
    ["chain_id", "contract_set"],
    ["checkpoints.chain_id", "checkpoints.contract_set"],
)
_DELEGATIONS = Shape(
    "a:delegator a:delegate t:scope a:contract u:token w:rights b:enabled",
    key=("delegator", "delegate", "scope", "contract", "token", "rights"),
    indexes=("delegate",),
    checks={
        "scope": "scope IN ('all', 'contract', 'token')",
        "enabled": "enabled <= 1",
    },
)
_FOLDS = (
    *("seat_states", "drop_states", "closing_states", "tier_states", "phase_states"),
    *("counter_states", "credit_states", "platform_states", "currency_states"),
    *("delegation_states", "mints", "sales", "stored_listings"),
    *("spent_offers", "used_passes", "used_seats"),
)


def upgrade() -> None:
    """Create the tables, and note that everything folded so far is whole."""
    op.create_table(
        "mirrored_contracts",
        sa.Column("chain_id", _BIG, nullable=False),
        sa.Column("contract_set", _TEXT, nullable=False),
        sa.Column("kind", _TEXT, nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("start_block", _BIG, nullable=False),
        sa.Column("next_block", _BIG, nullable=False),
        sa.Column("joined", _BIG, nullable=False),
        sa.PrimaryKeyConstraint("chain_id", "contract_set", "kind"),
        sa.UniqueConstraint("chain_id", "contract_set", "address"),
        sa.ForeignKeyConstraint(*_OF_CHECKPOINT),
        sa.CheckConstraint("kind IN ('seats', 'delegations')", name="kind"),
        sa.CheckConstraint("length(address) = 20", name="address"),
        sa.CheckConstraint("start_block >= 0", name="start_block"),
        sa.CheckConstraint("next_block >= start_block", name="next_block"),
        sa.CheckConstraint("joined IN (0, 1)", name="joined"),
        sqlite_strict=True,
    )
    op.create_table(
        "fold_versions",
        sa.Column("chain_id", _BIG, nullable=False),
        sa.Column("contract_set", _TEXT, nullable=False),
        sa.Column("fold", _TEXT, nullable=False),
        sa.Column("version", _BIG, nullable=False),
        sa.Column("next_block", _BIG, nullable=False),
        sa.Column("complete", _BIG, nullable=False),
        sa.PrimaryKeyConstraint("chain_id", "contract_set", "fold"),
        sa.ForeignKeyConstraint(*_OF_CHECKPOINT),
        sa.CheckConstraint("version >= 1", name="version"),
        sa.CheckConstraint("next_block >= 0", name="next_block"),
        sa.CheckConstraint("complete IN (0, 1)", name="complete"),
        sqlite_strict=True,
    )
    create("delegation_states", _DELEGATIONS)
    for fold in _FOLDS:
        op.execute(
            sa.text(
                "INSERT INTO fold_versions "
                "(chain_id, contract_set, fold, version, next_block, complete) "
                "SELECT chain_id, contract_set, :fold, 1, 0, 1 FROM checkpoints"
            ).bindparams(sa.bindparam("fold", fold, _TEXT))
        )


def downgrade() -> None:
    """Drop what the former program did not know; the ledger keeps the registry's events."""
    op.drop_table("delegation_states")
    op.drop_table("fold_versions")
    op.drop_table("mirrored_contracts")
