from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.launch.positions import line_of, lines_of_fields

if TYPE_CHECKING:
    from collections.abc import Mapping

    from marketplace.launch.faults import Place

TEXT = '''\
# a comment = "with a key"
top = 1

[plain]  # a comment
text = """
inside = "no key"
[no.header]
"""
'single' = 2
list = [
  "a", # ] not the end
  "b",
]
after = 3
dotted.key."with.dots" = 4

[[rows]]
name = "first"
[rows.below]
x = 1

[[rows]]
name = "second"
inline = { a = 1, b = [1, 2] }
[[rows.inner]]
y = 1
[[rows.inner]]
y = 2
'''

LINES: Mapping[Place, int] = {
    ("top",): 2,
    ("plain",): 4,
    ("plain", "text"): 5,
    ("plain", "single"): 9,
    ("plain", "list"): 10,
    ("plain", "list", 1): 10,
    ("plain", "after"): 14,
    ("plain", "dotted"): 15,
    ("plain", "dotted", "key", "with.dots"): 15,
    ("rows",): 17,
    ("rows", 0): 17,
    ("rows", 0, "name"): 18,
    ("rows", 0, "below"): 19,
    ("rows", 0, "below", "x"): 20,
    ("rows", 1): 22,
    ("rows", 1, "name"): 23,
    ("rows", 1, "inline", "b", 1): 24,
    ("rows", 1, "inner", 0, "y"): 26,
    ("rows", 1, "inner", 1): 27,
    ("rows", 1, "inner", 1, "y"): 28,
}


@pytest.mark.parametrize(("place", "line"), LINES.items(), ids=str)
def test_each_field_is_found_on_its_line(place: Place, line: int) -> None:
    assert lines_of_fields(TEXT)[place] == line


def test_what_stands_inside_a_text_is_no_field() -> None:
    assert ("plain", "inside") not in lines_of_fields(TEXT)
    assert ("no",) not in lines_of_fields(TEXT)


def test_a_missing_field_has_the_line_of_its_table() -> None:
    assert line_of(lines_of_fields(TEXT), ("rows", 1, "price")) == 22


def test_a_missing_table_has_no_line() -> None:
    assert line_of(lines_of_fields(TEXT), ("refund", "until")) is None


def test_brackets_in_brackets_cost_nothing() -> None:
    text = "a = " + "[" * 150 + "]" * 150
    assert max(len(place) for place in lines_of_fields(text)) < 10


def places_in(value: object) -> list[Place]:
    """Every place in what TOML reads."""
    children = (
        list(value.items())
        if isinstance(value, dict)
        else list(enumerate(value))
        if isinstance(value, list)
        else []
    )
    return [
        place
        for step, child in children
        for place in [(step,), *((step, *p) for p in places_in(child))]
    ]


VALUES = st.sampled_from(["1", '"x = 1"', "'''\n[a]\n'''", "[\n1,\n2,\n]", "{ q = 1 }", "1.5"])


@given(st.lists(st.tuples(st.sampled_from(["a", "b.c", '"d e"']), VALUES), max_size=6))
def test_no_field_that_toml_reads_is_without_a_line(rows: list[tuple[str, str]]) -> None:
    text = "".join(f"[[rows]]\n{key} = {value}\n" for key, value in rows)
    lines = lines_of_fields(text)
    assert set(lines) == set(places_in(tomllib.loads(text)))
    heads = [line for line, words in enumerate(text.split("\n"), 1) if words == "[[rows]]"]
    assert [lines["rows", index] for index in range(len(rows))] == heads
