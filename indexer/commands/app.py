"""The commands put together; `python -m indexer` runs them, `seats index` is the same.

Owns which commands there are. Refuses what they do.
"""

from __future__ import annotations

import typer

from indexer.commands.consumers import consumers
from indexer.commands.export import export
from indexer.commands.rebuild import rebuild
from indexer.commands.running import run, upgrade
from indexer.commands.status import status
from indexer.commands.verify import verify

app = typer.Typer(
    help="Mirror the market into SQL, and look after the mirror.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for command in (run, status, verify, rebuild, export, consumers, upgrade):
    app.command()(command)
