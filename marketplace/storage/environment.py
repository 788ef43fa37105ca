"""What Alembic's `env.py` of every history does.

It owns the hand-over of an open connection, and of whoever watches, from
`marketplace.storage.migrations` to Alembic, which runs `env.py` as a script and can be given
nothing but its configuration. It refuses to open a connection or to begin a transaction: both are
the caller's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from alembic import context

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic.config import Config
    from sqlalchemy import Connection, MetaData

_KEY = "storage_settings"


class StepWatcher(Protocol):
    """Is told of steps, the `number`th of so many, and of rows that one of them copies."""

    def begun(self, step: str, what: str, number: int, of: int) -> None:
        """A step begins, and what it is."""

    def copied(self, table: str, rows: int, done: int, of: int) -> None:
        """So many rows more were copied into a table: `done` by now, and `of` at the end."""

    def ended(self, step: str, number: int, of: int) -> None:
        """It is done; it counts once all are."""


class Unwatched:
    """A watcher that looks away."""

    def begun(self, step: str, what: str, number: int, of: int) -> None:
        """Do nothing."""

    def copied(self, table: str, rows: int, done: int, of: int) -> None:
        """Do nothing."""

    def ended(self, step: str, number: int, of: int) -> None:
        """Do nothing."""


class Walk:
    """The steps that are to come, each told when it begins and ends.

    Args:
        steps: Name of each and what it is, in order.
        watcher: Is told.
    """

    def __init__(self, steps: Sequence[tuple[str, str]], watcher: StepWatcher) -> None:
        self._steps = steps
        self._ended = 0
        self.watcher = watcher

    def begin(self) -> None:
        """Tell of the next step, if there is one."""
        if self._ended < len(self._steps):
            step, what = self._steps[self._ended]
            self.watcher.begun(step, what, self._ended + 1, len(self._steps))

    def applied(self) -> None:
        """Tell that a step is done, and of the next one."""
        if self._ended < len(self._steps):
            step, _what = self._steps[self._ended]
            self._ended += 1
            self.watcher.ended(step, self._ended, len(self._steps))
            self.begin()


@dataclass(frozen=True, slots=True)
class Settings:
    """What a migration runs with."""

    connection: Connection
    version_table: str
    metadata: MetaData
    walk: Walk

    def hand_to(self, config: Config) -> None:
        """Leave these settings where `run` will look for them."""
        config.attributes[_KEY] = self


def run() -> None:
    """Run the revisions that Alembic was asked for, in the caller's transaction.

    Raises:
        RuntimeError: Alembic was started by its own command line, without a connection.
    """
    settings = _settings()
    context.configure(
        connection=settings.connection,
        target_metadata=settings.metadata,
        version_table=settings.version_table,
        on_version_apply=lambda *_, **__: settings.walk.applied(),
    )
    with context.begin_transaction():
        settings.walk.begin()
        context.run_migrations()


def watcher() -> StepWatcher:
    """Whoever watches the step that is being done."""
    return _settings().walk.watcher


def _settings() -> Settings:
    settings = context.config.attributes.get(_KEY)
    if not isinstance(settings, Settings):
        raise RuntimeError(  # noqa: TRY004 - the setting is absent, not of a wrong type
            "Migrations run through the store's own upgrade and downgrade, "
            "not through the alembic command.",
        )
    return settings
