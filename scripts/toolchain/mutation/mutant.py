"""One fault; refuses to know how it is built and who notices it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scripts.toolchain.mutation.statements import Site


@dataclass(frozen=True, slots=True)
class Fault:
    """What becomes of a site: its whole `text` from now on, by which `operator`.

    `start` and `end` are the part that changes. `early` is the site before which the site's old
    text is put: two statements change places. A `vain` fault changes nothing that anybody could
    tell: it is no mutant.
    """

    operator: str
    site: Site
    text: str
    start: int
    end: int
    early: Site | None = None
    switchable: bool = True
    vain: bool = False


@dataclass(frozen=True, slots=True)
class Mutant:
    """A fault with its number, in the source (a path below the project) that it changes."""

    number: int
    source: str
    line: int
    before: str
    after: str
    fault: Fault

    @property
    def operator(self) -> str:
        """Which kind of fault it is."""
        return self.fault.operator

    @property
    def change(self) -> str:
        """What it does, without the place: `operator: before -> after`."""
        return f"{self.operator}: {self.before} -> {self.after}"

    def __str__(self) -> str:
        """As reports and docs/mutation.md name it."""
        return f"{self.source}:{self.line} {self.change}"
