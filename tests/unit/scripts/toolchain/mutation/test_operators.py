from __future__ import annotations

from tests.unit.scripts.toolchain.mutation.sources import changes_of, mutants_of


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


def test_a_refusal_is_dropped_and_turned_round() -> None:
    assert changes_of("if (a < b) revert R();", "check") == ["a < b -> false", "a < b -> !(a < b)"]


def test_an_equation_is_turned_round_once() -> None:
    assert changes_of("if (a == b) revert R();", "check") == ["a == b -> false"]


def test_a_branch_is_always_and_never_taken() -> None:
    assert changes_of("if (a < b) f();", "branch") == ["a < b -> false", "a < b -> true"]


def test_effects_and_events_are_left_out_and_declarations_are_not() -> None:
    body = "uint256 c = a; f(c); emit E(c);"
    assert changes_of(body, "effect") == ["f(c); -> (nothing)"]
    assert changes_of(body, "emit") == ["emit E(c); -> (nothing)"]


def test_neighbouring_calls_change_places() -> None:
    assert changes_of("f(); g();", "order") == ["f(); g(); -> g(); f();"]


def test_assignments_that_do_not_know_each_other_keep_their_places() -> None:
    assert changes_of("a[i] = 1; b[i] = 2;", "order") == []
    assert changes_of("a = 1; b = a;", "order") == ["a = 1; b = a; -> b = a; a = 1;"]
    assert changes_of("a = 1; emit E(a);", "order") == ["a = 1; emit E(a); -> emit E(a); a = 1;"]


def test_answers_change_by_their_type() -> None:
    yes = "function f() view returns (bool)"
    number = "function f() view returns (uint256 total)"
    account = "function f() view returns (address)"
    assert changes_of("return a;", "return", yes) == ["return a; -> return !(a);"]
    assert changes_of("return a;", "return", number) == [
        "return a; -> return 0;",
        "return a; -> return a + 1;",
    ]
    assert changes_of("return a;", "return", account) == ["return a; -> return address(0);"]


def test_several_results_are_not_changed() -> None:
    assert changes_of("return (a, b);", "return", "function f() view returns (bool, bool)") == []


def test_modifiers_are_left_out_without_a_switch() -> None:
    head = "function act() external payable nonReentrant"
    assert changes_of("f();", "modifier", head) == ["nonReentrant -> (nothing)"]
    assert [it.fault.switchable for it in mutants_of("f();", head)] == [False, True]


def test_comments_and_strings_are_never_mutated() -> None:
    assert changes_of('f("a < 1"); // b < 2', "comparison") == []
    assert changes_of('f("a < 1"); // b < 2', "bounds") == []
