"""Owns the command `seats`: which commands there are, and how an error ends one.

Refuses to hide a defect: an error outside the one hierarchy keeps its traceback.
"""

from __future__ import annotations

import os
import sys

import typer

from indexer.commands.app import app as index
from marketplace.domain.errors import SeatmarketError
from marketplace.domain.texts import printable
from marketplace.launch.faults import LaunchFileInvalid
from scripts.commands.demo import demo
from scripts.commands.devnet import devnet
from scripts.commands.launch import launch
from scripts.commands.new import new
from scripts.commands.plan import plan
from scripts.commands.publish import publish
from scripts.commands.show import show
from scripts.commands.smoke import smoke
from scripts.commands.verify_receipt import verify_receipt
from scripts.exit_codes import exit_code

app = typer.Typer(
    name="seats",
    help="Sell seats in sessions and cohorts as tokens, and look at what is sold.",
    epilog="Start with `seats demo`. Exit codes are listed in docs/commands.md.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (demo, smoke, devnet, new, plan, launch, publish, show, verify_receipt):
    app.command()(command)
app.add_typer(index, name="index")


def main() -> None:
    """Run one command; ends the process with its exit code."""
    try:
        app(prog_name="seats")
    except SeatmarketError as error:
        sys.stderr.write(f"{_shown(error)}\n")
        sys.exit(exit_code(error))
    except SystemExit as ended:
        if not isinstance(ended.__context__, BrokenPipeError):
            raise
        # Whoever read the answer, as `head` does, has had enough of it: that is no failure.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


def _shown(error: SeatmarketError) -> str:
    """Mark what no letter is: a node or an API may speak in it, and a terminal would obey."""
    if isinstance(error, LaunchFileInvalid):
        # The one error of several lines: it has its own ends.
        return "\n".join(printable(line) for line in str(error).split("\n"))
    return printable(str(error))


if __name__ == "__main__":
    main()
