from __future__ import annotations

from tests.unit.scripts.toolchain.mutation.sources import changes_of


def test_each_comparison_becomes_its_neighbours() -> None:
    assert changes_of("if (a < b) f();", "comparison") == ["a < b -> a <= b", "a < b -> a > b"]


def test_a_sign_before_an_operand_is_no_arithmetic() -> None:
    assert changes_of("c = -a;", "arithmetic") == []
    assert changes_of("c = b - a;", "arithmetic") == ["c = b - a; -> c = b + a;"]


def test_a_negation_is_left_out() -> None:
    assert changes_of("c = !a;", "boolean") == ["c = !a; -> c = a;"]


def test_numbers_move_both_ways_and_never_below_zero() -> None:
    assert changes_of("c = 7;", "bounds") == ["c = 7; -> c = 8;", "c = 7; -> c = 6;"]
    assert changes_of("c = 0;", "bounds") == ["c = 0; -> c = 1;"]


def test_a_constant_moves_where_it_is_used() -> None:
    body = "c = MOST; } uint256 private constant MOST = 9; function other() external {"
    assert changes_of(body, "bounds") == [
        "c = MOST; -> c = (MOST + 1);",
        "c = MOST; -> c = (MOST - 1);",
    ]


def test_a_name_in_capitals_that_is_no_number_stays() -> None:
    assert changes_of("c = Gate.PUBLIC;", "bounds") == []


def test_functions_of_assembly_are_exchanged() -> None:
    assert changes_of("assembly { c := add(a, b) }", "assembly") == [
        "assembly { c := add(a, b) } -> assembly { c := sub(a, b) }"
    ]


def test_comments_and_strings_are_never_mutated() -> None:
    assert changes_of('f("a < 1"); // b < 2', "comparison") == []
    assert changes_of('f("a < 1"); // b < 2', "bounds") == []
