"""`run` and `upgrade`: the mirror as a process, and its tables.

Owns their options. Refuses everything about how the mirror runs: `indexer.process` does that.
"""

# Annotations are evaluated: typer reads them.

from indexer import process
from indexer.commands.journals import journal_told
from indexer.commands.telling import Config, settings_of, telling
from indexer.commands.upgrading import Upgrading
from indexer.process import stopping_by_signal
from indexer.store.history import MIRROR
from indexer.waking import Stopper
from marketplace.storage.engines import open_engine


def run(config: Config = None) -> None:
    """Mirror the chain until SIGINT or SIGTERM; one line of JSON for each thing that happens."""
    with telling():
        settings = settings_of(config)
        stopper = Stopper()
        with (
            journal_told(process.now, settings.clock_error_s) as journal,
            stopping_by_signal(stopper),
        ):
            process.run(settings, journal, stopper, process.now)


def upgrade(config: Config = None) -> None:
    """Bring the tables to this program's version; stop their other users and back them up first."""
    with telling():
        engine = open_engine(settings_of(config).database.get_secret_value())
        try:
            with journal_told(process.now) as journal:
                MIRROR.upgrade(engine, watcher=Upgrading(journal.write))
        finally:
            engine.dispose()
