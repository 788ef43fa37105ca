"""Let a mirror have further contracts, know the versions of its folds, and hold delegations.

It follows no registry yet, so the table of delegations is complete while it is empty. Of the other
tables of a mirror whose ledger holds events nobody knows whether they are whole: it may have gone
down through steps that drop tables, or rows of them. So none is noted as complete, and the next
indexer folds them again; one that is empty is noted as not begun, and nobody is answered out of it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op

from indexer.store.fold_versions import FoldsHalfBuilt
from indexer.store.migrations.folded import Shape, create
from marketplace.bindings.addresses import checksum_address

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
    *("mints", "sales", "stored_listings", "spent_offers", "used_passes", "used_seats"),
)
_WITHOUT_FOLDS = (None, "mirror_0001", "mirror_0002")
"""Steps at which there is no table that could be half built."""
_NOTED = """
INSERT INTO fold_versions (chain_id, contract_set, fold, version, next_block, complete)
SELECT chain_id, contract_set, :fold, 1, 0, {complete} FROM checkpoints AS mirror WHERE {where}
"""
_OF_THE_MIRROR = """
SELECT 1 FROM {table} AS its
WHERE its.chain_id = mirror.chain_id AND its.contract_set = mirror.contract_set
"""
_TOLD = f"EXISTS ({_OF_THE_MIRROR.format(table='events')})"
_REGISTRIES = (
    "SELECT chain_id, contract_set, address FROM mirrored_contracts WHERE kind = 'delegations'"
)
_HALF_BUILT = "SELECT contract_set FROM fold_versions WHERE complete = 0 LIMIT 1"
_BEATS_GONE = """
DELETE FROM heartbeats WHERE EXISTS (
    SELECT 1 FROM events
    WHERE events.chain_id = heartbeats.chain_id
      AND events.contract_set = heartbeats.contract_set)
"""
_COUNTED = """
UPDATE checkpoints SET next_seq = coalesce(
    (SELECT max(outbox.seq) + 1 FROM outbox
     WHERE outbox.chain_id = checkpoints.chain_id
       AND outbox.contract_set = checkpoints.contract_set
       AND outbox.seq >= checkpoints.next_seq),
    next_seq)
"""
_EVENTS_GONE = """
DELETE FROM events WHERE EXISTS (
    SELECT 1 FROM mirrored_contracts AS registry
    WHERE registry.chain_id = events.chain_id
      AND registry.contract_set = events.contract_set
      AND registry.address = events.address
      AND registry.kind = 'delegations')
"""
# Below its finalized block a mirror keeps those that hold an event.
_BLOCKS_GONE = """
DELETE FROM blocks
WHERE number < (
    SELECT finalized_number FROM checkpoints
    WHERE checkpoints.chain_id = blocks.chain_id
      AND checkpoints.contract_set = blocks.contract_set)
  AND NOT EXISTS (
    SELECT 1 FROM events
    WHERE events.chain_id = blocks.chain_id
      AND events.contract_set = blocks.contract_set
      AND events.block_number = blocks.number)
"""


def upgrade() -> None:
    """Create the tables, and note what is known of those that were folded so far."""
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
    _note("delegation_states", 1, "TRUE")
    for fold in _FOLDS:
        _note(fold, 1, f"NOT {_TOLD}")
        _note(fold, 0, f"{_TOLD} AND NOT EXISTS ({_OF_THE_MIRROR.format(table=fold)})")
    # Doors stay closed until all is folded again.
    op.execute(_BEATS_GONE)


def downgrade() -> None:
    """Drop what the former program did not know, and what a registry said with it.

    That program takes every event of the ledger for one of the seats. Where consumers were told of
    them they are told that they are gone, so that replaying the outbox still gives the ledger; a
    registry that is added again is filled in from its first block on.

    Raises:
        FoldsHalfBuilt: a mirror's tables are, and the former program would take them for whole.
    """
    connection = op.get_bind()
    if context.get_revision_argument() not in _WITHOUT_FOLDS:
        _require_whole(connection)
    registries = connection.execute(sa.text(_REGISTRIES)).mappings().all()
    for registry in registries:
        named = checksum_address(bytes(registry["address"]))
        connection.execute(sa.text(_retracted(named)), dict(registry))
    if registries:
        for statement in (_COUNTED, _EVENTS_GONE, _BLOCKS_GONE):
            op.execute(statement)
    op.drop_table("delegation_states")
    op.drop_table("fold_versions")
    op.drop_table("mirrored_contracts")


def _note(fold: str, complete: int, where: str) -> None:
    statement = sa.text(_NOTED.format(complete=complete, where=where))
    op.execute(statement.bindparams(sa.bindparam("fold", fold, _TEXT)))


def _require_whole(connection: sa.Connection) -> None:
    half_built = connection.scalar(sa.text(_HALF_BUILT))
    if half_built is not None:
        raise FoldsHalfBuilt(half_built)


def _retracted(registry: str) -> str:
    """SQL that takes back what was told of a registry, the last first, byte for byte as told."""
    postgres = op.get_bind().dialect.name == "postgresql"
    tx_hash = "encode(tx_hash, 'hex')" if postgres else "lower(hex(tx_hash))"
    payload = (
        f"""'{{"address":"{registry}","arguments":' || arguments || ',"event":"' || event"""
        f""" || '","log_index":"' || log_index || '","tx_hash":"0x' || {tx_hash} || '"}}'"""
    )
    return f"""
INSERT INTO outbox (chain_id, contract_set, seq, kind, block_number, block_hash, payload)
SELECT told.chain_id, told.contract_set,
    next_seq - 1 + row_number() OVER (ORDER BY told.block_number DESC, log_index DESC),
    'retract', told.block_number, told.block_hash, {payload}
FROM events AS told
JOIN outbox_origins AS origin
  ON origin.chain_id = told.chain_id AND origin.contract_set = told.contract_set
JOIN checkpoints
  ON checkpoints.chain_id = told.chain_id AND checkpoints.contract_set = told.contract_set
WHERE told.chain_id = :chain_id AND told.contract_set = :contract_set
  AND address = :address AND told.block_number > origin.block_number
"""  # noqa: S608 - names of ours, and an address
