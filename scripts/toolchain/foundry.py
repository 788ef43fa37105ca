"""`python -m scripts.toolchain.foundry …`: Foundry's forge, with two commands of our own.

`gas --check|--write` and `coverage` are ours; everything else goes to forge as it is. Owns
finding forge's binary in node_modules. Refuses `npx forge`, which exits 0 when tests fail.
"""

from __future__ import annotations

import os
import platform
import sys
from typing import TYPE_CHECKING

from scripts.toolchain import gas
from scripts.toolchain.command import run
from scripts.toolchain.coverage import report
from scripts.toolchain.forge import forge_binary
from scripts.toolchain.project import REPOSITORY, Project

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None, project: Project = REPOSITORY) -> int:
    """Run the command; forge replaces this process, so that its exit code is ours."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    match given:
        case ["gas", *rest]:
            return gas.main(rest, project)
        case ["coverage", *rest]:
            return report.main(rest, project)
        case _:
            return run(lambda: _exec(given, project))


def _exec(arguments: Sequence[str], project: Project) -> int:
    binary = forge_binary(project, sys.platform, platform.machine())
    os.chdir(project.root)
    os.execv(binary, [str(binary), *arguments])  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    sys.exit(main())
