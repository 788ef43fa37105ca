from __future__ import annotations

import pytest

from tests.unit.scripts.toolchain.mutation.sources import changes_of


def _signs(body: str) -> list[str]:
    """What becomes of the only comparison, by the signs of the changed statement."""
    found = [it.split(" -> ")[1] for it in changes_of(body, "comparison")]
    return [next(sign for sign in ("<=", ">=", "<", ">") if f" {sign} " in it) for it in found]


@pytest.mark.parametrize(
    "body",
    [
        "c = a > b ? a : b;",
        "return a > b ? b : a;",
        "f(c, a > b ? a : b);",
        "c = a.x > b.y ? a.x : b.y;",
        "c = a > b ? a - b : 0;",
        "c = a > b ? 0 : b - a;",
        "if (a > b) a = b;",
        "if (a > b) { b = a; }",
        "if (a > 7) a = 7;",
    ],
)
def test_equal_numbers_of_an_extreme_are_not_told_apart(body: str) -> None:
    assert _signs(body) == ["<"]


@pytest.mark.parametrize(
    "body",
    [
        "c = a > b ? a : d;",
        "c = a > b ? a : b + 1;",
        "c = a > b ? a - b : 1;",
        "c = d + a > b ? a : b;",
        "c = f(a) > b ? f(a) : b;",
        "c = d.e(a) > b ? a : b;",
        "if (a > b) a = d;",
        "if (a > b) a += b;",
        "if (a > b) a = b; else d = 1;",
        "if (a > b && d) a = b;",
        "while (a > b) a = b;",
        "if (a > b) revert R();",
    ],
)
def test_others_are(body: str) -> None:
    assert _signs(body) == [">=", "<"]


def test_each_sign_has_its_own_with_equals() -> None:
    assert _signs("c = a < b ? a : b;") == [">"]
    assert _signs("c = a <= b ? a : b;") == [">"]
    assert _signs("c = a >= b ? a : b;") == ["<"]
