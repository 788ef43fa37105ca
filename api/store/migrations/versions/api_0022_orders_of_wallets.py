"""Keep with each signed order whether a contract wallet took its signature, and when.

Whatever is there already was signed by keys. SQLite cannot change what is checked of a table, so
there each table is made anew and its rows are copied.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa
from alembic import op

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

revision = "api_0022"
down_revision = "api_0021"

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_TIME = sa.DateTime(timezone=True).with_variant(sa.Integer(), "sqlite")
_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_UINT256 = sa.Numeric(78, 0).with_variant(sa.LargeBinary(), "sqlite")

_BY_KEYS: Final = "length(signature) BETWEEN 1 AND 4096"
_BY_BOTH: Final = (
    "length(signature) = 65 OR (wallet_asked_at IS NOT NULL AND length(signature) <= 4096)"
)
_OF_LISTINGS: Final = (
    "digest, chain_id, contract_set, drop_id, tier, seat, seller, taker, price, epoch, counter,"
    " terms_version, expiry, signature, received_at"
)
_OF_OFFERS: Final = (
    "digest, chain_id, contract_set, drop_id, terms_hash, tier, seat, epoch, least_face, buyer,"
    " price, currency, counter, terms_version, nonce, expiry, signature, received_at"
)
_INDEXES: Final = {
    "listings": (
        ("chain_id", "contract_set", "drop_id", "price", "seat", "digest"),
        ("chain_id", "contract_set", "seat", "seller", "received_at"),
        ("expiry",),
    ),
    "offers": (
        ("chain_id", "contract_set", "drop_id", "price", "digest"),
        ("chain_id", "contract_set", "drop_id", "buyer", "received_at"),
        ("expiry",),
    ),
}


def upgrade() -> None:
    """Add the column, and let a wallet's signature have any length up to the bound."""
    if op.get_bind().dialect.name == "sqlite":
        _make_anew(_BY_BOTH, _asked_at)
        return
    for table in _INDEXES:
        op.add_column(table, *_asked_at())
        _check(table, _BY_BOTH)


def downgrade() -> None:
    """Forget what wallets have signed: the program of before would take it for a key's."""
    for table in _INDEXES:
        op.execute(f"DELETE FROM {table} WHERE wallet_asked_at IS NOT NULL")  # noqa: S608 - a constant of this module
    if op.get_bind().dialect.name == "sqlite":
        _make_anew(_BY_KEYS, tuple)
        return
    for table in _INDEXES:
        _check(table, _BY_KEYS)
        op.drop_column(table, "wallet_asked_at")


def _asked_at() -> Sequence[sa.Column[datetime]]:
    return (sa.Column("wallet_asked_at", _TIME, nullable=True),)


def _check(table: str, text: str) -> None:
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {table}_signature")
    op.create_check_constraint("signature", table, text)


def _make_anew(signed: str, asked_at: Callable[[], Sequence[sa.Column[datetime]]]) -> None:
    for table, kept, create in (
        ("listings", _OF_LISTINGS, _create_listings),
        ("offers", _OF_OFFERS, _create_offers),
    ):
        for columns in _INDEXES[table]:
            op.drop_index(f"{table}_{'_'.join(columns)}_idx", table)
        op.rename_table(table, f"{table}_before")
        create(signed, asked_at())
        op.execute(f"INSERT INTO {table} ({kept}) SELECT {kept} FROM {table}_before")  # noqa: S608 - constants of this module
        op.drop_table(f"{table}_before")
        for columns in _INDEXES[table]:
            op.create_index(None, table, list(columns))


def _create_listings(signed: str, asked_at: Sequence[sa.Column[datetime]]) -> None:
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
        *asked_at,
        sa.Column("received_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("digest"),
        *_checks(
            digest="length(digest) = 32",
            seller="length(seller) = 20",
            taker="length(taker) = 20",
            tier="tier BETWEEN 0 AND 9",
            seat="seat > 0 AND drop_id > 0",
            not_negative="epoch >= 0 AND terms_version >= 0 AND expiry >= 0",
            signature=signed,
            price="length(price) = 32",
            counter="length(counter) = 32",
        ),
        sqlite_strict=True,
    )


def _create_offers(signed: str, asked_at: Sequence[sa.Column[datetime]]) -> None:
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
        *asked_at,
        sa.Column("received_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("digest"),
        *_checks(
            digest="length(digest) = 32",
            terms_hash="length(terms_hash) = 32",
            buyer="length(buyer) = 20",
            currency="length(currency) = 20",
            tier="tier BETWEEN 0 AND 9",
            seat="drop_id > 0 AND (seat IS NULL OR seat > 0)",
            kind="(seat IS NULL) = (epoch IS NULL) AND (seat IS NULL) = (least_face IS NOT NULL)",
            not_negative="(epoch IS NULL OR epoch >= 0) AND terms_version >= 0 AND expiry >= 0",
            signature=signed,
            price="length(price) = 32",
            least_face="length(least_face) = 32",
            counter="length(counter) = 32",
            nonce="length(nonce) = 32",
        ),
        sqlite_strict=True,
    )


def _checks(**texts: str) -> Sequence[sa.CheckConstraint]:
    return tuple(sa.CheckConstraint(text, name=name) for name, text in texts.items())
