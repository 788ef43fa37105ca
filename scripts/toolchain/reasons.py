"""Why something that a tool finds is as it should be, as a page of docs/ says in its table.

Owns reading such tables: of mutants that survive and of branches that no test takes. Lines of a
source move, so a finding is known by its file and its change; the line decides only between several
that change the same.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_ROW: Final = re.compile(r"^\| `(contracts/[\w/.]+):(\d+)` \| `(.+)` \| (.+) \|$")


class Finding(Protocol):
    """Something in a `line` of a `source`; `change` says what it is, without the place."""

    @property
    def number(self) -> int:
        """No other finding of the same run has it."""

    @property
    def source(self) -> str:
        """A path below the project."""

    @property
    def line(self) -> int:
        """The first is 1."""

    @property
    def change(self) -> str:
        """What was found there, in one line."""


_Some = TypeVar("_Some", bound=Finding)


def explained(page: str, findings: Iterable[Finding]) -> dict[int, str]:
    """The reason of each of all `findings` that the table of `page` names, by its number."""
    return {
        finding.number: reason for named, _, reason in _read(page, findings) for finding in named
    }


def idle(page: str, findings: Iterable[Finding]) -> list[str]:
    """The lines of the table of `page` that explain none of `findings`."""
    return [line for named, line, _ in _read(page, findings) if not named]


def row(finding: Finding, reason: str) -> str:
    """The line of the table about `finding`."""
    change = finding.change.replace("|", "\\|")
    return f"| `{finding.source}:{finding.line}` | `{change}` | {reason} |"


def _read(page: str, findings: Iterable[_Some]) -> Iterator[tuple[list[_Some], str, str]]:
    """Each line of the table: which findings it names, the line itself, and its reason."""
    alike: dict[tuple[str, str], list[_Some]] = defaultdict(list)
    for finding in findings:
        alike[finding.source, finding.change].append(finding)
    for match in map(_ROW.match, page.splitlines()):
        if match is None:
            continue
        source, line, change, reason = match.groups()
        named = alike[source, change.replace("\\|", "|")]
        if len(named) > 1:
            named = [finding for finding in named if finding.line == int(line)]
        yield named, match.group(), reason
