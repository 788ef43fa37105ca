from __future__ import annotations

import pytest

from scripts.toolchain.tokens import closing, tokens_of


def test_comments_and_blanks_are_no_tokens() -> None:
    assert [token.text for token in tokens_of("a /* b < c */ < // d\n e")] == ["a", "<", "e"]


def test_a_string_is_one_token_whatever_stands_in_it() -> None:
    assert [token.text for token in tokens_of('f("a < \\"b\\"")')] == [
        "f",
        "(",
        '"a < \\"b\\""',
        ")",
    ]


def test_the_longest_sign_is_read() -> None:
    assert [token.text for token in tokens_of("a <<= b << c <= d")][1::2] == ["<<=", "<<", "<="]


def test_a_token_knows_its_place() -> None:
    source = "uint256 value = 1_000;"
    assert all(source[token.start : token.end] == token.text for token in tokens_of(source))


def test_brackets_of_all_kinds_are_matched() -> None:
    assert closing(tokens_of("(a[{b}] c) d"), 0) == 8


def test_a_bracket_that_nothing_closes_is_refused() -> None:
    with pytest.raises(ValueError, match="closes"):
        closing(tokens_of("(a"), 0)
