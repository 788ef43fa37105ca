"""`foundry coverage`: how many branches of each of our contracts the Solidity tests take.

Owns reading forge's LCOV report. Refuses to let forge write gas snapshots: coverage compiles
with other settings, so its gas is nobody's.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from scripts.toolchain.command import run, say
from scripts.toolchain.errors import DriftError, ToolFailedError
from scripts.toolchain.forge import run_forge
from scripts.toolchain.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scripts.toolchain.project import Project


@dataclass(frozen=True, slots=True)
class FileCoverage:
    """What was reached in one source: branches and lines, each with their total."""

    source: str
    branches: int
    branches_total: int
    lines: int
    lines_total: int


def main(arguments: Sequence[str], project: Project) -> int:
    """Run the command and return its exit code: 1 when a test fails or too little is reached."""
    return run(partial(_report, _options(arguments), project))


def measure(project: Project) -> tuple[FileCoverage, ...]:
    """Run the Solidity tests under coverage and read the figures of our own sources.

    Raises `DriftError` when a test fails and `ToolFailedError` when nothing was measured.
    """
    report = project.cache / "coverage" / "lcov.info"
    report.parent.mkdir(parents=True, exist_ok=True)
    report.unlink(missing_ok=True)
    settings = read_settings(project)
    # Gas and sizes are measured of the code that is deployed, which coverage does not compile.
    elsewhere = ["--no-match-path", f"{settings.test_folder}/gas/**"]
    arguments = ["coverage", "--report", "lcov", "--report-file", str(report.resolve())]
    done = run_forge(
        project,
        # Sources that are written for the IR pipeline can be too deep for the legacy one.
        [*arguments, *elsewhere, *(["--ir-minimum"] if settings.via_ir else [])],
        {
            "FORGE_SNAPSHOT_EMIT": "false",
            "FORGE_SNAPSHOT_CHECK": "false",
            # All in one compilation: what is compiled twice would hide all else in the report.
            "FOUNDRY_COMPILATION_RESTRICTIONS": "[]",
            "FOUNDRY_ADDITIONAL_COMPILER_PROFILES": "[]",
        },
    )
    if done.returncode != 0:
        raise DriftError([done.stdout.strip(), done.stderr.strip()], "Coverage failed; see above.")
    text = report.read_text(encoding="utf-8") if report.is_file() else ""
    measured = parse_lcov(text, settings.source_folder)
    if not measured:
        raise ToolFailedError("forge coverage", done.stdout + done.stderr)
    return measured


def parse_lcov(report: str, folder: str) -> tuple[FileCoverage, ...]:
    """Read the sources below `folder` from an LCOV `report`."""
    measured: list[FileCoverage] = []
    for record in report.split("end_of_record"):
        fields = dict(
            line.split(":", 1) for line in record.strip().splitlines() if line.count(":") > 0
        )
        source = fields.get("SF", "")
        if source.startswith(f"{folder}/"):
            measured.append(
                FileCoverage(
                    source=source,
                    branches=int(fields.get("BRH", "0")),
                    branches_total=int(fields.get("BRF", "0")),
                    lines=int(fields.get("LH", "0")),
                    lines_total=int(fields.get("LF", "0")),
                )
            )
    return tuple(sorted(measured, key=lambda item: item.source))


def _report(options: argparse.Namespace, project: Project) -> int:
    measured = measure(project)
    width = max(len(item.source) for item in measured)
    say(f"{'contract':<{width}}  branches          lines")
    for item in measured:
        branches = _share(item.branches, item.branches_total)
        say(f"{item.source:<{width}}  {branches}  {_share(item.lines, item.lines_total)}")
    reached = sum(item.branches for item in measured)
    total = sum(item.branches_total for item in measured)
    say(f"{'all':<{width}}  {_share(reached, total)}")
    # Compared as whole numbers: 90 of 100 reaches 90 per cent exactly.
    if reached * 100 < options.at_least * total:
        raise DriftError(
            [f"Only {reached} of {total} branches are tested, below {options.at_least}%."],
            "Add Solidity tests for the branches that the report shows.",
        )
    return 0


def _share(reached: int, total: int) -> str:
    if not total:
        return f"{'-':>4} {'':>9}  "
    return f"{reached * 100 // total:>3}% {f'{reached}/{total}':>9}  "


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.toolchain.foundry coverage",
        description="Report the branches that the Solidity tests reach.",
    )
    parser.add_argument("--at-least", type=int, default=0, help="per cent of all branches")
    return parser.parse_args(arguments)
