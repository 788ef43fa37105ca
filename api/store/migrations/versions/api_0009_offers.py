"""Create the order book's offers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "api_0009"
down_revision = "api_0007"

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_TIME = sa.DateTime(timezone=True).with_variant(sa.Integer(), "sqlite")
_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_UINT256 = sa.Numeric(78, 0).with_variant(sa.LargeBinary(), "sqlite")
_MAX = 2**256 - 1


def _bounded(name: str) -> tuple[sa.CheckConstraint, sa.CheckConstraint]:
    return (
        sa.CheckConstraint(f"{name} BETWEEN 0 AND {_MAX}", name=name).ddl_if("postgresql"),
        sa.CheckConstraint(f"length({name}) = 32", name=name).ddl_if("sqlite"),
    )


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "offers",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("chain_id", _BIG, nullable=False, autoincrement=False),
        sa.Column("contract_set", _TEXT, nullable=False),
        sa.Column("drop_id", _BIG, nullable=False, autoincrement=False),
        sa.Column("terms_hash", sa.LargeBinary(), nullable=False),
        sa.Column("tier", _BIG, nullable=False, autoincrement=False),
        sa.Column("seat", _BIG, nullable=True),
        sa.Column("epoch", _BIG, nullable=True),
        sa.Column("least_face", _UINT256, nullable=True),
        sa.Column("buyer", sa.LargeBinary(), nullable=False),
        sa.Column("price", _UINT256, nullable=False),
        sa.Column("currency", sa.LargeBinary(), nullable=False),
        sa.Column("counter", _UINT256, nullable=False),
        sa.Column("terms_version", _BIG, nullable=False),
        sa.Column("nonce", _UINT256, nullable=False),
        sa.Column("expiry", _BIG, nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("digest"),
        sa.CheckConstraint("length(digest) = 32", name="digest"),
        sa.CheckConstraint("length(terms_hash) = 32", name="terms_hash"),
        sa.CheckConstraint("length(buyer) = 20", name="buyer"),
        sa.CheckConstraint("length(currency) = 20", name="currency"),
        sa.CheckConstraint("tier BETWEEN 0 AND 9", name="tier"),
        sa.CheckConstraint("drop_id > 0 AND (seat IS NULL OR seat > 0)", name="seat"),
        sa.CheckConstraint(
            "(seat IS NULL) = (epoch IS NULL) AND (seat IS NULL) = (least_face IS NOT NULL)",
            name="kind",
        ),
        sa.CheckConstraint(
            "(epoch IS NULL OR epoch >= 0) AND terms_version >= 0 AND expiry >= 0",
            name="not_negative",
        ),
        sa.CheckConstraint("length(signature) BETWEEN 1 AND 4096", name="signature"),
        *_bounded("price"),
        *_bounded("least_face"),
        *_bounded("counter"),
        *_bounded("nonce"),
        sqlite_strict=True,
    )
    for columns in (["drop_id", "price", "digest"], ["drop_id", "buyer", "received_at"]):
        op.create_index(None, "offers", ["chain_id", "contract_set", *columns])
    op.create_index(None, "offers", ["expiry"])


def downgrade() -> None:
    """Drop it: buyers send them again."""
    op.drop_table("offers")
