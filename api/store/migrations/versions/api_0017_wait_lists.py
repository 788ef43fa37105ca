"""Create wait-lists: places in them, and the turns that they give."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "api_0017"
down_revision = "api_0016"

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_TIME = sa.DateTime(timezone=True).with_variant(sa.Integer(), "sqlite")
_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_LIST = ("chain_id", "contract_set", "drop_id", "terms_hash", "tier")
_NOT_OVER = sa.text("over_at IS NULL")


def upgrade() -> None:
    """Create the tables."""
    _wait_places()
    _wait_turns()


def downgrade() -> None:
    """Drop them: whoever waited joins again, in another order."""
    op.drop_table("wait_turns")
    op.drop_table("wait_places")


def _list() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("chain_id", _BIG, nullable=False, autoincrement=False),
        sa.Column("contract_set", _TEXT, nullable=False),
        sa.Column("drop_id", _BIG, nullable=False, autoincrement=False),
        sa.Column("terms_hash", sa.LargeBinary(), nullable=False),
        sa.Column("tier", _BIG, nullable=False, autoincrement=False),
    )


def _wait_places() -> None:
    op.create_table(
        "wait_places",
        *_list(),
        sa.Column("account", sa.LargeBinary(), nullable=False),
        sa.Column("standing", _BIG, nullable=False),
        sa.Column("joined_at", _TIME, nullable=False),
        sa.Column("joined_block", _BIG, nullable=False),
        sa.Column("missed", _BIG, nullable=False),
        sa.Column("ended_at", _TIME, nullable=True),
        sa.Column("ended_by", _TEXT, nullable=True),
        sa.Column("turn_over_at", _TIME, nullable=True),
        sa.Column("turn_over_by", _TEXT, nullable=True),
        sa.PrimaryKeyConstraint(*_LIST, "account"),
        sa.UniqueConstraint(*_LIST, "standing"),
        sa.CheckConstraint("length(terms_hash) = 32", name="terms_hash"),
        sa.CheckConstraint("length(account) = 20", name="account"),
        sa.CheckConstraint("drop_id > 0 AND tier BETWEEN 0 AND 9", name="tier"),
        sa.CheckConstraint(
            "standing > 0 AND joined_block >= 0 AND missed >= 0", name="not_negative"
        ),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_together"),
        sa.CheckConstraint("ended_by IN ('left', 'bought', 'missed')", name="ended_by"),
        sa.CheckConstraint(
            "(turn_over_at IS NULL) = (turn_over_by IS NULL)", name="turn_over_together"
        ),
        sa.CheckConstraint(
            "turn_over_by IN ('missed', 'passed', 'listing_gone', 'place_ended')",
            name="turn_over_by",
        ),
        sqlite_strict=True,
    )
    op.create_index(None, "wait_places", ["account"])
    op.create_index(None, "wait_places", ["ended_at"])


def _wait_turns() -> None:
    op.create_table(
        "wait_turns",
        *_list(),
        sa.Column("seat", _BIG, nullable=False, autoincrement=False),
        sa.Column("epoch", _BIG, nullable=False, autoincrement=False),
        sa.Column("number", _BIG, nullable=False, autoincrement=False),
        sa.Column("account", sa.LargeBinary(), nullable=True),
        sa.Column("begun_at", _TIME, nullable=False),
        sa.Column("ends_at", _TIME, nullable=True),
        sa.Column("over_at", _TIME, nullable=True),
        sa.Column("over_by", _TEXT, nullable=True),
        sa.PrimaryKeyConstraint(
            "chain_id", "contract_set", "terms_hash", "seat", "epoch", "number"
        ),
        sa.CheckConstraint("length(terms_hash) = 32", name="terms_hash"),
        sa.CheckConstraint("length(account) = 20", name="account"),
        sa.CheckConstraint("drop_id > 0 AND seat > 0 AND tier BETWEEN 0 AND 9", name="tier"),
        sa.CheckConstraint("epoch >= 0 AND number >= 0", name="not_negative"),
        sa.CheckConstraint("(account IS NULL) = (ends_at IS NULL)", name="everybodys"),
        sa.CheckConstraint("ends_at > begun_at", name="ends_at"),
        sa.CheckConstraint("(over_at IS NULL) = (over_by IS NULL)", name="over_together"),
        sa.CheckConstraint("over_at IS NULL OR account IS NOT NULL", name="over_at"),
        sa.CheckConstraint("over_by IN ('missed', 'passed', 'place_ended')", name="over_by"),
        sqlite_strict=True,
    )
    for name, columns in (
        ("wait_turns_seat_key", ["chain_id", "contract_set", "terms_hash", "seat"]),
        ("wait_turns_account_key", [*_LIST, "account"]),
    ):
        op.create_index(
            name,
            "wait_turns",
            columns,
            unique=True,
            sqlite_where=_NOT_OVER,
            postgresql_where=_NOT_OVER,
        )
    op.create_index(None, "wait_turns", ["over_at"])
