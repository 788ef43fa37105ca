from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SEATS = ["-c", "from scripts.entry import main; main()", "demo"]
DEVNET = ["-m", "marketplace.devnet", "--port", "0"]


@pytest.mark.parametrize("option", ["--no-gas", "--terms"])
def test_a_reader_that_stops_early_is_no_failure(option: str) -> None:
    plan = ["plan", "scripts/examples/drop-session.toml", option]
    with subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "scripts.entry", *plan],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 0


@pytest.mark.parametrize(
    ("arguments", "early"), [(SEATS, "typer"), (DEVNET, "argparse")], ids=["seats", "devnet"]
)
def test_ctrl_c_while_it_starts_ends_it_without_a_word(arguments: list[str], early: str) -> None:
    with subprocess.Popen(  # noqa: S603 - our own commands
        # The interpreter writes a line as each import ends; `early` is followed by hundreds.
        [sys.executable, "-X", "importtime", *arguments],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        next(line for line in process.stderr if line.split("|")[-1].strip() == early)
        process.send_signal(signal.SIGINT)
        rest = [line for line in process.stderr if not line.startswith("import time:")]
        assert (process.wait(timeout=20), "".join(rest)) == (130, "")
