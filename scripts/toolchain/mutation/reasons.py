"""Why a survivor survives, as docs/mutation.md says in its table.

Owns reading that table. Lines of a source move, so a survivor is known by its file and its change.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scripts.toolchain.mutation.mutant import Mutant

_CELL = re.compile(r"(?<!\\)\|")


def read_reasons(page: str) -> dict[tuple[str, str], str]:
    """The reason of each survivor in the table of `page`, by file and change."""
    reasons: dict[tuple[str, str], str] = {}
    for line in page.splitlines():
        cells = [cell.strip() for cell in _CELL.split(line.strip())][1:-1]
        if len(cells) == 3 and cells[0].startswith("`contracts/"):  # noqa: PLR2004 - columns
            file = cells[0].strip("`").split(":")[0]
            change = cells[1].strip("`").replace("\\|", "|")
            reasons[file, change] = cells[2]
    return reasons


def row(mutant: Mutant, reason: str) -> str:
    """The line of the table about `mutant`."""
    change = mutant.change.replace("|", "\\|")
    return f"| `{mutant.source}:{mutant.line}` | `{change}` | {reason} |"
