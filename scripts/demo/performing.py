"""Owns a whole performance: the house is opened, the story played, the market stays up, it ends.

Refuses to hang: whatever ends by itself while it is up ends the performance with its sentence.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from marketplace.domain.errors import SeatmarketError
from marketplace.launch.file import parse_launch_file
from scripts.demo.figures import figures_of
from scripts.demo.folder import open_folder
from scripts.demo.house import house
from scripts.demo.keepsakes import write_keepsakes
from scripts.demo.script import demo_script, smoke_script
from scripts.demo.story import play
from scripts.views import demo as view
from scripts.views.trying import ended, trying

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from rich.console import Console

    from marketplace.domain.money import Bps, Wei
    from scripts.demo.house import House
    from scripts.demo.story import Story
    from scripts.stopping import Stopping

_LOOK_S: Final = 0.1
_LOOKS: Final = 50
"""Between two questions whether chain and API still answer."""
_MOST_BOUGHT: Final = 10
"""More seats than anybody pays for in a performance."""


@dataclass(frozen=True, slots=True)
class Demo:
    """What a demo is asked for; ports as of `house`."""

    port: int
    rpc_port: int
    once: bool


@dataclass(frozen=True, slots=True)
class Smoke:
    """What a smoke run is asked for; ports as of `house`."""

    seed: int
    price: Wei
    royalty: Bps
    port: int
    rpc_port: int
    keep: bool


def perform(console: Console, path: Path, asked: Demo, stopping: Stopping) -> None:
    """Play the demo into a folder, and stay up until it shall stop, unless once is enough.

    Raises whatever a part or an act ends in.
    """
    folder = open_folder(path)
    with house(folder, asked.port, asked.rpc_port) as opened, blaming_parts(opened):
        story = play(opened, console, demo_script())
        view.keepsakes(console, _kept(opened, story))
        if asked.once:
            ended(console)
            return
        with stopping.noted():
            trying(console, opened, story)
            stay(opened, stopping)


def perform_smoke(
    console: Console,
    path: Path,
    asked: Smoke,
    tell: Callable[[str], None],
    stopping: Stopping,
) -> None:
    """Play a variation into a folder and tell its figures in one line of JSON.

    Args:
        console: For everything but that line.
        path: The folder.
        asked: The values; the reader of launch files judges them before anything is begun.
        tell: Is given the line.
        stopping: Ends it, where it is to be kept.

    Raises:
        LaunchFileInvalid: the values do not fit.
        NotAsPromised: the gate did not do as the seats say; the line was told.
    """
    script = smoke_script(asked.seed, asked.price, asked.royalty)
    for text in (script.evening, script.cohort):
        parse_launch_file(text.name, text.octets, datetime.now(UTC))
    folder = open_folder(path)
    purse = asked.price * _MOST_BOUGHT
    with house(folder, asked.port, asked.rpc_port, purse) as opened, blaming_parts(opened):
        story = play(opened, console, script)
        figures = figures_of(opened, story)
        line = json.dumps(figures.members, separators=(",", ":"))
        if not asked.keep:
            tell(line)
            figures.require_promised()
            return
        with stopping.noted():
            tell(line)
            figures.require_promised()
            trying(console, opened, story)
            stay(opened, stopping)


def stay(opened: House, stopping: Stopping) -> None:
    """Stay up until it shall stop; raises as `House.require_open`."""
    while True:
        opened.require_open()
        for _ in range(_LOOKS):
            if stopping.is_wished:
                return
            opened.watch.wait(_LOOK_S)


@contextmanager
def blaming_parts(opened: House) -> Iterator[None]:
    """Tell of a part that has ended, and not of what that led to."""
    try:
        yield
    except SeatmarketError:
        opened.watch.require_whole()
        raise


def _kept(opened: House, story: Story) -> tuple[Path, ...]:
    terms = story.drops[1].file.document
    return write_keepsakes(
        opened.folder.path,
        image=story.image,
        metadata=story.metadata,
        terms=terms.encode(),
        figures=figures_of(opened, story).members,
    )
