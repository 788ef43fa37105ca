from __future__ import annotations

import pytest

from scripts.toolchain.errors import ToolFailedError
from scripts.toolchain.mutation.judging import Bench, Outcome, Verdict
from scripts.toolchain.mutation.selections import Order
from tests.unit.scripts.toolchain.mutation.fakes import FakeForge
from tests.unit.scripts.toolchain.mutation.sources import PATH, mutants_of, source_of

BODY = "c = a + 1; d = b * 2;"


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
