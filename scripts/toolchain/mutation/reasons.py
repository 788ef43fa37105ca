"""Why a survivor survives, as docs/mutation.md says in its table.

Owns reading that table. Lines of a source move, so a survivor is known by its file and its change;
the line decides only between several that change the same.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scripts.toolchain.mutation.mutant import Mutant

_ROW: Final = re.compile(r"^\| `(contracts/[\w/.]+):(\d+)` \| `(.+)` \| (.+) \|$")


def explained(page: str, mutants: Iterable[Mutant]) -> dict[int, str]:
    """The reason of each of all `mutants` that the table of `page` names, by its number."""
    alike: dict[tuple[str, str], list[Mutant]] = defaultdict(list)
    for mutant in mutants:
        alike[mutant.source, mutant.change].append(mutant)
    reasons: dict[int, str] = {}
    for match in map(_ROW.match, page.splitlines()):
        if match is None:
            continue
        source, line, change, reason = match.groups()
        named = alike[source, change.replace("\\|", "|")]
        for mutant in named:
            if len(named) == 1 or mutant.line == int(line):
                reasons[mutant.number] = reason
    return reasons


def row(mutant: Mutant, reason: str) -> str:
    """The line of the table about `mutant`."""
    change = mutant.change.replace("|", "\\|")
    return f"| `{mutant.source}:{mutant.line}` | `{change}` | {reason} |"
