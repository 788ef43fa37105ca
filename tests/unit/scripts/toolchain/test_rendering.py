from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from scripts.toolchain.rendering import render

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), VALUES, max_size=4))
def test_what_is_rendered_is_the_same_json(document: dict[str, object]) -> None:
    assert json.loads(render(document)) == document


def test_each_entry_of_a_list_has_a_line_and_keys_are_sorted() -> None:
    text = render({"b": [{"y": 1, "x": [2]}, {}], "a": "0x60"})

    assert text == '{\n  "a": "0x60",\n  "b": [\n    {"y": 1, "x": [2]},\n    {}\n  ]\n}\n'
