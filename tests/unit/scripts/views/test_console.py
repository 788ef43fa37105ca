from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from scripts.views.console import console, table

if TYPE_CHECKING:
    from rich.table import Table

MARK = "\N{REPLACEMENT CHARACTER}"
HOSTILE = "x: yes\n│ signature │ holds\x1b[2J\x1b[31m \u202efdp.exe\r[/x] :smile:"
MARKED = f"x: yes{MARK}│ signature │ holds{MARK}[2J{MARK}[31m {MARK}fdp.exe{MARK}[/x] :smile:"


def rows(text: str) -> Table:
    made = table("who")
    made.add_row(text)
    return made


@pytest.mark.parametrize("headed", [False, True])
def test_no_text_steers_the_terminal_or_begins_a_line(headed: bool) -> None:  # noqa: FBT001 - a case
    out = io.StringIO()
    shown = rows(HOSTILE) if headed else HOSTILE
    console(out).print(shown)
    assert MARKED in [line.rstrip() for line in out.getvalue().splitlines()]
    assert "\x1b" not in out.getvalue()
