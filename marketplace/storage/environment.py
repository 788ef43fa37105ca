"""What Alembic's `env.py` of every history does.

It owns the hand-over of an open connection from `marketplace.storage.migrations` to Alembic, which
runs `env.py` as a script and can be given nothing but its configuration. It refuses to open a
connection or to begin a transaction: both are the caller's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from alembic import context

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection, MetaData

_KEY = "storage_settings"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a migration runs with."""

    connection: Connection
    version_table: str
    metadata: MetaData

    def hand_to(self, config: Config) -> None:
        """Leave these settings where `run` will look for them."""
        config.attributes[_KEY] = self


def run() -> None:
    """Run the revisions that Alembic was asked for, in the caller's transaction.

    Raises:
        RuntimeError: Alembic was started by its own command line, without a connection.
    """
    settings = context.config.attributes.get(_KEY)
    if not isinstance(settings, Settings):
        raise RuntimeError(  # noqa: TRY004 - the setting is absent, not of a wrong type
            "Migrations run through the store's own upgrade and downgrade, "
            "not through the alembic command.",
        )
    context.configure(
        connection=settings.connection,
        target_metadata=settings.metadata,
        version_table=settings.version_table,
    )
    with context.begin_transaction():
        context.run_migrations()
