"""Keep with admissions the hash of the block that each rests on: another branch has its number too.

Whatever is there already has none. SQLite writes a new column behind what is checked of a table, so
there the table is made anew and its rows are copied.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa
from alembic import op

if TYPE_CHECKING:
    from collections.abc import Sequence

revision = "api_0026"
down_revision = "api_0025"

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_TIME = sa.DateTime(timezone=True).with_variant(sa.Integer(), "sqlite")
_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_TABLE: Final = "admissions"
_BEFORE: Final = "admissions_before"
_KEPT: Final = (
    "token_hash, chain_id, contract_set, drop_id, terms_hash, session, account, presence,"
    " admitted_at, expires_at, ended_at, ended_by, as_of_block"
)
_CHECK: Final = "length(block_hash) = 32"
_INDEXES: Final = ("admissions_live_key", "admissions_of_a_room", "admissions_expires_at_idx")
_PLACE: Final = ("chain_id", "contract_set", "drop_id", "session")


def upgrade() -> None:
    """Add the column; of a table that holds some minutes."""
    if op.get_bind().dialect.name == "sqlite":
        _make_anew((_hash(),), {"block_hash": _CHECK})
        return
    op.add_column(_TABLE, _hash())
    op.create_check_constraint("block_hash", _TABLE, _CHECK)


def downgrade() -> None:
    """Drop it."""
    if op.get_bind().dialect.name == "sqlite":
        _make_anew((), {})
        return
    op.drop_column(_TABLE, "block_hash")


def _hash() -> sa.Column[bytes]:
    return sa.Column("block_hash", sa.LargeBinary(), nullable=True)


def _make_anew(more: Sequence[sa.Column[bytes]], checks: dict[str, str]) -> None:
    for index in _INDEXES:
        op.drop_index(index, _TABLE)
    op.rename_table(_TABLE, _BEFORE)
    _create(more, checks)
    op.execute(f"INSERT INTO {_TABLE} ({_KEPT}) SELECT {_KEPT} FROM {_BEFORE}")  # noqa: S608 - constants of this module
    op.drop_table(_BEFORE)
    op.create_index(
        "admissions_live_key",
        _TABLE,
        [*_PLACE, "presence"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("admissions_of_a_room", _TABLE, [*_PLACE, "expires_at"])
    op.create_index(None, _TABLE, ["expires_at"])


def _create(more: Sequence[sa.Column[bytes]], checks: dict[str, str]) -> None:
    op.create_table(
        _TABLE,
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("chain_id", _BIG, nullable=False, autoincrement=False),
        sa.Column("contract_set", _TEXT, nullable=False),
        sa.Column("drop_id", _BIG, nullable=False, autoincrement=False),
        sa.Column("terms_hash", sa.LargeBinary(), nullable=False),
        sa.Column("session", _BIG, nullable=False),
        sa.Column("account", sa.LargeBinary(), nullable=False),
        sa.Column("presence", _TEXT, nullable=False),
        sa.Column("admitted_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.Column("ended_at", _TIME, nullable=True),
        sa.Column("ended_by", _TEXT, nullable=True),
        sa.Column("as_of_block", _BIG, nullable=True),
        *more,
        sa.PrimaryKeyConstraint("token_hash"),
        *_checks(
            token_hash="length(token_hash) = 32",  # noqa: S106 - what is checked of a hash
            terms_hash="length(terms_hash) = 32",
            account="length(account) = 20",
            session="drop_id > 0 AND session > 0",
            presence="length(presence) BETWEEN 1 AND 78",
            expires_at="expires_at >= admitted_at",
            ended_at="ended_at >= admitted_at",
            ended_together="(ended_at IS NULL) = (ended_by IS NULL)",
            ended_by="ended_by IN ('replaced', 'denied', 'lapsed')",
            **checks,
        ),
        sqlite_strict=True,
    )


def _checks(**texts: str) -> Sequence[sa.CheckConstraint]:
    return tuple(sa.CheckConstraint(text, name=name) for name, text in texts.items())
