from __future__ import annotations

import pytest

from scripts.toolchain.coverage.places import ARM, ASSEMBLY, CONDITION, FUNCTION, places_of


def within(body: str) -> list[tuple[str, str]]:
    """Kind and text of each place in a function with this body, but for the function itself."""
    source = f"contract A {{ function f() external {{ {body} }} }}"
    found = places_of(source)
    assert (found[0].kind, found[0].text) == (FUNCTION, "f")
    return [(place.kind, place.text) for place in found[1:]]


def conditions(body: str) -> list[str]:
    found = within(body)
    assert {kind for kind, _ in found} <= {CONDITION}
    return [text for _, text in found]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("x = y;", []),
        ("if (a < b) x = y;", ["a < b"]),
        ("if (a) { x = y; } else if (b) { x = z; } else { return; }", ["a", "b"]),
        ("while (a) x = y;", ["a"]),
        ("do { x = y; } while (a);", ["a"]),
        ("for (uint256 i = c ? 1 : 2; i < n; i = d ? 3 : 4) x = y;", ["c", "i < n", "d"]),
        ("for (;;) { if (a) break; }", ["a"]),
        ("unchecked { if (a) x = y; }", ["a"]),
    ],
)
def test_what_statements_ask_is_a_condition(body: str, expected: list[str]) -> None:
    assert conditions(body) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("if (a && b || c) x = y;", ["a", "b", "c"]),
        ("return a == b && !c;", ["a == b", "!c"]),
        ("bool x = f(a, b) || c;", ["f(a, b)", "c"]),
        ("x = f(a && b, c);", ["a", "b"]),
        ("if (a || (b && c)) x = y;", ["a", "b", "c"]),
        ("if (!(a && b)) x = y;", ["a", "b"]),
        ("if (f(a && b)) x = y;", ["f(a && b)", "a", "b"]),
        ("emit E(a && b);", ["a", "b"]),
        ("x = y; return a || b;", ["a", "b"]),
        ("if (a) { x = y; } return b || c;", ["a", "b", "c"]),
    ],
)
def test_each_operand_is_a_condition_instead_of_the_whole(body: str, expected: list[str]) -> None:
    assert conditions(body) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("x = a == b ? c : d;", ["a == b"]),
        ("x = a ? b : c ? d : e;", ["a", "c"]),
        ("x += f(a ? b : c);", ["a"]),
        ("return (a ? b : c, d ? e : g);", ["a", "d"]),
        ("x = a && b ? c : d;", ["a", "b"]),
        ("x = (a && b) ? c : d;", ["a", "b"]),
        ("if (a ? b : c) x = y;", ["a ? b : c", "a"]),
        ("x.f{value: a ? b : c}(d);", ["a"]),
        ("revert E({a: b ? c : d});", ["b"]),
    ],
)
def test_what_chooses_between_two_values_is_a_condition(body: str, expected: list[str]) -> None:
    assert conditions(body) == expected


def test_each_arm_of_a_try_is_a_place_and_so_is_what_is_in_it() -> None:
    body = "try g.h{value: a ? 1 : 2}(b) { if (c) x = y; } catch (bytes memory) { if (d) x = z; }"
    assert within(body) == [
        (CONDITION, "a"),
        (ARM, "try"),
        (CONDITION, "c"),
        (ARM, "catch"),
        (CONDITION, "d"),
    ]


def test_what_assembly_decides_is_found() -> None:
    body = 'assembly ("memory-safe") { if iszero(x) { revert(0, 0) } switch y case 0 { } } x = y;'
    assert within(body) == [(ASSEMBLY, "if iszero(x)"), (ASSEMBLY, "switch y")]


def test_every_body_is_a_place_under_its_name() -> None:
    source = """
        function free(uint256 a) pure returns (uint256) { return a; }
        contract A {
            bool internal constant B = true && false;
            modifier once() { _; }
            constructor() C(1) { }
            function f() external virtual;
            receive() external payable { }
            fallback() external payable { }
        }
    """
    assert [(place.kind, place.text) for place in places_of(source)] == [
        (FUNCTION, "free"),
        (FUNCTION, "once"),
        (FUNCTION, "constructor"),
        (FUNCTION, "receive"),
        (FUNCTION, "fallback"),
    ]


def test_comments_and_strings_decide_nothing() -> None:
    assert within('/* if (a) */ x = "if (b && c)"; // d ? e : f\n') == []
