"""Find sessions that are over by their end."""

from __future__ import annotations

from alembic import op

revision = "api_0006"
down_revision = "api_0005"


def upgrade() -> None:
    """Create the index."""
    op.create_index(None, "sessions", ["expires_at"])


def downgrade() -> None:
    """Drop it: nothing is lost."""
    op.drop_index("sessions_expires_at_idx", "sessions")
