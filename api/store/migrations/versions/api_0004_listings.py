"""Create the order book's listings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "api_0004"
down_revision = "api_0003"

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_TIME = sa.DateTime(timezone=True).with_variant(sa.Integer(), "sqlite")
_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_UINT256 = sa.Numeric(78, 0).with_variant(sa.LargeBinary(), "sqlite")
_MAX = 2**256 - 1


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "listings",
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
        sa.Column("received_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("digest"),
        sa.CheckConstraint("length(digest) = 32", name="digest"),
        sa.CheckConstraint("length(seller) = 20", name="seller"),
        sa.CheckConstraint("length(taker) = 20", name="taker"),
        sa.CheckConstraint("tier BETWEEN 0 AND 9", name="tier"),
        sa.CheckConstraint("seat > 0 AND drop_id > 0", name="seat"),
        sa.CheckConstraint(
            "epoch >= 0 AND terms_version >= 0 AND expiry >= 0", name="not_negative"
        ),
        sa.CheckConstraint("length(signature) BETWEEN 1 AND 4096", name="signature"),
        sa.CheckConstraint(f"price BETWEEN 0 AND {_MAX}", name="price").ddl_if("postgresql"),
        sa.CheckConstraint("length(price) = 32", name="price").ddl_if("sqlite"),
        sa.CheckConstraint(f"counter BETWEEN 0 AND {_MAX}", name="counter").ddl_if("postgresql"),
        sa.CheckConstraint("length(counter) = 32", name="counter").ddl_if("sqlite"),
        sqlite_strict=True,
    )
    for columns in (["drop_id", "price", "seat", "digest"], ["seat", "seller", "received_at"]):
        op.create_index(None, "listings", ["chain_id", "contract_set", *columns])
    op.create_index(None, "listings", ["expiry"])


def downgrade() -> None:
    """Drop it: sellers send them again."""
    op.drop_table("listings")
