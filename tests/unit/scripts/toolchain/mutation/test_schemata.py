from __future__ import annotations

from scripts.toolchain.mutation.schemata import replaced, switched
from tests.unit.scripts.toolchain.mutation.sources import PATH, mutants_of, source_of


def _switched(body: str, operator: str) -> str:
    mutants = [mutant for mutant in mutants_of(body) if mutant.operator == operator]
    text = switched(PATH, source_of(body), mutants).text
    for number, mutant in enumerate(mutants, 1):
        text = text.replace(f"mutated({mutant.number})", f"mutated(n{number})")
    return " ".join(text.split())


def test_a_statement_is_one_of_its_mutants_or_itself() -> None:
    assert "{ if (mutated(n1)) { c = a - b; } else { c = a + b; } }" in _switched(
        "c = a + b;", "arithmetic"
    )


def test_a_condition_asks_the_switches_first() -> None:
    text = _switched("if (a < b) revert R();", "comparison")
    assert "if (( mutated(n1) ? (a <= b) : mutated(n2) ? (a > b) : (a < b)) ) revert R();" in text


def test_a_declaration_outlives_its_switches() -> None:
    text = _switched("uint256 c = a + b; f(c);", "arithmetic")
    assert "uint256 c; if (mutated(n1)) { c = a - b; } else { c = a + b; } f(c);" in text


def test_a_tuple_keeps_its_holes() -> None:
    text = _switched("(, Word word) = f(a + b);", "arithmetic")
    assert (
        "Word word; if (mutated(n1)) { (, word) = f(a - b); } else { (, word) = f(a + b); }" in text
    )


def test_a_swap_moves_the_second_statement_up() -> None:
    text = _switched("f(); g();", "order")
    assert "if (mutated(n1)) { g(); } f(); if (mutated(n1)) { } else { g(); }" in text


def test_the_switch_is_imported_from_where_the_source_lies() -> None:
    mutants = mutants_of("f();")
    assert 'from "../Mutants.sol"' in switched(PATH, source_of("f();"), mutants).text
    assert 'from "./Mutants.sol"' in switched("contracts/A.sol", source_of("f();"), mutants).text


def test_lines_of_a_mutant_are_its_own() -> None:
    body = "c = a + b;"
    mutants = [mutant for mutant in mutants_of(body) if mutant.operator == "arithmetic"]
    result = switched(PATH, source_of(body), mutants)
    lines = result.text.splitlines()
    number = mutants[0].number
    assert [lines[line - 1] for line, owners in result.owners.items() if owners == {number}].count(
        "c = a - b;"
    ) == 1


def test_a_mutant_alone_needs_no_switch() -> None:
    body = "f(); g();"
    swap = next(mutant for mutant in mutants_of(body) if mutant.operator == "order")
    assert " ".join(replaced(source_of(body), swap).split()) == " ".join(
        source_of("g(); f();").split()
    )
