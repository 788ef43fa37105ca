"""Create checkpoints, blocks and the event ledger."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "mirror_0001"
down_revision = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the three tables."""
    _create_checkpoints()
    _create_blocks()
    _create_events()


def downgrade() -> None:
    """Drop them with all that was mirrored; the chain still has it."""
    op.drop_table("events")
    op.drop_table("blocks")
    op.drop_table("checkpoints")


def _create_checkpoints() -> None:
    op.create_table(
        "checkpoints",
        sa.Column("chain_id", _BIG, nullable=False),
        sa.Column("contract_set", _TEXT, nullable=False),
        sa.Column("genesis_hash", sa.LargeBinary(), nullable=False),
        sa.Column("config_hash", sa.LargeBinary(), nullable=False),
        sa.Column("head_number", _BIG, nullable=False),
        sa.Column("head_hash", sa.LargeBinary(), nullable=False),
        sa.Column("safe_number", _BIG, nullable=False),
        sa.Column("safe_hash", sa.LargeBinary(), nullable=False),
        sa.Column("finalized_number", _BIG, nullable=False),
        sa.Column("finalized_hash", sa.LargeBinary(), nullable=False),
        sa.Column("generation", _BIG, nullable=False),
        sa.Column("fence", _BIG, nullable=False),
        sa.Column("next_seq", _BIG, nullable=False),
        sa.PrimaryKeyConstraint("chain_id", "contract_set"),
        sa.CheckConstraint("chain_id > 0", name="chain_id"),
        sa.CheckConstraint("length(contract_set) BETWEEN 1 AND 32", name="contract_set"),
        sa.CheckConstraint("length(genesis_hash) = 32", name="genesis_hash"),
        sa.CheckConstraint("length(config_hash) = 32", name="config_hash"),
        sa.CheckConstraint("length(head_hash) = 32", name="head_hash"),
        sa.CheckConstraint("length(safe_hash) = 32", name="safe_hash"),
        sa.CheckConstraint("length(finalized_hash) = 32", name="finalized_hash"),
        sa.CheckConstraint("finalized_number >= 0", name="finalized_number"),
        sa.CheckConstraint("finalized_number <= safe_number", name="finalized_is_safe"),
        sa.CheckConstraint("safe_number <= head_number", name="safe_is_mirrored"),
        sa.CheckConstraint("generation >= 0", name="generation"),
        sa.CheckConstraint("fence >= 0", name="fence"),
        sa.CheckConstraint("next_seq >= 1", name="next_seq"),
        sqlite_strict=True,
    )


def _create_blocks() -> None:
    op.create_table(
        "blocks",
        sa.Column("chain_id", _BIG, nullable=False),
        sa.Column("contract_set", _TEXT, nullable=False),
        sa.Column("number", _BIG, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("parent_hash", sa.LargeBinary(), nullable=False),
        sa.Column("timestamp_s", _BIG, nullable=False),
        sa.PrimaryKeyConstraint("chain_id", "contract_set", "number"),
        sa.UniqueConstraint("chain_id", "contract_set", "hash"),
        sa.ForeignKeyConstraint(
            ["chain_id", "contract_set"], ["checkpoints.chain_id", "checkpoints.contract_set"]
        ),
        sa.CheckConstraint("number >= 0", name="number"),
        sa.CheckConstraint("length(hash) = 32", name="hash"),
        sa.CheckConstraint("length(parent_hash) = 32", name="parent_hash"),
        sa.CheckConstraint("timestamp_s >= 0", name="timestamp_s"),
        sqlite_strict=True,
    )


def _create_events() -> None:
    op.create_table(
        "events",
        sa.Column("chain_id", _BIG, nullable=False),
        sa.Column("contract_set", _TEXT, nullable=False),
        sa.Column("block_number", _BIG, nullable=False),
        sa.Column("log_index", _BIG, nullable=False),
        sa.Column("block_hash", sa.LargeBinary(), nullable=False),
        sa.Column("tx_hash", sa.LargeBinary(), nullable=False),
        sa.Column("tx_index", _BIG, nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("event", _TEXT, nullable=False),
        sa.Column("arguments", _TEXT, nullable=False),
        sa.Column("topics", sa.LargeBinary(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("chain_id", "contract_set", "block_number", "log_index"),
        sa.CheckConstraint("block_number >= 0", name="block_number"),
        sa.CheckConstraint("log_index >= 0", name="log_index"),
        sa.CheckConstraint("length(block_hash) = 32", name="block_hash"),
        sa.CheckConstraint("length(tx_hash) = 32", name="tx_hash"),
        sa.CheckConstraint("tx_index >= 0", name="tx_index"),
        sa.CheckConstraint("length(address) = 20", name="address"),
        sa.CheckConstraint("length(event) >= 1", name="event"),
        sa.CheckConstraint("substr(arguments, 1, 1) = '{'", name="arguments"),
        sa.CheckConstraint("length(topics) IN (32, 64, 96, 128)", name="topics"),
        sqlite_strict=True,
    )
