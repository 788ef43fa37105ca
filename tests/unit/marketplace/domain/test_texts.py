from __future__ import annotations

import pytest

from marketplace.domain.texts import printable

MARK = "\N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize(
    "sign",
    ["\x1b", "\n", "\r", "\t", "\x00", "\x7f", "\x9b", "\u202e", "\u2028", "\u200b", "\ud800"],
    ids=ascii,
)
def test_what_steers_a_terminal_or_cannot_be_seen_is_marked(sign: str) -> None:
    assert printable(f"a{sign}[2Jb") == f"a{MARK}[2Jb"


@pytest.mark.parametrize(
    "text", ["", "Zürich, 日本, €5", "👩\u200d💻", "\u0645\u06cc\u200c\u062e", "[/x]"]
)
def test_letters_stay_as_they_are(text: str) -> None:
    assert printable(text) == text


def test_spaces_of_other_kinds_are_shown_as_spaces() -> None:
    assert printable("L\u2019atelier\u00a0: piano") == "L\u2019atelier : piano"
    assert printable("\u6771\u4eac\u3000\u30d4\u30a2\u30ce") == "\u6771\u4eac \u30d4\u30a2\u30ce"
