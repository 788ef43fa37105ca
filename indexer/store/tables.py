"""The mirror's base tables: checkpoint, heartbeat, lease, contracts, blocks, ledger, folds, outbox.

It owns their shape, what every table of a mirror has in common (`of_mirror`), and the constraints
that the database itself holds. It refuses reads and
writes, and whatever is folded out of the ledger: that is derived and has tables of its own.

Every key begins with chain and contract set. A contract set is what is mirrored together under one
checkpoint; sets advance and roll back independently of each other, and for a moment may follow
different branches, so no row is shared between them, not even a block. Every column of a key that
a table could be partitioned by (chain, set, block number) is part of that key.

All hashes are of 32 bytes, all numbers are signed 64-bit; amounts occur only inside the canonical
text of `arguments`, as decimal strings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)

from marketplace.storage.columns import BIG, BYTES, NAMING, TEXT, Address, Bytes32

if TYPE_CHECKING:
    from collections.abc import Mapping

METADATA: Final = MetaData(naming_convention=NAMING)

checkpoints: Final = Table(
    "checkpoints",
    METADATA,
    Column("chain_id", BIG, nullable=False, autoincrement=False),
    Column("contract_set", TEXT, nullable=False, doc="its name in the configuration"),
    Column("genesis_hash", Bytes32, nullable=False, doc="refuses another chain of the same id"),
    Column("config_hash", Bytes32, nullable=False, doc="of addresses, start and ABI"),
    Column("head_number", BIG, nullable=False, doc="the last block mirrored"),
    Column("head_hash", Bytes32, nullable=False),
    # Of the mirror, not of the chain: a mirror that is behind is safe no further than its head.
    Column("safe_number", BIG, nullable=False),
    Column("safe_hash", Bytes32, nullable=False),
    Column("finalized_number", BIG, nullable=False, doc="never rolled back"),
    Column("finalized_hash", Bytes32, nullable=False),
    Column("generation", BIG, nullable=False, doc="one more at each rollback"),
    Column("fence", BIG, nullable=False, doc="one more at each change of leader"),
    # Here and not max(seq) + 1: an outbox that was pruned to nothing must not start again.
    Column("next_seq", BIG, nullable=False, doc="of the next outbox row"),
    PrimaryKeyConstraint("chain_id", "contract_set"),
    CheckConstraint("chain_id > 0", name="chain_id"),
    CheckConstraint("length(contract_set) BETWEEN 1 AND 32", name="contract_set"),
    CheckConstraint("length(genesis_hash) = 32", name="genesis_hash"),
    CheckConstraint("length(config_hash) = 32", name="config_hash"),
    CheckConstraint("length(head_hash) = 32", name="head_hash"),
    CheckConstraint("length(safe_hash) = 32", name="safe_hash"),
    CheckConstraint("length(finalized_hash) = 32", name="finalized_hash"),
    CheckConstraint("finalized_number >= 0", name="finalized_number"),
    CheckConstraint("finalized_number <= safe_number", name="finalized_is_safe"),
    CheckConstraint("safe_number <= head_number", name="safe_is_mirrored"),
    CheckConstraint("generation >= 0", name="generation"),
    CheckConstraint("fence >= 0", name="fence"),
    CheckConstraint("next_seq >= 1", name="next_seq"),
    sqlite_strict=True,
)


def of_mirror(
    name: str,
    *columns: Column[Any],
    key: tuple[str, ...] = (),
    unique: tuple[str, ...] = (),
    checks: Mapping[str, str],
) -> Table:
    """A table whose rows belong to a mirror, and go nowhere without its checkpoint.

    Args:
        name: Of the table.
        columns: Beside chain and contract set.
        key: What tells a mirror's rows apart; empty: there is one.
        unique: Columns that do as well.
        checks: By the name of each.
    """
    mine = ("chain_id", "contract_set")
    return Table(
        name,
        METADATA,
        Column("chain_id", BIG, nullable=False, autoincrement=False),
        Column("contract_set", TEXT, nullable=False),
        *columns,
        PrimaryKeyConstraint(*mine, *key),
        *([UniqueConstraint(*mine, *unique)] if unique else []),
        ForeignKeyConstraint(mine, [f"checkpoints.{column}" for column in mine]),
        *(CheckConstraint(rule, name=named) for named, rule in checks.items()),
        sqlite_strict=True,
    )


# A table of its own: it is dated by the indexer's clock, while the chain alone decides everything
# else here, so that two mirrors of one chain hold the same rows.
heartbeats: Final = of_mirror(
    "heartbeats",
    Column("level_at", BIG, nullable=False, doc="when it last was level with the node, Unix s"),
    checks={
        "level_at": "level_at >= 0",
    },
)

# Apart for the same reason: how far a mirror had come when it was rolled back depends on when its
# indexer looked, not on the chain.
rollbacks: Final = of_mirror(
    "rollbacks",
    Column("left_number", BIG, nullable=False, doc="the latest block held and left since level"),
    checks={
        "left_number": "left_number >= 0",
    },
)

# No foreign key to checkpoints: who leads is settled before the mirror is begun. On SQLite the row
# is the claim; PostgreSQL has a lock that ends with its session, and the row says who took it last.
leases: Final = Table(
    "leases",
    METADATA,
    Column("chain_id", BIG, nullable=False, autoincrement=False),
    Column("contract_set", TEXT, nullable=False),
    Column("holder", TEXT, nullable=False, doc="the process that leads, by a name of one life"),
    Column("beats", BIG, nullable=False, doc="one more at each sign of life; no clock"),
    Column("since", BIG, nullable=False, doc="by its clock, Unix s; told, never judged"),
    PrimaryKeyConstraint("chain_id", "contract_set"),
    CheckConstraint("length(holder) >= 1", name="holder"),
    CheckConstraint("beats >= 1", name="beats"),
    CheckConstraint("since >= 0", name="since"),
    sqlite_strict=True,
)

blocks: Final = of_mirror(
    "blocks",
    Column("number", BIG, nullable=False, autoincrement=False),
    Column("hash", Bytes32, nullable=False),
    Column("parent_hash", Bytes32, nullable=False),
    Column("timestamp_s", BIG, nullable=False, doc="the chain's own clock, Unix seconds"),
    key=("number",),
    unique=("hash",),
    checks={
        "number": "number >= 0",
        "hash": "length(hash) = 32",
        "parent_hash": "length(parent_hash) = 32",
        "timestamp_s": "timestamp_s >= 0",
    },
)

events: Final = Table(
    "events",
    METADATA,
    Column("chain_id", BIG, nullable=False, autoincrement=False),
    Column("contract_set", TEXT, nullable=False),
    Column("block_number", BIG, nullable=False, autoincrement=False),
    Column("log_index", BIG, nullable=False, autoincrement=False, doc="within the block"),
    Column("block_hash", Bytes32, nullable=False),
    Column("tx_hash", Bytes32, nullable=False),
    Column("tx_index", BIG, nullable=False, doc="within the block"),
    Column("address", Address, nullable=False, doc="of the contract that spoke"),
    Column("event", TEXT, nullable=False, doc="its name in the ABI"),
    Column("arguments", TEXT, nullable=False, doc="canonical JSON, integers as decimal text"),
    # What the node said, so that a changed decoder or a new fold need not ask it again.
    Column("topics", BYTES, nullable=False, doc="1 to 4 words, the signature's first"),
    Column("data", BYTES, nullable=False),
    PrimaryKeyConstraint("chain_id", "contract_set", "block_number", "log_index"),
    # No foreign key to blocks: looking one up per row would cost more than the insert does.
    CheckConstraint("block_number >= 0", name="block_number"),
    CheckConstraint("log_index >= 0", name="log_index"),
    CheckConstraint("length(block_hash) = 32", name="block_hash"),
    CheckConstraint("length(tx_hash) = 32", name="tx_hash"),
    CheckConstraint("tx_index >= 0", name="tx_index"),
    CheckConstraint("length(address) = 20", name="address"),
    CheckConstraint("length(event) >= 1", name="event"),
    CheckConstraint("substr(arguments, 1, 1) = '{'", name="arguments"),
    CheckConstraint("length(topics) IN (32, 64, 96, 128)", name="topics"),
    sqlite_strict=True,
    postgresql_partition_by="RANGE (chain_id, contract_set, block_number)",
)

mirrored_contracts: Final = of_mirror(
    "mirrored_contracts",
    Column("kind", TEXT, nullable=False, doc="as in indexer.identity.Kind"),
    Column("address", Address, nullable=False),
    Column("start_block", BIG, nullable=False, doc="earlier ones are asked for no logs of it"),
    Column("next_block", BIG, nullable=False, doc="the first one not filled in yet"),
    Column("joined", BIG, nullable=False, doc="1: filled in, and followed with the others"),
    key=("kind",),
    unique=("address",),
    checks={
        "kind": "kind IN ('seats', 'delegations')",
        "address": "length(address) = 20",
        "start_block": "start_block >= 0",
        "next_block": "next_block >= start_block",
        "joined": "joined IN (0, 1)",
    },
)
fold_versions: Final = of_mirror(
    "fold_versions",
    Column("fold", TEXT, nullable=False, doc="the name of its table"),
    Column("version", BIG, nullable=False, doc="of the fold that made the rows"),
    Column("next_block", BIG, nullable=False, doc="while it is built: the first one not folded"),
    Column("complete", BIG, nullable=False, doc="1: nothing of the ledger is missing"),
    key=("fold",),
    checks={
        "version": "version >= 1",
        "next_block": "next_block >= 0",
        "complete": "complete IN (0, 1)",
    },
)
outbox: Final = Table(
    "outbox",
    METADATA,
    Column("chain_id", BIG, nullable=False, autoincrement=False),
    Column("contract_set", TEXT, nullable=False),
    Column("seq", BIG, nullable=False, autoincrement=False, doc="from 1, without gaps"),
    Column("kind", TEXT, nullable=False, doc="apply: it is so; retract: it no longer is"),
    Column("block_number", BIG, nullable=False),
    Column("block_hash", Bytes32, nullable=False),
    Column("payload", TEXT, nullable=False, doc="canonical JSON"),
    PrimaryKeyConstraint("chain_id", "contract_set", "seq"),
    ForeignKeyConstraint(
        ["chain_id", "contract_set"], ["checkpoints.chain_id", "checkpoints.contract_set"]
    ),
    CheckConstraint("seq >= 1", name="seq"),
    CheckConstraint("kind IN ('apply', 'retract')", name="kind"),
    CheckConstraint("block_number >= 0", name="block_number"),
    CheckConstraint("length(block_hash) = 32", name="block_hash"),
    CheckConstraint("substr(payload, 1, 1) = '{'", name="payload"),
    sqlite_strict=True,
    postgresql_partition_by="RANGE (chain_id, contract_set, seq)",
)
