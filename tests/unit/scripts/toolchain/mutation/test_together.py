from __future__ import annotations

import pytest

from scripts.toolchain.errors import ToolFailedError
from scripts.toolchain.mutation.catalogue import all_mutants
from scripts.toolchain.mutation.together import apart, put_in, require_unnoticed
from tests.unit.scripts.toolchain.mutation.fakes import FakeForge
from tests.unit.scripts.toolchain.mutation.sources import PATH, source_of

BODY = "a = 1;\nb = 2;\nemit E(c);\nd = b > 7 ? b : 7;\nf(d);"
SOURCES = {PATH: source_of(BODY)}
VAIN = all_mutants(SOURCES, vain=True)


def test_only_what_nobody_can_tell_is_vain() -> None:
    assert [it.change.split(":")[0] for it in VAIN] == ["order", "order", "order", "comparison"]
    assert not {it.change for it in VAIN} & {it.change for it in all_mutants(SOURCES)}


def test_neighbours_that_share_a_statement_go_into_other_groups() -> None:
    groups = [[it.change.split(" -> ")[1] for it in group] for group in apart(VAIN)]
    assert groups == [
        ["b = 2; a = 1;", "d = b > 7 ? b : 7; emit E(c);"],
        ["emit E(c); b = 2;", "d = b >= 7 ? b : 7;"],
    ]


def test_all_faults_of_a_group_are_put_in() -> None:
    first, second = apart(VAIN)
    assert put_in(SOURCES[PATH], [it.fault for it in first]) == source_of(
        "b = 2;\na = 1;\nd = b > 7 ? b : 7;\nemit E(c);\nf(d);"
    )
    assert put_in(SOURCES[PATH], [it.fault for it in second]) == source_of(
        "a = 1;\nemit E(c);\nb = 2;\nd = b >= 7 ? b : 7;\nf(d);"
    )


def test_what_nobody_notices_passes() -> None:
    forge = FakeForge()
    require_unnoticed(forge, SOURCES, VAIN)
    assert "emit E(c);\nb = 2;" in forge.sources[PATH]


def test_what_somebody_notices_is_no_vain_fault() -> None:
    forge = FakeForge()
    forge.sound = False
    with pytest.raises(ToolFailedError, match="notices what is no mutant"):
        require_unnoticed(forge, SOURCES, VAIN)


def test_what_does_not_compile_proves_nothing() -> None:
    with pytest.raises(ToolFailedError, match="forge build"):
        require_unnoticed(FakeForge(refused=["b = 2;"]), SOURCES, VAIN)
