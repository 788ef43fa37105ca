from __future__ import annotations

import pytest

from scripts.toolchain.mutation.paths import asked_by, path_from, path_to
from scripts.toolchain.tokens import tokens_of


@pytest.mark.parametrize(
    ("text", "name", "indexed"),
    [
        ("a", "a", False),
        ("a.b", "b", False),
        ("a[i]", "a", True),
        ("a.b[f(i)][j]", "b", True),
        ("a.b[i].c", "c", False),
    ],
)
def test_a_path_is_named_by_its_last_name(text: str, name: str, *, indexed: bool) -> None:
    tokens = tokens_of(text)
    for place, looked_up in (path_to(tokens, len(tokens) - 1), path_from(tokens, 0)):
        assert (tokens[place].text, looked_up) == (name, indexed)


def test_a_path_ends_before_what_follows() -> None:
    tokens = tokens_of("a.b = c.d;")
    place, _ = path_from(tokens, 0)
    assert tokens[place].text == "b"


@pytest.mark.parametrize(
    ("text", "called"),
    [("f(a)", "f"), ("f(b, a, c)", "f"), ("g(f(b), [c], a)", "g"), ("x.f(a)", "f")],
)
def test_a_whole_argument_belongs_to_its_call(text: str, called: str) -> None:
    tokens = tokens_of(text)
    place = asked_by(tokens, next(i for i, token in enumerate(tokens) if token.text == "a"))
    assert place is not None
    assert tokens[place].text == called


@pytest.mark.parametrize("text", ["f(a.b)", "f(a[0])", "f(a + 1)", "(a, b) = c", "f([a, b])", "a"])
def test_a_part_of_an_argument_belongs_to_none(text: str) -> None:
    tokens = tokens_of(text)
    assert asked_by(tokens, next(i for i, it in enumerate(tokens) if it.text == "a")) is None
