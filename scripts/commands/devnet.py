"""Owns the options of `seats devnet`.

Refuses defaults: what is not given comes from `SEATS_DEVNET_*` and the chain's settings.
"""

from __future__ import annotations

from typing import Annotated

import typer

from marketplace.starting import interruptible


def devnet(
    port: Annotated[str | None, typer.Option(help="TCP port; 0 takes a free one.")] = None,
    chain_id: Annotated[str | None, typer.Option(help="EIP-155 chain id.")] = None,
    fork: Annotated[str | None, typer.Option(help="cancun or prague.")] = None,
    safe_depth: Annotated[
        str | None, typer.Option(help="Blocks by which safe trails the head.")
    ] = None,
    finalized_depth: Annotated[
        str | None, typer.Option(help="Blocks by which finalized trails the head.")
    ] = None,
) -> None:
    """Serve a private chain on 127.0.0.1 until it is stopped (Ctrl-C)."""
    with interruptible():
        from marketplace.devnet.process import run  # noqa: PLC0415 - an EVM, which no other command waits for
    status = run(
        {
            "port": port,
            "chain_id": chain_id,
            "fork": fork,
            "safe_depth": safe_depth,
            "finalized_depth": finalized_depth,
        }
    )
    raise typer.Exit(status)
