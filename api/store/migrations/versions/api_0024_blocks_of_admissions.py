"""Keep with tickets and admissions the block that each rests on: none older takes them back.

Whatever is there already has none. SQLite writes a new column behind what is checked of a table, so
there each table is made anew and its rows are copied.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from alembic import op

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

revision = "api_0024"
down_revision = "api_0023"

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_TIME = sa.DateTime(timezone=True).with_variant(sa.Integer(), "sqlite")
_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_ROOM: Final = "chain_id, contract_set, drop_id, terms_hash, session, account"
_KEPT: Final = {
    "join_tickets": f"token_hash, {_ROOM}, issued_at, expires_at, used_at",
    "admissions": f"token_hash, {_ROOM}, presence, admitted_at, expires_at, ended_at, ended_by",
}
_INDEXES: Final = {
    "join_tickets": ("join_tickets_expires_at_idx",),
    "admissions": ("admissions_live_key", "admissions_of_a_room", "admissions_expires_at_idx"),
}


def upgrade() -> None:
    """Add the columns; of tables that hold some minutes."""
    if op.get_bind().dialect.name == "sqlite":
        _make_anew(_block)
        return
    for table in _KEPT:
        op.add_column(table, *_block())


def downgrade() -> None:
    """Drop them."""
    if op.get_bind().dialect.name == "sqlite":
        _make_anew(tuple)
        return
    for table in _KEPT:
        op.drop_column(table, "as_of_block")


def _block() -> Sequence[sa.Column[int]]:
    return (sa.Column("as_of_block", _BIG, nullable=True),)


def _make_anew(more: Callable[[], Sequence[sa.Column[int]]]) -> None:
    for table, indexes in _INDEXES.items():
        for index in indexes:
            op.drop_index(index, table)
        op.rename_table(table, f"{table}_before")
    _create_tickets(more())
    _create_admissions(more())
    for table, kept in _KEPT.items():
        op.execute(f"INSERT INTO {table} ({kept}) SELECT {kept} FROM {table}_before")  # noqa: S608 - constants of this module
        op.drop_table(f"{table}_before")
        op.create_index(None, table, ["expires_at"])
    place = ["chain_id", "contract_set", "drop_id", "session"]
    living = sa.text("ended_at IS NULL")
    op.create_index(
        "admissions_live_key",
        "admissions",
        [*place, "presence"],
        unique=True,
        sqlite_where=living,
    )
    op.create_index("admissions_of_a_room", "admissions", [*place, "expires_at"])


def _create_tickets(more: Sequence[sa.Column[int]]) -> None:
    op.create_table(
        "join_tickets",
        *_columns_of_room(),
        sa.Column("issued_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.Column("used_at", _TIME, nullable=True),
        *more,
        *_checks_of_room(),
        sa.CheckConstraint("expires_at >= issued_at", name="expires_at"),
        sa.CheckConstraint("used_at >= issued_at", name="used_at"),
        sqlite_strict=True,
    )


def _create_admissions(more: Sequence[sa.Column[int]]) -> None:
    op.create_table(
        "admissions",
        *_columns_of_room(),
        sa.Column("presence", _TEXT, nullable=False),
        sa.Column("admitted_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.Column("ended_at", _TIME, nullable=True),
        sa.Column("ended_by", _TEXT, nullable=True),
        *more,
        *_checks_of_room(),
        sa.CheckConstraint("length(presence) BETWEEN 1 AND 78", name="presence"),
        sa.CheckConstraint("expires_at >= admitted_at", name="expires_at"),
        sa.CheckConstraint("ended_at >= admitted_at", name="ended_at"),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_together"),
        sa.CheckConstraint("ended_by IN ('replaced', 'denied', 'lapsed')", name="ended_by"),
        sqlite_strict=True,
    )


def _columns_of_room() -> Sequence[sa.Column[Any]]:
    return (
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("chain_id", _BIG, nullable=False, autoincrement=False),
        sa.Column("contract_set", _TEXT, nullable=False),
        sa.Column("drop_id", _BIG, nullable=False, autoincrement=False),
        sa.Column("terms_hash", sa.LargeBinary(), nullable=False),
        sa.Column("session", _BIG, nullable=False),
        sa.Column("account", sa.LargeBinary(), nullable=False),
    )


def _checks_of_room() -> Sequence[sa.Constraint]:
    return (
        sa.PrimaryKeyConstraint("token_hash"),
        sa.CheckConstraint("length(token_hash) = 32", name="token_hash"),
        sa.CheckConstraint("length(terms_hash) = 32", name="terms_hash"),
        sa.CheckConstraint("length(account) = 20", name="account"),
        sa.CheckConstraint("drop_id > 0 AND session > 0", name="session"),
    )
