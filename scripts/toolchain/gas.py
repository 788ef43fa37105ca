"""`foundry gas --check|--write`: the gas of whole transactions against what is committed.

The tests in `<test folder>/gas/` name each measured transaction with `vm.snapshotGasLastCall`;
`isolate` makes forge count it as a transaction of its own, with its base cost, calldata and
refund. They are measured into a scratch folder and compared here, so that a figure that changed,
appeared or is no longer measured is always seen. Refuses to let any other run write snapshots.
"""

from __future__ import annotations

import argparse
import json
import shutil
from functools import partial
from typing import TYPE_CHECKING

from scripts.toolchain.command import run, say
from scripts.toolchain.errors import DriftError, ToolFailedError
from scripts.toolchain.forge import run_forge
from scripts.toolchain.rendering import render
from scripts.toolchain.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from scripts.toolchain.project import Project

Figures = dict[str, dict[str, str]]
"""Group → transaction → gas, in decimal as forge writes it."""


def main(arguments: Sequence[str], project: Project) -> int:
    """Run the command and return its exit code: 1 when a figure differs or a test fails."""
    options = _options(arguments)
    return run(partial(_write if options.write else _check, project))


def measure(project: Project) -> Figures:
    """Run the gas tests and read what they measured.

    Raises `DriftError` when a test fails and `ToolFailedError` when nothing was measured.
    """
    scratch = project.cache / "gas"
    shutil.rmtree(scratch, ignore_errors=True)
    tests = f"{read_settings(project).test_folder}/gas/**/*.t.sol"
    done = run_forge(
        project,
        ["test", "--isolate", "--match-path", tests],
        {
            "FOUNDRY_SNAPSHOTS": str(scratch.resolve()),
            "FORGE_SNAPSHOT_EMIT": "true",
            "FORGE_SNAPSHOT_CHECK": "false",
        },
    )
    if done.returncode != 0:
        raise DriftError(
            [done.stdout.strip(), done.stderr.strip()], "A gas test failed; see above."
        )
    figures = read_figures(scratch)
    if not figures:
        raise ToolFailedError(f"forge test --match-path {tests!r}", done.stdout + done.stderr)
    return figures


def read_figures(folder: Path) -> Figures:
    """Read all groups of `folder`, one JSON file each."""
    return {
        path.stem: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("*.json"))
    }


def differences(committed: Figures, measured: Figures) -> list[str]:
    """Say in a sentence for each transaction how its gas differs; empty when none does."""
    before, after = _flat(committed), _flat(measured)
    return [
        _difference(name, before.get(name), after.get(name))
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    ]


def _check(project: Project) -> int:
    measured = measure(project)
    found = differences(read_figures(project.gas_snapshots), measured)
    if found:
        raise DriftError(
            found, "If that is meant, run `python -m scripts.toolchain.foundry gas --write`."
        )
    say(f"Gas of {len(_flat(measured))} transactions is as committed.")
    return 0


def _write(project: Project) -> int:
    measured = measure(project)
    folder = project.gas_snapshots
    for line in differences(read_figures(folder), measured):
        say(line)
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.glob("*.json"):
        if path.stem not in measured:
            path.unlink()
    for group, figures in measured.items():
        (folder / f"{group}.json").write_text(render(figures), encoding="utf-8")
    say(f"Gas of {len(_flat(measured))} transactions written.")
    return 0


def _flat(figures: Figures) -> Mapping[str, int]:
    return {
        f"{group}.{name}": int(gas)
        for group, transactions in figures.items()
        for name, gas in transactions.items()
    }


def _difference(name: str, before: int | None, after: int | None) -> str:
    if before is None:
        return f"{name} costs {after:,} gas and is not committed."
    if after is None:
        return f"{name} is committed at {before:,} gas and no longer measured."
    verb = "rose" if after > before else "fell"
    return f"{name} {verb} from {before:,} to {after:,} gas ({after - before:+,})."


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.toolchain.foundry gas",
        description="Measure the gas of whole transactions.",
    )
    mode = parser.add_mutually_exclusive_group(required=True)
    mode.add_argument("--check", action="store_true", help="fail when a figure changed")
    mode.add_argument("--write", action="store_true", help="commit the figures as they are")
    return parser.parse_args(arguments)
