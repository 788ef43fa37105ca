"""Owns `seats demo`: its options, how long it stays up, how it ends.

Refuses to leave anything running: the chain ends with the command.
"""

# Annotations are evaluated: typer reads them.

import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from rich.console import Console

from marketplace.devnet.accounts import account_named
from marketplace.launch.file import read_launch_file
from scripts.demo.keepsakes import open_folder
from scripts.demo.stage import Stage, address_named, stage
from scripts.demo.story import Story, play
from scripts.views import demo as view
from scripts.views.console import console

EXAMPLE = Path(__file__).parents[1] / "examples" / "drop-session.toml"


def demo(
    file: Annotated[Path, typer.Argument(help="The launch file to play.")] = EXAMPLE,
    *,
    port: Annotated[
        int, typer.Option(min=0, max=65_535, help="TCP port of the chain; 0 takes a free one.")
    ] = 0,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep the chain running until Ctrl-C.")
    ] = False,
    folder: Annotated[
        Path | None, typer.Option(help="Where picture and figures go; a new folder if not given.")
    ] = None,
) -> None:
    """Start a development chain, launch an example, sell a seat and resell it."""
    out = console()
    # Before anything is played or made: a file with faults leaves nothing behind.
    read_launch_file(file, datetime.now(UTC), address_named("mentor"))
    left = folder or Path(tempfile.mkdtemp(prefix="seats-demo-"))
    open_folder(left)
    with stage(port) as here:
        story = play(here, out, file, left)
        if keep:
            _keep(out, here, story)
    if keep:
        out.print("The chain has ended.")
    else:
        view.ended(out)


def _keep(out: Console, here: Stage, story: Story) -> None:
    key = account_named("eve").private_key.hex()
    drop, seat = story.created.drop, story.minted.after.seat
    with stopping() as stopped:
        view.kept(out, here.deployment, here.url, drop, seat, key)
        stopped.wait()


@contextmanager
def stopping() -> Iterator[threading.Event]:
    """An event that SIGTERM and Ctrl-C set."""
    stopped = threading.Event()
    before = {name: signal.getsignal(name) for name in (signal.SIGINT, signal.SIGTERM)}

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopped.set()

    for name in before:
        signal.signal(name, stop)
    try:
        yield stopped
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
