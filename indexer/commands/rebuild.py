"""`rebuild`: everything that is folded, folded again from the ledger.

Owns the option and what is told. Refuses the node: it is not asked.
"""

# Annotations are evaluated: typer reads them.

from typing import Annotated

import typer

from indexer.commands.progress import progressing
from indexer.commands.telling import AsJson, Config, opened, settings_of, tell, telling
from indexer.identity import MirrorId
from indexer.leading import Lead, claim_of, life_name
from indexer.process import stopping_by_signal
from indexer.rebuilding import rebuilding
from indexer.waking import Stopper


class _Quiet:
    """What becomes of the lead is told by how the rebuild ends."""

    def write(self, event: str, **fields: str | float | bool) -> None:
        """Tell nobody."""


def rebuild(
    *,
    beside_running: Annotated[
        bool,
        typer.Option("--beside-running", help="Let an indexer that leads stand by meanwhile."),
    ] = False,
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """Fold the whole ledger again without asking the chain; goes on where one was broken off."""
    with telling():
        settings = settings_of(config)
        mirror = MirrorId(settings.chain_id, settings.contract_set)
        life, stopper = life_name(mirror), Stopper()
        with opened(settings, life) as engine, stopping_by_signal(stopper):
            lead = Lead(claim_of(engine, mirror, life), settings.lease_s, _Quiet())
            with (
                rebuilding(engine, mirror, lead, stopper, beside_running=beside_running) as work,
                progressing("events folded", work.left) as told,
            ):
                events = work.finish(told)
        tell({"rebuilt": True, "events": events}, as_json=as_json)
