"""`foundry coverage`: how many branches of each contract the Solidity tests take.

Owns what is shown and what fails: a branch that no test takes and docs/coverage.md does not
explain, and an explanation of nothing.
"""

from __future__ import annotations

import argparse
from functools import partial
from typing import TYPE_CHECKING

from scripts.toolchain.command import run, say
from scripts.toolchain.coverage.places import FUNCTION
from scripts.toolchain.coverage.run import measure
from scripts.toolchain.errors import DriftError
from scripts.toolchain.reasons import explained, idle, row

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from scripts.toolchain.coverage.branches import Branch
    from scripts.toolchain.project import Project


def main(arguments: Sequence[str], project: Project) -> int:
    """Run the command and return its exit code: 1 when a test fails or a branch is missing."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.toolchain.foundry coverage",
        description="Report the branches that the Solidity tests take.",
    )
    parser.parse_args(arguments)
    return run(partial(_report, project))


def table(branches: Sequence[Branch], taken: AbstractSet[int]) -> list[str]:
    """A line for each source and one for all: branches and functions, taken and in all."""
    sources = sorted({branch.source for branch in branches})
    width = max(len("contract"), *(len(source) for source in sources))
    lines = [f"{'contract':<{width}}  {'branches':<16}functions"]
    for source in sources:
        own = [branch for branch in branches if branch.source == source]
        lines.append(f"{source:<{width}}  {_shares(own, taken)}")
    return [*lines, f"{'all':<{width}}  {_shares(branches, taken)}"]


def judge(branches: Sequence[Branch], taken: AbstractSet[int], page: str) -> tuple[list[str], int]:
    """What `page` does not say as it is, and how many untaken branches it explains."""
    lacking = [branch for branch in branches if branch.number not in taken]
    reasons = explained(page, lacking)
    return [
        *(
            f"No test takes it; for docs/coverage.md: {row(branch, '…')}"
            for branch in lacking
            if branch.number not in reasons
        ),
        *(
            f"docs/coverage.md explains what is taken or gone: {line}"
            for line in idle(page, lacking)
        ),
    ], len(reasons)


def _report(project: Project) -> int:
    branches, taken = measure(project)
    for line in table(branches, taken):
        say(line)
    path = project.root / "docs" / "coverage.md"
    page = path.read_text(encoding="utf-8") if path.is_file() else ""
    faults, count = judge(branches, taken, page)
    for branch in branches:
        if branch.number not in taken:
            say(f"not taken: {branch}")
    if faults:
        raise DriftError(faults, "Write the missing tests, or argue in docs/coverage.md.")
    say(f"Every branch is taken, but for {count} that docs/coverage.md explains.")
    return 0


def _shares(branches: Sequence[Branch], taken: AbstractSet[int]) -> str:
    functions = [branch for branch in branches if branch.kind == FUNCTION]
    others = [branch for branch in branches if branch.kind != FUNCTION]
    return f"{_share(others, taken):<16}{_share(functions, taken)}".rstrip()


def _share(branches: Sequence[Branch], taken: AbstractSet[int]) -> str:
    if not branches:
        return "   -"
    reached = sum(branch.number in taken for branch in branches)
    return f"{reached * 100 // len(branches):>3}% {f'{reached}/{len(branches)}':>9}"
