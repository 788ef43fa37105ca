from __future__ import annotations

from tests.unit.scripts.toolchain.mutation.sources import changes_of, mutants_of


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


def test_statements_that_nobody_can_tell_apart_keep_their_places() -> None:
    assert changes_of("a = 1; b = 2;", "order") == []
    assert changes_of("a = 1; emit E(b);", "order") == []
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
