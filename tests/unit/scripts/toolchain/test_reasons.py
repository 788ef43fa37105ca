from __future__ import annotations

from scripts.toolchain.reasons import explained, idle, row
from tests.unit.scripts.toolchain.mutation.sources import mutants_of


def test_a_row_is_read_as_it_was_written() -> None:
    mutants = mutants_of("c = a | b;")
    mutant = next(it for it in mutants if it.operator == "bits")
    page = f"# A page\n\n| where | change | why |\n|---|---|---|\n{row(mutant, 'never both')}\n"
    assert explained(page, mutants) == {mutant.number: "never both"}


def test_other_tables_are_not_read() -> None:
    assert (
        explained("| a | b | c |\n|---|---|---|\n| `make x` | y | z |", mutants_of("c = a;")) == {}
    )


def test_a_line_may_move() -> None:
    before, after = mutants_of("f(a);"), mutants_of("\n\nf(a);")
    page = row(before[0], "because")
    assert explained(page, after) == {after[0].number: "because"}


def test_of_several_that_change_the_same_only_the_one_of_that_line_is_explained() -> None:
    mutants = [it for it in mutants_of("f(a);\nc = b;\nf(a);") if it.before == "f(a);"]
    assert len(mutants) == 2
    assert explained(row(mutants[1], "because"), mutants) == {mutants[1].number: "because"}


def test_a_line_that_explains_nothing_is_found() -> None:
    mutants = mutants_of("f(a);")
    gone = row(mutants[0], "because").replace("f(a)", "g(a)")
    assert idle(f"{row(mutants[0], 'because')}\n{gone}\n", mutants) == [gone]


def test_a_line_about_another_place_that_changes_the_same_is_found() -> None:
    mutants = [it for it in mutants_of("f(a);\nc = b;\nf(a);") if it.before == "f(a);"]
    page = row(mutants[1], "because").replace(f":{mutants[1].line}`", ":999`")
    assert idle(page, mutants) == [page]
