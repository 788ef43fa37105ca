from __future__ import annotations

import json

from scripts.toolchain.mutation.campaign import grouped, summary
from scripts.toolchain.mutation.judging import Outcome, Verdict
from tests.unit.scripts.toolchain.mutation.sources import mutants_of


def test_what_does_not_compile_is_not_counted() -> None:
    first, second, third = mutants_of("c = a * 2;")[:3]
    verdicts = [
        Verdict(first, Outcome.KILLED, "tests/contracts/A.t.sol"),
        Verdict(second, Outcome.SURVIVED),
        Verdict(third, Outcome.UNCOMPILED),
    ]
    assert json.loads(summary(verdicts)) == {
        "mutants": 2,
        "killed": 1,
        "killed_share": 0.5,
        "survivors": [str(second)],
    }


def test_nothing_judged_is_no_share() -> None:
    assert json.loads(summary([]))["killed_share"] == 0.0


def test_groups_have_their_size_and_what_has_no_switch_is_alone() -> None:
    mutants = mutants_of("c = a + 1;", "function act() external nonReentrant")
    sizes = [len(group) for group in grouped(mutants, 2)]
    assert sizes == [2, 2, 1]
    assert not grouped(mutants, 2)[-1][0].fault.switchable
