"""How far something long has come, on a terminal: a bar, a rate, and the time that is left.

Owns that line on standard error. Refuses to write where nobody looks: when standard error is no
terminal, nothing is told.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.progress import Task


class RateColumn(ProgressColumn):
    """How many in a second."""

    def render(self, task: Task) -> Text:
        """Write it; nothing until it is known."""
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:,.0f}/s")


@contextmanager
def progressing(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """Show progress while the block lasts; gives what is told of each further piece.

    Args:
        what: What is counted, as in "blocks audited".
        total: How many there are.
    """
    console = Console(stderr=True, markup=False, highlight=False)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        MofNCompleteColumn(),
        RateColumn(),
        TimeRemainingColumn(),
        console=console,
        disable=not sys.stderr.isatty(),
    ) as progress:
        task = progress.add_task(what, total=total)

        def advance(pieces: int) -> None:
            progress.advance(task, pieces)

        yield advance
