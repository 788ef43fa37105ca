"""`python -m scripts.toolchain.mutation`: how many faults in the contracts the tests notice.

Owns the options. Survivors fail nothing: whether one matters is a person's judgement, which
docs/mutation.md keeps.
"""

from __future__ import annotations

import argparse
import sys
from functools import partial
from typing import TYPE_CHECKING, Final

from scripts.toolchain.command import run, say
from scripts.toolchain.copies import copy_of
from scripts.toolchain.mutation.builds import CopiedForge
from scripts.toolchain.mutation.campaign import Campaign
from scripts.toolchain.mutation.catalogue import all_mutants, chosen, read_contracts
from scripts.toolchain.mutation.together import require_unnoticed
from scripts.toolchain.project import REPOSITORY, Project
from scripts.toolchain.reasons import explained

if TYPE_CHECKING:
    from collections.abc import Sequence

DEFAULT_COUNT: Final = 360
DEFAULT_GROUP: Final = 60
EVERY: Final = "all"


def main(arguments: Sequence[str] | None = None, project: Project = REPOSITORY) -> int:
    """Run the command and return its exit code: 0 whenever all mutants were judged."""
    return run(partial(_mutate, _options(arguments), project))


def _mutate(options: argparse.Namespace, project: Project) -> int:
    sources = read_contracts(project.root)
    everything = all_mutants(sources, vain=options.vain)
    candidates = [mutant for mutant in everything if str(mutant).startswith(options.only)]
    some = chosen(candidates, options.mutants, options.seed)
    say(f"{len(some)} of {len(everything)} mutants, seed {options.seed}.")
    if options.list:
        for mutant in some:
            say(str(mutant))
        return 0
    if options.vain:
        require_unnoticed(CopiedForge(copy_of(project, "mutation/0")), sources, some)
        return 0
    page = project.root / "docs" / "mutation.md"
    known = page.read_text(encoding="utf-8") if page.is_file() else ""
    reasons = explained(known, everything)
    Campaign(project, sources, some, reasons).run(options.workers, options.group)
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.toolchain.mutation",
        description="Put small faults into copies of the contracts and count which tests notice.",
    )
    parser.add_argument("--mutants", type=_count, default=DEFAULT_COUNT, help="a number, or all")
    parser.add_argument("--seed", type=int, default=1, help="chooses the mutants")
    parser.add_argument("--workers", type=int, default=2, help="copies that work side by side")
    parser.add_argument("--group", type=int, default=DEFAULT_GROUP, help="mutants in one build")
    parser.add_argument("--only", default="", help="what path:line of a mutant begins with")
    parser.add_argument(
        "--vain", action="store_true", help="those that nobody can tell, to see that it is so"
    )
    parser.add_argument("--list", action="store_true", help="name the mutants and stop")
    return parser.parse_args(arguments)


def _count(text: str) -> int | None:
    return None if text == EVERY else int(text)


if __name__ == "__main__":
    sys.exit(main())
