"""What the auditor has found: how far the ledger was held against the chain, and what disagreed.

It owns their shape. It refuses what the chain decides: these rows say that somebody looked, and can
be thrown away and earned again.

Windows are cut at multiples of `WINDOW_BLOCKS`, whatever was audited at once, so that two mirrors
of one chain hold the same rows but for the last one, which is still growing.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, PrimaryKeyConstraint, Table

from indexer.store.tables import METADATA
from marketplace.storage.columns import BIG, TEXT, Bytes32

WINDOW_BLOCKS: Final = 10_000

audits: Final = Table(
    "audits",
    METADATA,
    Column("chain_id", BIG, nullable=False, autoincrement=False),
    Column("contract_set", TEXT, nullable=False),
    Column("first_number", BIG, nullable=False, autoincrement=False),
    Column("last_number", BIG, nullable=False, doc="everything up to it was audited"),
    Column("last_hash", Bytes32, nullable=False),
    Column("config_hash", Bytes32, nullable=False, doc="of what was mirrored when it was audited"),
    Column("events", BIG, nullable=False, doc="since the beginning, not in the window alone"),
    Column("digest", Bytes32, nullable=False, doc="stands for every log up to the last block"),
    Column("owed", TEXT, nullable=False, doc="by currency, in canonical JSON"),
    PrimaryKeyConstraint("chain_id", "contract_set", "first_number"),
    ForeignKeyConstraint(
        ["chain_id", "contract_set"], ["checkpoints.chain_id", "checkpoints.contract_set"]
    ),
    CheckConstraint("first_number >= 0", name="first_number"),
    CheckConstraint("last_number >= first_number", name="last_number"),
    CheckConstraint("length(last_hash) = 32", name="last_hash"),
    CheckConstraint("length(config_hash) = 32", name="config_hash"),
    CheckConstraint("events >= 0", name="events"),
    CheckConstraint("length(digest) = 32", name="digest"),
    CheckConstraint("substr(owed, 1, 1) = '{'", name="owed"),
    sqlite_strict=True,
)

audit_findings: Final = Table(
    "audit_findings",
    METADATA,
    Column("chain_id", BIG, nullable=False, autoincrement=False),
    Column("contract_set", TEXT, nullable=False),
    Column("block_number", BIG, nullable=False),
    Column("what", TEXT, nullable=False, doc="what mirror and chain disagree about"),
    Column("mirrored", TEXT, nullable=False),
    Column("on_chain", TEXT, nullable=False),
    Column("found_at", BIG, nullable=False, doc="by the indexer's clock, Unix seconds"),
    PrimaryKeyConstraint("chain_id", "contract_set"),
    ForeignKeyConstraint(
        ["chain_id", "contract_set"], ["checkpoints.chain_id", "checkpoints.contract_set"]
    ),
    CheckConstraint("block_number >= 0", name="block_number"),
    CheckConstraint("length(what) >= 1", name="what"),
    CheckConstraint("found_at >= 0", name="found_at"),
    sqlite_strict=True,
)
