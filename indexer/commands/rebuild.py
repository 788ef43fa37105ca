"""`rebuild`: everything that is folded, folded again from the ledger.

Owns the option and what is told. Refuses the node: it is not asked.
"""

# Annotations are evaluated: typer reads them.

from typing import Annotated

import typer

from indexer import process
from indexer.commands.progress import progressing
from indexer.commands.telling import AsJson, Config, opened, settings_of, tell, telling
from indexer.identity import MirrorId
from indexer.reads.audits import event_count
from indexer.rebuilding import rebuild as rebuilt
from indexer.rebuilding import require_idle
from marketplace.storage.transactions import reading


def rebuild(
    *,
    beside_running: Annotated[
        bool,
        typer.Option("--beside-running", help="Do it while an indexer runs, which then waits."),
    ] = False,
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """Fold the whole ledger again without asking the chain; all of it, or nothing is changed."""
    with telling():
        settings = settings_of(config)
        mirror = MirrorId(settings.chain_id, settings.contract_set)
        with opened(settings) as engine:
            if not beside_running:
                require_idle(engine, mirror, process.now(), settings.heartbeat_s)
            with reading(engine) as connection:
                total = event_count(connection, mirror)
            with progressing("events folded", total) as told:
                events = rebuilt(engine, mirror, told)
        tell({"rebuilt": True, "events": events}, as_json=as_json)
