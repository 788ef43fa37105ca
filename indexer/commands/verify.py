"""`verify`: a range of mirrored blocks beside the chain, while the indexer may run.

Owns the options, how long a silent node is asked, and what is told. Refuses to write to the mirror.
"""

# Annotations are evaluated: typer reads them.

import time
from contextlib import closing
from typing import Annotated, Final

import typer
from sqlalchemy import Engine

from indexer.audit.examining import Care
from indexer.audit.verifying import Verifier
from indexer.commands.progress import progressing
from indexer.commands.telling import AsJson, Config, opened, settings_of, tell, telling
from indexer.fitting import ConfigurationDiffers, contracts_of
from indexer.identity import MirrorId
from indexer.rpc.node import RpcNode
from indexer.rpc.probe import require_chain
from indexer.settings import IndexerSettings
from indexer.store import checkpoints
from indexer.store import contracts as contract_rows
from marketplace.domain.errors import ChainUnavailable
from marketplace.storage.transactions import reading

TRIES: Final = 6


def verify(
    *,
    first: Annotated[
        int | None,
        typer.Option("--from", min=0, help="First block; the contract's when left out."),
    ] = None,
    last: Annotated[
        int | None,
        typer.Option("--to", min=0, help="Last block; the finalized one when left out."),
    ] = None,
    every_header: Annotated[
        bool,
        typer.Option(
            "--headers", help="Hold every block against its bloom; slower, and misses nothing."
        ),
    ] = False,
    samples: Annotated[
        int,
        typer.Option(min=0, max=1_000, help="Events per stretch whose seats and money are asked."),
    ] = 8,
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """Hold mirrored blocks against the chain; ends with 6 where they disagree."""
    with telling():
        settings = settings_of(config)
        node = RpcNode.at(
            settings.node.get_secret_value(),
            timeout_s=settings.request_timeout_s,
            batch_limit=settings.batch_limit,
        )
        mirror = MirrorId(settings.chain_id, settings.contract_set)
        with closing(node), opened(settings) as engine:
            _require_configured(engine, settings)
            care = Care(every_header=every_header, samples=samples)
            verifier = Verifier(engine, mirror, node, contracts_of(settings), care)
            blocks = verifier.blocks(first, last)
            require_chain(node, settings.chain_id, verifier.genesis_hash)
            with progressing("blocks verified", len(blocks)) as told:
                verified = verifier.verify(blocks, told, _patience, settings.range_blocks)
        tell(
            {
                "agrees": True,
                "from": verified.first,
                "to": verified.last.number,
                "to_hash": verified.last.hash,
                "events": verified.events,
                "answers": verified.claims,
                "stretches_without_state": verified.unasked,
                "digest": verified.digest,
            },
            as_json=as_json,
        )


def _require_configured(engine: Engine, settings: IndexerSettings) -> None:
    """Refuse other contracts than the mirror's: of those it holds nothing that could differ."""
    mirror, contracts = MirrorId(settings.chain_id, settings.contract_set), contracts_of(settings)
    with reading(engine) as connection:
        found = checkpoints.load(connection, mirror)
        noted = contract_rows.load(connection, mirror)
    if found is not None and found.config_hash != contracts.config_hash:
        raise ConfigurationDiffers(settings.contract_set)
    contract_rows.require_allowed(noted, contracts)


def _patience(error: ChainUnavailable, failures: int) -> None:
    """Wait a little longer each time, then give up."""
    if failures >= TRIES:
        raise error
    time.sleep(0.1 * 2**failures)
