"""Owns `seats demo`: its options, how long it stays up, how it ends.

Refuses to leave anything running: chain, index and API end with the command.
"""

# Annotations are evaluated: typer reads them.

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from marketplace.starting import INTERRUPTED, interruptible
from scripts.commands.options import ApiPort, RpcPort, require_two_ports
from scripts.demo.folder import given_or_new
from scripts.stopping import StopWished, stoppable
from scripts.views.console import console
from scripts.views.telling import starting


def demo(
    *,
    port: ApiPort = 0,
    rpc_port: RpcPort = 0,
    once: Annotated[
        bool,
        typer.Option("--once", envvar="SEATS_DEMO_ONCE", help="End when the story has been told."),
    ] = False,
    folder: Annotated[
        Path | None,
        typer.Option(help="Where databases, recordings and figures go; a new one if not given."),
    ] = None,
) -> None:
    """Start a market, launch two examples, sell a seat, resell it, and show who gets in."""
    require_two_ports(port, rpc_port)
    out = console()
    starting(out)
    with interruptible():
        from scripts.demo.performing import Demo, perform  # noqa: PLC0415 - takes seconds, guarded
    try:
        with stoppable() as stopping, given_or_new(folder) as left:
            perform(out, left, Demo(port, rpc_port, once), stopping)
    except StopWished:
        # Stopped before it was up: nothing of what was begun is left.
        raise typer.Exit(INTERRUPTED) from None
    with suppress(OSError):  # A closed terminal has nobody to be told.
        out.print(f"Chain, index and API have ended; their files stay in {left}.", soft_wrap=True)
