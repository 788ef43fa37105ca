"""Keep with each signed listing whether the chain kept it already when its signature came.

Of what is there already nobody knows: it stands where it was signed, as it did. SQLite writes a new
column behind what is checked of a table, so there the table is made anew and its rows are copied.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa
from alembic import op

if TYPE_CHECKING:
    from collections.abc import Sequence

revision = "api_0025"
down_revision = "api_0024"

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_TIME = sa.DateTime(timezone=True).with_variant(sa.Integer(), "sqlite")
_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_UINT256 = sa.Numeric(78, 0).with_variant(sa.LargeBinary(), "sqlite")

_TABLE: Final = "listings"
_BEFORE: Final = "listings_before"
_KEPT: Final = (
    "digest, chain_id, contract_set, drop_id, tier, seat, seller, taker, price, epoch, counter,"
    " terms_version, expiry, signature, wallet_asked_at, received_at"
)
_CHECK: Final = "stored_first IN (0, 1)"
_INDEXES: Final = (
    ("chain_id", "contract_set", "drop_id", "price", "seat", "digest"),
    ("chain_id", "contract_set", "seat", "seller", "received_at"),
    ("expiry",),
)


def upgrade() -> None:
    """Add the column."""
    if op.get_bind().dialect.name == "sqlite":
        _move_away()
        _create(_stored_first(), {"stored_first": _CHECK})
        _move_back(f"{_KEPT}, stored_first", f"{_KEPT}, 0")
        return
    op.add_column(_TABLE, *_stored_first(default="0"))
    op.alter_column(_TABLE, "stored_first", server_default=None)
    op.create_check_constraint("stored_first", _TABLE, _CHECK)


def downgrade() -> None:
    """Drop it: what is signed and stored stands where it was signed."""
    if op.get_bind().dialect.name == "sqlite":
        _move_away()
        _create((), {})
        _move_back(_KEPT, _KEPT)
        return
    op.drop_column(_TABLE, "stored_first")


def _stored_first(default: str | None = None) -> Sequence[sa.Column[int]]:
    return (sa.Column("stored_first", _BIG, nullable=False, server_default=default),)


def _move_away() -> None:
    for columns in _INDEXES:
        op.drop_index(f"{_TABLE}_{'_'.join(columns)}_idx", _TABLE)
    op.rename_table(_TABLE, _BEFORE)


def _move_back(columns: str, selected: str) -> None:
    op.execute(f"INSERT INTO {_TABLE} ({columns}) SELECT {selected} FROM {_BEFORE}")  # noqa: S608 - constants of this module
    op.drop_table(_BEFORE)
    for indexed in _INDEXES:
        op.create_index(None, _TABLE, list(indexed))


def _create(more: Sequence[sa.Column[int]], checks: dict[str, str]) -> None:
    op.create_table(
        _TABLE,
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("chain_id", _BIG, nullable=False, autoincrement=False),
        sa.Column("contract_set", _TEXT, nullable=False),
        sa.Column("drop_id", _BIG, nullable=False, autoincrement=False),
        sa.Column("tier", _BIG, nullable=False, autoincrement=False),
        sa.Column("seat", _BIG, nullable=False, autoincrement=False),
        sa.Column("seller", sa.LargeBinary(), nullable=False),
        sa.Column("taker", sa.LargeBinary(), nullable=False),
        sa.Column("price", _UINT256, nullable=False),
        sa.Column("epoch", _BIG, nullable=False),
        sa.Column("counter", _UINT256, nullable=False),
        sa.Column("terms_version", _BIG, nullable=False),
        sa.Column("expiry", _BIG, nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("wallet_asked_at", _TIME, nullable=True),
        sa.Column("received_at", _TIME, nullable=False),
        *more,
        sa.PrimaryKeyConstraint("digest"),
        *_checks(
            digest="length(digest) = 32",
            seller="length(seller) = 20",
            taker="length(taker) = 20",
            tier="tier BETWEEN 0 AND 9",
            seat="seat > 0 AND drop_id > 0",
            not_negative="epoch >= 0 AND terms_version >= 0 AND expiry >= 0",
            signature="length(signature) = 65"
            " OR (wallet_asked_at IS NOT NULL AND length(signature) <= 4096)",
            **checks,
            price="length(price) = 32",
            counter="length(counter) = 32",
        ),
        sqlite_strict=True,
    )


def _checks(**texts: str) -> Sequence[sa.CheckConstraint]:
    return tuple(sa.CheckConstraint(text, name=name) for name, text in texts.items())
