from __future__ import annotations

import io
import re
import sys

import pytest

from indexer.commands.progress import progressing


class Terminal(io.StringIO):
    """A stream that somebody looks at, or nobody."""

    def __init__(self, *, looked_at: bool) -> None:
        super().__init__()
        self._looked_at = looked_at

    def isatty(self) -> bool:
        return self._looked_at


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")


def test_on_a_terminal_the_share_the_rate_and_the_rest_are_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = Terminal(looked_at=True)
    monkeypatch.setattr(sys, "stderr", terminal)

    with progressing("blocks verified", 40) as told:
        told(10)
        told(30)

    said = terminal.getvalue()
    assert re.search(r"blocks verified.*100%.*40/40.*[\d,]+/s.*\d:\d\d:\d\d", said), said


def test_where_nobody_looks_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Terminal(looked_at=False)
    monkeypatch.setattr(sys, "stderr", stream)

    with progressing("blocks verified", 40) as told:
        told(40)

    assert stream.getvalue() == ""
