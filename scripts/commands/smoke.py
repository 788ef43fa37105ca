"""Owns `seats smoke`: the demo's story with given values, and one line of JSON at its end.

Standard output has that line and nothing else; what happens is told on standard error. Refuses to
leave anything running, and anything behind unless a folder was named.
"""

# Annotations are evaluated: typer reads them.

import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from marketplace.domain.money import Bps, Wei
from marketplace.starting import INTERRUPTED, interruptible
from scripts.commands.options import ApiPort, RpcPort, require_two_ports
from scripts.stopping import StopWished, stoppable
from scripts.views.console import console
from scripts.views.telling import starting


def smoke(
    *,
    seed: Annotated[
        int, typer.Option(help="Decides who plays, how many seats, which workshop.")
    ] = 1,
    price_wei: Annotated[
        int, typer.Option(min=1, help="What every seat costs, in wei.")
    ] = 40_000_000_000_000_000,
    royalty_bps: Annotated[
        int, typer.Option(help="The mentor's share of a resale, in hundredths of a percent.")
    ] = 750,
    port: ApiPort = 0,
    rpc_port: RpcPort = 0,
    keep: Annotated[
        bool, typer.Option("--keep", help="Stay up after the line, until Ctrl-C.")
    ] = False,
    folder: Annotated[
        Path | None,
        typer.Option(help="Where databases and recordings go, to be kept."),
    ] = None,
) -> None:
    """Play the demo's story with these values; ends with one line of JSON."""
    require_two_ports(port, rpc_port)
    told = console(sys.stderr)
    starting(told)
    with interruptible():
        from scripts.demo.performing import Smoke, perform_smoke  # noqa: PLC0415 - takes seconds, guarded
    asked = Smoke(seed, Wei(price_wei), Bps(royalty_bps), port, rpc_port, keep=keep)
    try:
        with stoppable() as stopping:
            if folder is not None:
                perform_smoke(told, folder, asked, _print, stopping)
            else:
                with tempfile.TemporaryDirectory(prefix="seats-smoke-") as made:
                    perform_smoke(told, Path(made), asked, _print, stopping)
    except StopWished:
        # Stopped before the line: nothing of what was begun is left.
        raise typer.Exit(INTERRUPTED) from None


def _print(line: str) -> None:
    # Whoever waits for it reads a pipe, which is written when it is full.
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
