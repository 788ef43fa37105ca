"""Forge without forge, for the tests of mutation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.toolchain.mutation.builds import Build, TestRun
from tests.unit.scripts.toolchain.mutation.sources import PATH

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class FakeForge:
    """Refuses sources with a text of `refused`, and notices the switches of `noticed`."""

    def __init__(self, refused: Sequence[str] = (), noticed: Sequence[int] = ()) -> None:
        self.refused = refused
        self.noticed = noticed
        self.placed = True
        self.sound = True
        self.sources: Mapping[str, str] = {}

    def write(self, sources: Mapping[str, str]) -> None:
        self.sources = dict(sources)

    def build(self, timeout: float) -> Build:
        del timeout
        lines = self.sources[PATH].splitlines()
        bad = [n for n, line in enumerate(lines, 1) if any(text in line for text in self.refused)]
        places = tuple((PATH, line) for line in bad) if self.placed else ()
        return Build(compiled=not bad, places=places, unplaced=not self.placed)

    def test(self, selection: Sequence[str], switch: int, timeout: float) -> TestRun:
        del selection, timeout
        passed = self.sound if switch == 0 else switch not in self.noticed
        return TestRun(passed=passed, failed_in="" if passed else "tests/contracts/A.t.sol")
