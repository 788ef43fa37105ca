"""Create the tables of states and facts, and where the outbox begins."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from indexer.store.migrations.folded import Shape, create

revision = "mirror_0003"
down_revision = "mirror_0002"

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

_SHAPES = {
    "seat_states": Shape(
        "b:seat t:change a:owner b:epoch b:moved_at b:moved_block b:phase b:flags b:locked u:face "
        "u:held",
        key=("seat",),
        indexes=("owner",),
        checks={
            "change": "change IN ('mint', 'sale', 'gift', 'burn', 'hold', 'cancel', 'lock')",
            "locked": "locked <= 1",
            "moved_block": "moved_block <= block_number",
        },
    ),
    "drop_states": Shape(
        "b:drop_id a:mentor a:payout a:verifier a:resolver b:state b:policy b:currency_index "
        "b:terms_version b:postponements b:tier_count b:phase_count b:royalty_bps b:toll_bps "
        "b:resale_cap_bps b:penalty_bps b:default_split_bps b:fee_bps b:gift_cooldown_s "
        "b:challenge_days b:starts_at b:ends_at b:deliver_by b:first_deliver_by b:refund_until "
        "b:paused_until w:terms_hash",
        key=("drop_id",),
        indexes=("mentor",),
    ),
    "tier_states": Shape(
        "b:drop_id b:tier u:list_price b:cap b:issued b:live u:escrowed",
        key=("drop_id", "tier"),
        once_a_block=True,
        checks={"live": "live <= issued"},
    ),
    "phase_states": Shape(
        "b:drop_id b:phase b:tier b:gate u:price b:opens b:closes b:supply b:sold b:wallet_limit "
        "b:reserves w:gate_data",
        key=("drop_id", "phase"),
        once_a_block=True,
    ),
    "counter_states": Shape("a:account u:counter", key=("account",)),
    "credit_states": Shape("a:account a:currency u:amount", key=("account", "currency")),
    "platform_states": Shape("a:treasury b:fee_bps a:owner a:pending_owner"),
    "mints": Shape(
        "b:first_seat b:quantity b:phase a:account a:referrer u:price",
        indexes=("first_seat", "account"),
    ),
    "sales": Shape("b:seat a:seller a:buyer u:price u:royalty", indexes=("seat",)),
    "stored_listings": Shape(
        "b:seat a:seller a:taker u:price u:epoch u:counter u:terms_version u:expiry",
        indexes=("seat",),
    ),
}


# Below the first block that was told of, the last one that is kept: every event above it was told.
_BEGUN = """
INSERT INTO outbox_origins (chain_id, contract_set, block_number, block_hash)
SELECT mirror.chain_id, mirror.contract_set, number, hash
FROM checkpoints AS mirror
JOIN blocks ON blocks.chain_id = mirror.chain_id AND blocks.contract_set = mirror.contract_set
WHERE number = (
    SELECT max(kept.number) FROM blocks AS kept
    WHERE kept.chain_id = mirror.chain_id
      AND kept.contract_set = mirror.contract_set
      AND kept.number < (
          SELECT min(outbox.block_number) FROM outbox
          WHERE outbox.chain_id = mirror.chain_id
            AND outbox.contract_set = mirror.contract_set))
"""


def upgrade() -> None:
    """Create the tables, empty until the ledger is folded; an outbox that has begun goes on."""
    for name, shape in _SHAPES.items():
        create(name, shape)
    op.create_table(
        "outbox_origins",
        sa.Column("chain_id", _BIG, nullable=False),
        sa.Column("contract_set", _TEXT, nullable=False),
        sa.Column("block_number", _BIG, nullable=False),
        sa.Column("block_hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("chain_id", "contract_set"),
        sa.CheckConstraint("block_number >= 0", name="block_number"),
        sa.CheckConstraint("length(block_hash) = 32", name="block_hash"),
        sqlite_strict=True,
    )
    op.execute(_BEGUN)


def downgrade() -> None:
    """Drop what was folded; the ledger still has it."""
    op.drop_table("outbox_origins")
    for name in reversed(_SHAPES):
        op.drop_table(name)
