"""The journal of what a command does: lines, and on a terminal bars below them of what takes long.

Owns which lines are drawn instead of written, and leaving the terminal as it was. On a terminal
whoever looks sees one bar for each thing that is under way, and the line that ends it; elsewhere
every line is written. Refuses to measure: a bar shows what its line says.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from threading import RLock
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TaskProgressColumn,
    TextColumn,
)

from indexer.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(frozen=True, slots=True)
class _Bar:
    """How a line is drawn: what is counted, the member that says how far it is, and its rate."""

    what: str
    done: str
    rate: str = "events_per_s"


_BARS: Final = {
    "progress": _Bar("history", "done"),
    "filled": _Bar("filled in", "next_block"),
    "rebuilt": _Bar("folded again", "done"),
    "copied": _Bar("copied", "done", "rows_per_s"),
}
_OVER_WITH: Final = {"joined": "filled"}
"""Where the last step has a line of its own."""
_ENDS: Final = frozenset({"fenced", "lead_lost", "lead_left", "standing_by", "stopped"})
"""After these nothing goes on that was drawn."""


@contextmanager
def journal_told(clock: Callable[[], float], max_ahead_s: int | None = None) -> Iterator[Journal]:
    """Give the journal on standard error; at the end nothing of it is drawn any more.

    Args:
        clock: Gives Unix seconds.
        max_ahead_s: As `Journal` takes it.
    """
    console = Console(stderr=True, markup=False, highlight=False, emoji=False)
    if not sys.stderr.isatty() or console.is_dumb_terminal:
        yield Journal(sys.stderr, clock, max_ahead_s)
        return
    journal = TerminalJournal(console, clock, max_ahead_s)
    try:
        yield journal
    finally:
        journal.end()


class TerminalJournal(Journal):
    """Writes lines above the bars of what is under way."""

    def __init__(
        self, console: Console, clock: Callable[[], float], max_ahead_s: int | None = None
    ) -> None:
        super().__init__(_Above(console), clock, max_ahead_s)  # type: ignore[arg-type] # all of a stream that a journal needs
        self._console = console
        self._drawing: Progress | None = None
        self._tasks: dict[str, TaskID] = {}
        self._is_gone = False
        # Lines come from several threads.
        self._turn = RLock()

    def _tell(self, event: str, **fields: str | float | bool) -> None:
        """Write the line, or draw it where it tells of something that goes on."""
        with self._turn:
            try:
                self._tell_or_draw(event, **fields)
            except OSError:
                # A terminal that takes nothing is gone: nothing is left to be drawn or ended.
                self._is_gone, self._drawing = True, None
                self._tasks.clear()
                raise

    def _tell_or_draw(self, event: str, **fields: str | float | bool) -> None:
        if event in _ENDS:
            self.end()
        if event in _OVER_WITH:
            self._finish(_OVER_WITH[event])
        bar = None if self._is_gone else _BARS.get(event)
        if bar is None or not self._is_drawn(event, bar, fields):
            super()._tell(event, **fields)

    def end(self) -> None:
        """Draw nothing any more; what was drawn last stays to be read."""
        with self._turn:
            if self._drawing is not None:
                self._drawing.stop()
            self._drawing = None
            self._tasks.clear()

    def _is_drawn(self, event: str, bar: _Bar, fields: dict[str, str | float | bool]) -> bool:
        done, of = int(fields[bar.done]), int(fields["of"])
        if done >= of:
            self._finish(event)
            return False
        rate, left_s = fields.get(bar.rate), fields.get("left_s")
        unit = bar.rate.removesuffix("_per_s")
        self._draw(
            event,
            bar.what,
            completed=done,
            total=of,
            rate="" if rate is None else f"{rate:,} {unit}/s",
            left="" if left_s is None else f"{timedelta(seconds=int(left_s))} left",
        )
        return True

    def _draw(self, event: str, what: str, **shown: str | float) -> None:
        if self._drawing is None:
            self._drawing = _bars(self._console)
            self._drawing.start()
        if event in self._tasks:
            self._drawing.update(self._tasks[event], refresh=True, **shown)  # type: ignore[arg-type] # by name
        else:
            self._tasks[event] = self._drawing.add_task(what, **shown)  # type: ignore[arg-type] # by name

    def _finish(self, event: str) -> None:
        task = self._tasks.pop(event, None)
        if self._drawing is None or task is None:
            return
        of = self._drawing.tasks[self._drawing.task_ids.index(task)].total
        self._drawing.update(task, completed=of, left="", refresh=True)
        if not self._tasks:
            self.end()


class _Above:
    """A stream whose lines are written above what is drawn, whole however narrow the terminal."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def write(self, lines: str) -> None:
        self._console.out(lines, end="")

    def flush(self) -> None:
        """Do nothing: a console keeps nothing back."""


def _bars(console: Console) -> Progress:
    # Drawn when something is told and never in between: no thread is left to end.
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        TaskProgressColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TextColumn("{task.fields[left]}"),
        console=console,
        auto_refresh=False,
    )
