"""Owns the terminal: one console for answers, made for each command.

Refuses markup in texts, and signs that are no letters: what a mentor, an API or a chain wrote is
shown letter by letter, in the line where it stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from rich import box
from rich.console import Console
from rich.table import Table

from marketplace.domain.texts import printable

if TYPE_CHECKING:
    from typing import TextIO

    from rich.text import Text

WIDTH: Final = 100


class _Letters(Console):
    """Marks what no letter is in every text that is printed or stands in a table.

    A `Text` that is made elsewhere passes as it is: whoever makes one asks `printable`.
    """

    def render_str(
        self,
        text: str,
        **how: Any,  # noqa: ANN401 - as rich has it
    ) -> Text:
        """Make a text of a string: rich does it of all that it is given as one."""
        return super().render_str(printable(text), **how)


def console(file: TextIO | None = None) -> Console:
    """A console that is as wide as the terminal, or `WIDTH` where there is none."""
    made = _Letters(file=file, markup=False, highlight=False, emoji=False, soft_wrap=False)
    if not made.is_terminal:
        made.width = WIDTH
    return made


def table(*columns: str, right: tuple[str, ...] = ()) -> Table:
    """A table without frames, so that it can be copied; `right` names columns of figures."""
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for column in columns:
        made.add_column(column, justify="right" if column in right else "left", overflow="fold")
    return made
