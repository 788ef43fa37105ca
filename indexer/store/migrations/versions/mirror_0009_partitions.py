"""Partition the ledger and the outbox on PostgreSQL; SQLite stays as it is.

Rows are copied once, which takes as much room again while it runs. Each mirror gets one partition
for what it has; from then on its indexer makes them ahead.
"""

from __future__ import annotations

from zlib import crc32

import sqlalchemy as sa
from alembic import op

from marketplace.storage.copying import copy_rows

revision = "mirror_0009"
down_revision = "mirror_0008"

_TEXT = sa.Text(collation="C")
_ROOM = {"events": 100_000, "outbox": 10_000_000}
_LAST = {"events": "head_number", "outbox": "next_seq"}
_KEY = {"events": "block_number", "outbox": "seq"}


def upgrade() -> None:
    """Copy both tables into partitioned ones."""
    _replace(partitioned=True)


def downgrade() -> None:
    """Copy both tables back into plain ones."""
    _replace(partitioned=False)


def _replace(*, partitioned: bool) -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for name, create in (("events", _create_events), ("outbox", _create_outbox)):
        op.execute(f"ALTER TABLE {name} RENAME TO {name}_before")
        # An index's name is its own in the whole schema.
        op.execute(f"ALTER TABLE {name}_before RENAME CONSTRAINT {name}_pk TO {name}_before_pk")
        create(f"RANGE (chain_id, contract_set, {_KEY[name]})" if partitioned else None)
        if partitioned:
            _partition(name)
            copy_rows(f"{name}_before", name)
        else:
            op.execute(f"INSERT INTO {name} SELECT * FROM {name}_before")  # noqa: S608 - names of ours
        op.execute(f"DROP TABLE {name}_before")


def _partition(name: str) -> None:
    # None by default: attaching the next one would wait for every reader of it, and whatever is
    # asked "from a block on" would look into it.
    mirrors = op.get_bind().execute(
        sa.text(f"SELECT chain_id, contract_set, {_LAST[name]} FROM checkpoints")  # noqa: S608 - names of ours
    )
    for chain_id, contract_set, last in mirrors.all():
        part = f"{name}_{chain_id}_{crc32(contract_set.encode()):08x}_0"
        quoted = contract_set.replace("'", "''")
        op.execute(
            sa.text(
                f"CREATE TABLE {part} PARTITION OF {name} "
                f"FOR VALUES FROM ({chain_id}, '{quoted}', 0) "
                f"TO ({chain_id}, '{quoted}', {last + 1 + _ROOM[name]})".replace(":", r"\:")
            )
        )


def _create_events(partition_by: str | None) -> None:
    op.create_table(
        "events",
        sa.Column("chain_id", sa.BigInteger(), nullable=False),
        sa.Column("contract_set", _TEXT, nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.Column("log_index", sa.BigInteger(), nullable=False),
        sa.Column("block_hash", sa.LargeBinary(), nullable=False),
        sa.Column("tx_hash", sa.LargeBinary(), nullable=False),
        sa.Column("tx_index", sa.BigInteger(), nullable=False),
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
        postgresql_partition_by=partition_by,
    )


def _create_outbox(partition_by: str | None) -> None:
    op.create_table(
        "outbox",
        sa.Column("chain_id", sa.BigInteger(), nullable=False),
        sa.Column("contract_set", _TEXT, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("kind", _TEXT, nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.Column("block_hash", sa.LargeBinary(), nullable=False),
        sa.Column("payload", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("chain_id", "contract_set", "seq"),
        sa.ForeignKeyConstraint(
            ["chain_id", "contract_set"], ["checkpoints.chain_id", "checkpoints.contract_set"]
        ),
        sa.CheckConstraint("seq >= 1", name="seq"),
        sa.CheckConstraint("kind IN ('apply', 'retract')", name="kind"),
        sa.CheckConstraint("block_number >= 0", name="block_number"),
        sa.CheckConstraint("length(block_hash) = 32", name="block_hash"),
        sa.CheckConstraint("substr(payload, 1, 1) = '{'", name="payload"),
        postgresql_partition_by=partition_by,
    )
