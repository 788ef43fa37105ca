"""Runs the commands that stay up, as a shell would, and reads what they say meanwhile.

Owns processes and their ends: whatever a test leaves running is killed; and a fault in their files.
Refuses to look at what was said: tests do.
"""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import signal
    from collections.abc import Iterator

SEATS: Final = (sys.executable, "-m", "scripts.entry")
UP: Final = "The market is up until you press Ctrl-C."
_COMMAND: Final = re.compile(r"^  ((?:curl|\S*python\S*|\S*seats) .*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Running:
    """A command that runs; `error` holds what it says on standard error."""

    process: subprocess.Popen[str]
    error: Path

    def until(self, words: str) -> str:
        """What it says on standard output, up to the line with these words, or to its end."""
        assert self.process.stdout is not None
        said = ""
        for line in self.process.stdout:
            said += line
            if words in line:
                break
        return said

    def stopped(self, stop: signal.Signals) -> tuple[int, str]:
        """Send it a signal; its exit code and what it still said on standard output."""
        self.process.send_signal(stop)
        return self.ended()

    def ended(self) -> tuple[int, str]:
        """Its exit code and what it still said on standard output."""
        rest, _ = self.process.communicate(timeout=100)
        return self.process.returncode, rest

    @property
    def told(self) -> str:
        """What it has said on standard error so far."""
        return self.error.read_text("utf-8")


@contextmanager
def running(
    *arguments: str | Path,
    cwd: Path,
    merged: bool = False,
    terminal: int | None = None,
    **environment: str,
) -> Iterator[Running]:
    """Run `seats` with arguments in a folder, which is its folder for temporary files too.

    Args:
        arguments: Of the command.
        cwd: The folder.
        merged: Whether what it says on standard error comes with standard output.
        terminal: A terminal's file descriptor, to be its standard output.
        environment: Variables beside those of the test.
    """
    inherited = {name: one for name, one in os.environ.items() if not name.startswith("SEATS_")}
    own = {"PYTHONUNBUFFERED": "1", "TMPDIR": str(cwd), **environment}
    with tempfile.NamedTemporaryFile("w", dir=cwd, suffix=".err", delete=False) as error:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [*SEATS, *(str(one) for one in arguments)],
            cwd=cwd,
            stdout=subprocess.PIPE if terminal is None else terminal,
            stderr=subprocess.STDOUT if merged else error,
            text=True,
            env=inherited | own,
        )
        try:
            yield Running(process, Path(error.name))
        finally:
            if process.poll() is None:
                process.kill()
            process.communicate()


def commands_in(said: str) -> list[str]:
    """The lines that can be typed."""
    return _COMMAND.findall(said)


def typed(line: str, cwd: Path) -> str:
    """Type a line into a shell, word for word; gives what it says, and demands success."""
    run = subprocess.run(  # noqa: S602 - what is printed is meant for a shell
        line, shell=True, cwd=cwd, capture_output=True, text=True, check=False, timeout=60
    )
    assert (run.returncode, run.stderr) == (0, ""), line
    return run.stdout


def tear(mirror: Path) -> None:
    """Write to a mirror as nobody may, so that its indexer cannot go on: a block is missing.

    It is the head's, of which an auditor says nothing yet. The checkpoint changes with it: an
    indexer takes hashes that it knows for the table's while head and finalized are what they were.
    """
    with closing(sqlite3.connect(mirror, timeout=20)) as connection, connection:
        connection.execute("UPDATE checkpoints SET head_hash = zeroblob(32)")
        connection.execute(
            "DELETE FROM blocks WHERE number = (SELECT head_number FROM checkpoints)"
        )
