"""Find the admissions of one room by when their lease ends, also those that have ended."""

from __future__ import annotations

from typing import Final

from alembic import op

revision = "api_0021"
down_revision = "api_0020"

_NAME: Final = "admissions_of_a_room"
_BY: Final = ["chain_id", "contract_set", "drop_id", "session", "expires_at"]


def upgrade() -> None:
    """Create the index; of a table that holds some minutes."""
    op.create_index(_NAME, "admissions", _BY)


def downgrade() -> None:
    """Drop it."""
    op.drop_index(_NAME, "admissions")
