"""Find an account's seats by what came to it, and its delegators by what was given to it."""

from __future__ import annotations

from typing import Any

from alembic import op
from sqlalchemy import text

revision = "mirror_0016"
down_revision = "mirror_0015"

_SET = ("chain_id", "contract_set")
_PLACE = ("block_number", "log_index")
_CAME = "change IN ('mint', 'sale', 'gift', 'burn')"
_SEATS = ("seat_states_owner_idx", "seat_states", (*_SET, "owner", "seat", *_PLACE))
_DELEGATES = ("delegation_states_delegate_idx", "delegation_states")
_PAIR = (*_SET, "delegate", "delegator")


def upgrade() -> None:
    """Build both anew, of these rows alone."""
    _build(*_SEATS, sqlite_where=text(_CAME), postgresql_where=text(_CAME))
    given = text("enabled = 1")
    _build(*_DELEGATES, _PAIR, sqlite_where=given, postgresql_where=given)


def downgrade() -> None:
    """Build them as they were, of all rows."""
    _build(*_SEATS)
    _build(*_DELEGATES, (*_PAIR, *_PLACE))


def _build(name: str, table: str, columns: tuple[str, ...], **options: Any) -> None:  # noqa: ANN401 - as alembic takes them
    # A mirror whose history is being read may have left it for later.
    op.drop_index(name, table, if_exists=True)
    op.create_index(name, table, list(columns), **options)
