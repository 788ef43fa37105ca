"""Owns `seats plan`: what a launch file would do, without a chain.

Refuses to send anything: gas is measured on a development chain that lives inside this process.
"""

# Annotations are evaluated: typer reads them.

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from marketplace.devnet.accounts import named_accounts
from marketplace.domain.addresses import ChecksumAddress
from marketplace.launch.file import LaunchFile, read_launch_file
from marketplace.launch.plan import plan_of
from marketplace.starting import interruptible
from scripts.views.console import console
from scripts.views.plan import show_plan


def plan(
    file: Annotated[Path, typer.Argument(help="The launch file, as in scripts/examples.")],
    *,
    terms: Annotated[
        bool, typer.Option("--terms", help="Print only the canonical terms, which are hashed.")
    ] = False,
    gas: Annotated[
        bool, typer.Option("--gas/--no-gas", help="Measure what launching takes; a second more.")
    ] = True,
) -> None:
    """Show what launching a file would do: calendar, prices, resale, cost, warnings."""
    read = read_launch_file(file, datetime.now(UTC))
    if terms:
        typer.echo(read.document, nl=False)
        return
    open_keys = frozenset(ChecksumAddress(account.address) for account in named_accounts())
    show_plan(console(), plan_of(read, open_keys), _gas(read) if gas else None)


def _gas(read: LaunchFile) -> int:
    with interruptible():
        from scripts.demo.stage import gas_to_create  # noqa: PLC0415 - an EVM, only where it is asked for
    return gas_to_create(read)
