"""`consumers`: who is waited for before messages of the outbox are thrown away.

Owns the option and what is told. Refuses to note anybody: a consumer does that itself.
"""

# Annotations are evaluated: typer reads them.

from typing import Annotated

import typer

from indexer.commands.telling import AsJson, Config, opened, settings_of, tell, telling
from indexer.consumers import consumers as known
from indexer.consumers import forget
from indexer.identity import MirrorId
from indexer.reads.levels import mirror_status
from indexer.reads.messages import first_message
from marketplace.storage.transactions import reading, writing


def consumers(
    *,
    gone: Annotated[
        str | None,
        typer.Option("--forget", metavar="NAME", help="Wait no longer for one that is gone."),
    ] = None,
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """Say which messages are kept, and which one each known consumer needs next."""
    with telling():
        settings = settings_of(config)
        mirror = MirrorId(settings.chain_id, settings.contract_set)
        with opened(settings) as engine:
            if gone is not None:
                with writing(engine) as connection:
                    forget(connection, mirror, gone)
            with reading(engine) as connection:
                told = {
                    "first_seq": first_message(connection, mirror),
                    "next_seq": mirror_status(connection, mirror).next_seq,
                    "consumers": known(connection, mirror),
                }
        tell(told, as_json=as_json)
