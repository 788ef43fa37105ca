from __future__ import annotations

import errno
import json
import re
import sys

import pytest

from indexer.commands.journals import journal_told
from indexer.identity import Kind
from tests.unit.indexer.commands.test_progress import Terminal

_SHOWN = "\x1b[?25h"


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")


def shown(monkeypatch: pytest.MonkeyPatch, *, looked_at: bool = True) -> Terminal:
    """Standard error from now on."""
    stream = Terminal(looked_at=looked_at)
    monkeypatch.setattr(sys, "stderr", stream)
    return stream


def plain(said: str) -> str:
    """What is to be read of it."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", said)


def now() -> float:
    return 1_800_000_000


def events(stream: Terminal) -> list[str]:
    rows = stream.getvalue().replace("\r", "\n").split("\n")
    lines = [row[row.index("{") :] for row in rows if '{"at"' in row]
    return [json.loads(line)["event"] for line in lines]


def test_history_is_drawn_with_its_rate_and_rest_and_its_end_is_a_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = shown(monkeypatch)
    with journal_told(now) as journal:
        journal.write("started")
        journal.write("progress", done=3, of=12, events=9, events_per_s=12_345, left_s=67)
        drawn = terminal.getvalue()
        journal.write("added", blocks=1, hash="0x" + "ab" * 60)
        journal.write("progress", done=12, of=12, events=30)
        ended = terminal.getvalue()
        journal.write("caught_up")

    assert "history ━━━━━╺━━━━━━━━━━━━━━  25%  3/12 12,345 events/s 0:01:07 left" in plain(drawn)
    assert events(terminal) == ["started", "added", "progress", "caught_up"]
    assert "100% 12/12" in plain(ended)
    # Nothing is drawn below what comes after.
    assert _SHOWN in ended
    assert "history" not in terminal.getvalue()[len(ended) :]


def test_several_things_that_go_on_are_drawn_below_each_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = shown(monkeypatch)
    with journal_told(now) as journal:
        journal.rebuilt({"sales"}, 50, done=50, of=100)
        journal.rebuilt({"sales"}, 50, done=100, of=100)
        between = terminal.getvalue()
        journal.filled(Kind.DELEGATIONS, 10, 1, of=40)
        journal.write("progress", done=3, of=12, events=9)
        both = terminal.getvalue()
        journal.joined(Kind.DELEGATIONS, 41)
        one = terminal.getvalue()
        journal.write("progress", done=12, of=12, events=9)
        none = terminal.getvalue()

    assert re.search(r"folded again .* 50/100", plain(between))
    assert between.count(_SHOWN) == 1
    assert re.search(r"filled in .* 10/40 +\nhistory .* 3/12", plain(both)), plain(both)
    assert re.search(r"filled in .* 40/40", plain(one))
    assert (both.count(_SHOWN), one.count(_SHOWN), none.count(_SHOWN)) == (1, 1, 2)
    assert events(terminal) == ["rebuilt", "joined", "progress"]


def test_rows_that_an_upgrade_copies_are_drawn_with_their_rate(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = shown(monkeypatch)
    with journal_told(now) as journal:
        journal.write("upgrading", step="mirror_0009", number=1, of=5)
        journal.write("copied", table="events", done=3, of=12, rows_per_s=7_000, left_s=9)
        journal.write("copied", table="events", done=12, of=12, rows_per_s=7_000, left_s=0)
        journal.write("upgraded", step="mirror_0009", number=1, of=5)

    assert re.search(r"copied .* 3/12 7,000 rows/s 0:00:09 left", plain(terminal.getvalue()))
    assert events(terminal) == ["upgrading", "copied", "upgraded"]


@pytest.mark.parametrize("event", ["fenced", "lead_lost", "lead_left", "standing_by", "stopped"])
def test_what_was_drawn_ends_where_it_does_not_go_on(
    monkeypatch: pytest.MonkeyPatch, event: str
) -> None:
    terminal = shown(monkeypatch)
    with journal_told(now) as journal:
        journal.write("progress", done=3, of=12, events=9)
        journal.write(event)
        said = terminal.getvalue()

    assert said.index(_SHOWN) < said.index(f'"{event}"')


def test_an_error_leaves_the_terminal_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = shown(monkeypatch)

    def fail() -> None:
        with journal_told(now) as journal:
            journal.write("progress", done=3, of=12, events=9)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert terminal.getvalue().endswith(_SHOWN)


def test_what_is_over_at_once_is_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = shown(monkeypatch)
    with journal_told(now) as journal:
        journal.write("progress", done=12, of=12, events=9)

    assert events(terminal) == ["progress"]
    assert "history" not in terminal.getvalue()


@pytest.mark.parametrize(("looked_at", "term"), [(False, "xterm"), (True, "dumb")])
def test_where_nothing_can_be_drawn_every_line_is_written(
    monkeypatch: pytest.MonkeyPatch, *, looked_at: bool, term: str
) -> None:
    stream = shown(monkeypatch, looked_at=looked_at)
    monkeypatch.setenv("TERM", term)

    with journal_told(now) as journal:
        journal.write("progress", done=3, of=12, events=9)

    (line,) = stream.getvalue().splitlines()
    assert json.loads(line) == {
        "at": "2027-01-15T08:00:00Z",
        "event": "progress",
        "done": 3,
        "of": 12,
        "events": 9,
    }


def test_a_terminal_that_is_gone_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = shown(monkeypatch)
    lost: list[int] = []
    with journal_told(now) as journal:
        journal.counted_by(lost.append)
        monkeypatch.setattr(terminal, "write", _hung_up)
        journal.write("progress", done=3, of=12, events=9)
        journal.write("added", blocks=1)

    assert sum(lost) == 2


def _hung_up(_text: str) -> int:
    raise OSError(errno.EIO, "Input/output error")
