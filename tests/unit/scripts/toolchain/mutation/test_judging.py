from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scripts.toolchain.errors import ToolFailedError
from scripts.toolchain.mutation.builds import Build, TestRun
from scripts.toolchain.mutation.judging import Bench, Outcome, Verdict
from scripts.toolchain.mutation.selections import Order
from tests.unit.scripts.toolchain.mutation.sources import PATH, mutants_of, source_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

BODY = "c = a + 1; d = b * 2;"


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


def judged(forge: FakeForge, body: str = BODY) -> dict[str, Outcome]:
    verdicts: list[Verdict] = []
    bench = Bench(forge, {PATH: source_of(body)}, Order())
    bench.judge(mutants_of(body), verdicts.append)
    assert len(verdicts) == len(mutants_of(body))
    return {verdict.mutant.change: verdict.outcome for verdict in verdicts}


def test_a_mutant_is_killed_by_the_first_test_that_fails() -> None:
    mutants = mutants_of(BODY)
    outcomes = judged(FakeForge(noticed=[mutants[0].number]))
    assert outcomes.pop(mutants[0].change) is Outcome.KILLED
    assert set(outcomes.values()) == {Outcome.SURVIVED}


def test_a_mutant_that_the_compiler_refuses_is_taken_out_of_its_build() -> None:
    outcomes = judged(FakeForge(refused=["c = a - 1;"]))
    refused = [change for change, outcome in outcomes.items() if outcome is Outcome.UNCOMPILED]
    assert refused == ["arithmetic: c = a + 1; -> c = a - 1;"]


def test_an_error_without_a_place_is_searched_for() -> None:
    forge = FakeForge(refused=["c = a - 1;"])
    forge.placed = False
    outcomes = judged(forge)
    refused = [change for change, outcome in outcomes.items() if outcome is Outcome.UNCOMPILED]
    assert refused == ["arithmetic: c = a + 1; -> c = a - 1;"]


def test_a_suite_that_fails_without_a_mutant_judges_nobody() -> None:
    forge = FakeForge()
    forge.sound = False
    with pytest.raises(ToolFailedError, match="without any mutant"):
        judged(forge)
