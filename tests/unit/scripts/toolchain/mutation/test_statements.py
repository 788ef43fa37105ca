from __future__ import annotations

from scripts.toolchain.mutation.statements import declared, read_source
from scripts.toolchain.tokens import tokens_of
from tests.unit.scripts.toolchain.mutation.sources import source_of


def _kinds(body: str) -> list[str]:
    _, sites = read_source(source_of(body))
    return [site.kind for site in sites]


def _names(statement: str) -> list[str]:
    return [name[-1].text for name in declared(tokens_of(statement))]


def test_simple_statements_are_told_apart() -> None:
    body = "uint256 c = 1; c = a; f(c); emit E(c); revert R(c);"
    assert _kinds(body) == ["declaration", "expression", "expression", "emit", "revert"]


def test_nothing_outside_of_functions_is_a_site() -> None:
    assert read_source(
        'import {A} from "a";\nuint256 constant B = 1;\nstruct C { uint256 d; }'
    ) == ([], [])


def test_a_function_without_a_body_has_no_sites() -> None:
    assert read_source("interface I { function f(uint256 a) external; }") == ([], [])


def test_a_condition_that_only_leads_to_a_refusal_is_a_guard() -> None:
    _, sites = read_source(source_of("if (a < b) revert R(); if (a == b) { _refuse(1); }"))
    assert [site.guard for site in sites if site.kind == "condition"] == [True, True]


def test_a_condition_with_another_branch_is_no_guard() -> None:
    _, sites = read_source(source_of("if (a < b) revert R(); else f();"))
    assert [site.guard for site in sites if site.kind == "condition"] == [False]


def test_only_the_condition_of_a_loop_is_a_site() -> None:
    assert _kinds("for (uint256 i; i < a; ++i) { f(i); }") == ["condition", "expression"]


def test_call_options_are_not_taken_for_a_block() -> None:
    body = "try A(b).c{value: a}(a) { f(); } catch (bytes memory d) { g(d); }"
    assert _kinds(body) == ["expression", "expression"]


def test_assembly_is_one_site() -> None:
    assert _kinds('assembly ("memory-safe") { let c := add(a, b) } f();') == [
        "assembly",
        "expression",
    ]


def test_a_statement_knows_the_one_above_it_in_its_own_block() -> None:
    _, sites = read_source(source_of("f(); if (a < b) { g(); } h(); i();"))
    above = {site.tokens[0].text: site.before for site in sites if site.kind == "expression"}
    assert above["g"] is None
    assert above["h"] is None
    assert above["i"] is not None
    assert above["i"].tokens[0].text == "h"


def test_declarations_name_what_they_declare() -> None:
    assert _names("Drop storage drop = drops[id];") == ["drop"]
    assert _names("bytes32[] calldata hashes;") == ["hashes"]
    assert _names("(address owner, SeatWord word) = f();") == ["owner", "word"]
    assert _names("(, SeatWord word) = f();") == ["word"]


def test_assignments_and_deletions_declare_nothing() -> None:
    assert _names("(owner, word) = f();") == []
    assert _names("drops[id].rules = a;") == []
    assert _names("delete drop;") == []
