"""Owns the terminal: one console for answers, made for each command.

Refuses markup in texts: what a mentor or a chain wrote is shown letter by letter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich import box
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from typing import TextIO

WIDTH: Final = 100


def console(file: TextIO | None = None) -> Console:
    """A console that is as wide as the terminal, or `WIDTH` where there is none."""
    made = Console(file=file, markup=False, highlight=False, emoji=False, soft_wrap=False)
    if not made.is_terminal:
        made.width = WIDTH
    return made


def table(*columns: str, right: tuple[str, ...] = ()) -> Table:
    """A table without frames, so that it can be copied; `right` names columns of figures."""
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for column in columns:
        made.add_column(column, justify="right" if column in right else "left", overflow="fold")
    return made
