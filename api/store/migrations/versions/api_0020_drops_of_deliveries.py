"""Keep with each webhook delivery which drop it is of, by number and terms hash.

An endpoint may name other drops by now than it did, so it does not say it. Of what is there already
the body names the number; what the terms were nobody knows any more.

SQLite cannot add what is checked to a table, so the table is made anew and its rows are copied.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "api_0020"
down_revision = "api_0019"

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_TIME = sa.DateTime(timezone=True).with_variant(sa.Integer(), "sqlite")
_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_TABLE: Final = "webhook_deliveries"
_OLD: Final = "webhook_deliveries_before"
_KEPT: Final = (
    "id, endpoint_id, message_id, seq, name, type, block_hash, log_index, retracts, payload, state,"
    " created_at, begun_at, due_at, attempts, claim, claimed_until, attempted_at, status,"
    " duration_ms, answer, fault"
)
_CHECKED: Final = {"drop_id": "drop_id > 0", "terms_hash": "length(terms_hash) = 32"}


def upgrade() -> None:
    """Add the columns, and say of each delivery which number it is of."""
    if op.get_bind().dialect.name == "postgresql":
        for column in _columns():
            op.add_column(_TABLE, column)
        for name, text in _CHECKED.items():
            op.create_check_constraint(name, _TABLE, text)
        number = "((payload::jsonb)->'data'->>'drop')::bigint"
    else:
        _make_anew(of_drops=True)
        number = "json_extract(payload, '$.data.drop')"
    op.execute(f"UPDATE {_TABLE} SET drop_id = {number}")  # noqa: S608 - constants of this module


def downgrade() -> None:
    """Forget it: endpoints and keys say again what may be looked at.

    The program of before has no word for what was given up because a drop was left out.
    """
    op.execute(f"UPDATE {_TABLE} SET fault = NULL WHERE fault = 'unwanted'")  # noqa: S608 - a constant of this module
    if op.get_bind().dialect.name == "postgresql":
        for column in _columns():
            op.drop_column(_TABLE, column.name)
    else:
        _make_anew(of_drops=False)


def _columns() -> tuple[sa.Column[int], sa.Column[bytes]]:
    return (
        sa.Column("drop_id", _BIG, nullable=True, autoincrement=False),
        sa.Column("terms_hash", sa.LargeBinary(), nullable=True),
    )


def _make_anew(*, of_drops: bool) -> None:
    for index in ("due", "endpoint_id_seq_id_idx", "block_hash_log_index_idx", "created_at_idx"):
        op.drop_index(f"{_TABLE}_{index}", _TABLE)
    op.rename_table(_TABLE, _OLD)
    _create(of_drops=of_drops)
    op.execute(f"INSERT INTO {_TABLE} ({_KEPT}) SELECT {_KEPT} FROM {_OLD}")  # noqa: S608 - constants of this module
    op.drop_table(_OLD)
    waiting = sa.text("state = 'waiting'")
    op.create_index(f"{_TABLE}_due", _TABLE, ["due_at"], sqlite_where=waiting)
    op.create_index(None, _TABLE, ["endpoint_id", "seq", "id"])
    op.create_index(None, _TABLE, ["block_hash", "log_index"])
    op.create_index(None, _TABLE, ["created_at"])


def _create(*, of_drops: bool) -> None:
    checks = {
        "id": "length(id) BETWEEN 8 AND 64",
        "message_id": "length(message_id) BETWEEN 8 AND 64",
        "seq": "seq >= 1",
        **(_CHECKED if of_drops else {}),
        "block_hash": "length(block_hash) = 32",
        "log_index": "log_index >= 0",
        "payload": "substr(payload, 1, 1) = '{'",
        "state": "state IN ('waiting', 'delivered', 'failed', 'overtaken')",
        "attempts": "attempts >= 0",
        "claimed_together": "(claim IS NULL) = (claimed_until IS NULL)",
        "answer": "length(answer) <= 1024",
    }
    op.create_table(
        _TABLE,
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("endpoint_id", _TEXT, nullable=False),
        sa.Column("message_id", _TEXT, nullable=False),
        sa.Column("seq", _BIG, nullable=False),
        sa.Column("name", _TEXT, nullable=False),
        sa.Column("type", _TEXT, nullable=False),
        *(_columns() if of_drops else ()),
        sa.Column("block_hash", sa.LargeBinary(), nullable=False),
        sa.Column("log_index", _BIG, nullable=False),
        sa.Column("retracts", _TEXT, nullable=True),
        sa.Column("payload", _TEXT, nullable=False),
        sa.Column("state", _TEXT, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("begun_at", _TIME, nullable=False),
        sa.Column("due_at", _TIME, nullable=False),
        sa.Column("attempts", _BIG, nullable=False),
        sa.Column("claim", _TEXT, nullable=True),
        sa.Column("claimed_until", _TIME, nullable=True),
        sa.Column("attempted_at", _TIME, nullable=True),
        sa.Column("status", _BIG, nullable=True),
        sa.Column("duration_ms", _BIG, nullable=True),
        sa.Column("answer", _TEXT, nullable=True),
        sa.Column("fault", _TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("endpoint_id", "message_id"),
        sa.ForeignKeyConstraint(["endpoint_id"], ["webhook_endpoints.id"], ondelete="CASCADE"),
        *(sa.CheckConstraint(text, name=name) for name, text in checks.items()),
        sqlite_strict=True,
    )
