"""Runs the command `seats` inside the test's process, as the shell would see it.

Refuses to look at what was said: tests do.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from scripts.cli import main

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended and what it said."""

    exit: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class SeatsCommand:
    """`seats` in an environment without settings of its own, unless a test adds some."""

    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch

    def __call__(self, *arguments: str | Path) -> Said:
        """Run it with arguments."""
        self.monkeypatch.setattr(sys, "argv", ["seats", *(str(one) for one in arguments)])
        self.capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 1
        said = self.capsys.readouterr()
        return Said(code, said.out, said.err)


@pytest.fixture
def seats(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> SeatsCommand:
    """The command, in an environment that names no market, no key and no width."""
    for name in ("API", "RPC", "CONTRACT", "CHAIN_ID", "KEY", "KEYSTORE", "KEYSTORE_PASSWORD"):
        monkeypatch.delenv(f"SEATS_{name}", raising=False)
    for name in ("COLUMNS", "FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    return SeatsCommand(capsys, monkeypatch)
