"""Create the tables of states and facts, and where the outbox begins."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "mirror_0003"
down_revision = "mirror_0002"

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_UINT256 = sa.Numeric(78, 0).with_variant(sa.LargeBinary(), "sqlite")

# b: 64-bit number, a: address, w: 32 bytes, u: uint256, t: text; in the order of the columns.
_TABLES = {
    "seat_states": (
        "b:seat t:change a:owner b:epoch b:moved_at b:moved_block b:phase b:flags b:locked u:face "
        "u:held"
    ),
    "drop_states": (
        "b:drop_id a:mentor a:payout a:verifier a:resolver b:state b:policy b:currency_index "
        "b:terms_version b:postponements b:tier_count b:phase_count b:royalty_bps b:toll_bps "
        "b:resale_cap_bps b:penalty_bps b:default_split_bps b:fee_bps b:gift_cooldown_s "
        "b:challenge_days b:starts_at b:ends_at b:deliver_by b:first_deliver_by b:refund_until "
        "b:paused_until w:terms_hash"
    ),
    "tier_states": "b:drop_id b:tier u:list_price b:cap b:issued b:live u:escrowed",
    "phase_states": (
        "b:drop_id b:phase b:tier b:gate u:price b:opens b:closes b:supply b:sold b:wallet_limit "
        "b:reserves w:gate_data"
    ),
    "counter_states": "a:account u:counter",
    "credit_states": "a:account a:currency u:amount",
    "platform_states": "a:treasury b:fee_bps a:owner a:pending_owner",
    "mints": "b:first_seat b:quantity b:phase a:account a:referrer u:price",
    "sales": "b:seat a:seller a:buyer u:price u:royalty",
    "stored_listings": (
        "b:seat a:seller a:taker u:price u:epoch u:counter u:terms_version u:expiry"
    ),
}
_KEYS = {
    "seat_states": ("seat",),
    "drop_states": ("drop_id",),
    "tier_states": ("drop_id", "tier"),
    "phase_states": ("drop_id", "phase"),
    "counter_states": ("account",),
    "credit_states": ("account", "currency"),
}
_ONCE_A_BLOCK = ("tier_states", "phase_states")
_INDEXES = {
    "seat_states": ("owner",),
    "drop_states": ("mentor",),
    "mints": ("first_seat", "account"),
    "sales": ("seat",),
    "stored_listings": ("seat",),
}
_CHECKS = {
    "seat_states": {
        "change": "change IN ('mint', 'sale', 'gift', 'burn', 'hold', 'cancel', 'lock')",
        "locked": "locked <= 1",
        "moved_block": "moved_block <= block_number",
    },
    "tier_states": {"live": "live <= issued"},
}
_TYPES: dict[str, sa.types.TypeEngine[Any]] = {
    "b": _BIG,
    "a": sa.LargeBinary(),
    "w": sa.LargeBinary(),
    "u": _UINT256,
    "t": _TEXT,
}


def upgrade() -> None:
    """Create the tables; they are empty until the ledger is folded."""
    for name in _TABLES:
        _create(name)
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


def downgrade() -> None:
    """Drop what was folded; the ledger still has it."""
    op.drop_table("outbox_origins")
    for name in reversed(_TABLES):
        op.drop_table(name)


def _create(name: str) -> None:
    columns = [one.split(":") for one in _TABLES[name].split()]
    columns = [*columns, ["b", "block_number"], ["b", "log_index"], ["w", "block_hash"]]
    place = ["block_number"] if name in _ONCE_A_BLOCK else ["block_number", "log_index"]
    key = _KEYS.get(name, ())
    op.create_table(
        name,
        sa.Column("chain_id", _BIG, nullable=False),
        sa.Column("contract_set", _TEXT, nullable=False),
        *(sa.Column(column, _TYPES[kind], nullable=False) for kind, column in columns),
        sa.PrimaryKeyConstraint("chain_id", "contract_set", *key, *place),
        *(sa.CheckConstraint(rule, name=check) for check, rule in _CHECKS.get(name, {}).items()),
        *_kind_checks(columns),
        sqlite_strict=True,
    )
    for column in _INDEXES.get(name, ()):
        op.create_index(f"{name}_{column}_idx", name, ["chain_id", "contract_set", column, *place])
    if key:
        op.create_index(f"{name}_block_idx", name, ["chain_id", "contract_set", "block_number"])


def _kind_checks(columns: list[list[str]]) -> list[sa.CheckConstraint]:
    def each(kind: str, condition: str) -> str:
        return " AND ".join(condition.format(column) for one, column in columns if one == kind)

    checks = [
        sa.CheckConstraint(each("b", "{} >= 0"), name="not_negative"),
        sa.CheckConstraint(each("w", "length({}) = 32"), name="words"),
    ]
    if addresses := each("a", "length({}) = 20"):
        checks.append(sa.CheckConstraint(addresses, name="addresses"))
    postgres = op.get_bind().dialect.name == "postgresql"
    bounds = f"{{}} BETWEEN 0 AND {2**256 - 1}" if postgres else "length({}) = 32"
    checks += [
        sa.CheckConstraint(bounds.format(column), name=column)
        for kind, column in columns
        if kind == "u"
    ]
    return checks
