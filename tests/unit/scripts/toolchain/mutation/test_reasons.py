from __future__ import annotations

from scripts.toolchain.mutation.reasons import read_reasons, row
from tests.unit.scripts.toolchain.mutation.sources import mutants_of


def test_a_row_is_read_as_it_was_written() -> None:
    mutant = next(it for it in mutants_of("c = a | b;") if it.operator == "bits")
    page = f"# A page\n\n| where | change | reason |\n|---|---|---|\n{row(mutant, 'never both')}\n"
    assert read_reasons(page) == {(mutant.source, mutant.change): "never both"}


def test_other_tables_are_not_read() -> None:
    assert read_reasons("| a | b | c |\n|---|---|---|\n| `make x` | y | z |") == {}


def test_a_line_may_move() -> None:
    row_before = "| `contracts/A.sol:3` | `check: a -> b` | because |"
    assert read_reasons(row_before) == read_reasons(row_before.replace(":3", ":30"))
