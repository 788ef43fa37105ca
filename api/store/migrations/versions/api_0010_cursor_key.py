"""Create the key that marks cursors, the same for every process."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "api_0010"
down_revision = "api_0009"

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the table, and the key in it."""
    table = op.create_table(
        "signing_keys",
        sa.Column("name", _TEXT, nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 64", name="name"),
        sa.CheckConstraint("length(secret) = 32", name="secret"),
        sqlite_strict=True,
    )
    op.bulk_insert(table, [{"name": "cursors", "secret": secrets.token_bytes(32)}])


def downgrade() -> None:
    """Drop it: cursors that are under way are refused, and their readers begin anew."""
    op.drop_table("signing_keys")
