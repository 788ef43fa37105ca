"""Find the drops in which a mentor promises one text."""

from __future__ import annotations

from alembic import op

revision = "mirror_0012"
down_revision = "mirror_0011"

_NAME = "drop_states_terms_idx"


def upgrade() -> None:
    """Create the index."""
    columns = ["chain_id", "contract_set", "mentor", "terms_hash", "drop_id", "block_number"]
    op.create_index(_NAME, "drop_states", columns)


def downgrade() -> None:
    """Drop it; the former program asks nothing that it would answer."""
    # A mirror whose history is being read may have left it for later.
    op.drop_index(_NAME, "drop_states", if_exists=True)
