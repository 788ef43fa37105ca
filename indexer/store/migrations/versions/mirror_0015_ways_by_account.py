"""Find an account's seats by drop, and its delegators by account."""

from __future__ import annotations

from alembic import op

revision = "mirror_0015"
down_revision = "mirror_0014"

_SET = ("chain_id", "contract_set")
_PLACE = ("block_number", "log_index")
_WAYS = {
    "seat_states": ("seat_states_owner_idx", ("owner",), ("owner", "seat")),
    "delegation_states": (
        "delegation_states_delegate_idx",
        ("delegate",),
        ("delegate", "delegator"),
    ),
}


def upgrade() -> None:
    """Build both anew with the second column."""
    for table, (name, _, wider) in _WAYS.items():
        _build(name, table, wider)


def downgrade() -> None:
    """Build them as they were."""
    for table, (name, narrow, _) in _WAYS.items():
        _build(name, table, narrow)


def _build(name: str, table: str, by: tuple[str, ...]) -> None:
    # A mirror whose history is being read may have left it for later.
    op.drop_index(name, table, if_exists=True)
    op.create_index(name, table, [*_SET, *by, *_PLACE])
