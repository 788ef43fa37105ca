"""The words and signs of Solidity text, each with its place.

Owns telling code from comments and strings. Refuses to understand: what belongs together is said
by who reads them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_PATTERN: Final = re.compile(
    r"""
    (?P<skip>\s+|//[^\n]*|/\*.*?\*/)
    |(?P<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')
    |(?P<number>0[xX][0-9a-fA-F_]+|[0-9][0-9_]*(?:[eE][0-9]+)?)
    |(?P<word>[A-Za-z_$][A-Za-z0-9_$]*)
    |(?P<sign>>>=|<<=|:=|\+\+|--|&&|\|\||==|!=|<=|>=|<<|>>|\+=|-=|\*=|/=|%=|\|=|&=|\^=|=>|->|.)
    """,
    re.VERBOSE | re.DOTALL,
)

_PAIRS: Final = {"(": ")", "[": "]", "{": "}"}


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number, string or sign; `source[start:end]` is its `text`."""

    text: str
    start: int
    end: int
    kind: str

    @property
    def is_operand_end(self) -> bool:
        """Whether a sign behind it stands between two operands."""
        return self.kind in {"number", "word", "string"} or self.text in {")", "]"}


def tokens_of(source: str) -> tuple[Token, ...]:
    """Read `source` without its comments and blanks."""
    return tuple(
        Token(match.group(), match.start(), match.end(), match.lastgroup or "sign")
        for match in _PATTERN.finditer(source)
        if match.lastgroup != "skip"
    )


def closing(tokens: Sequence[Token], opening: int) -> int:
    """The index of the bracket that closes the one at index `opening`.

    Raises `ValueError` when there is none: the text is no Solidity.
    """
    depth = 0
    for index in range(opening, len(tokens)):
        if tokens[index].text in _PAIRS:
            depth += 1
        elif tokens[index].text in _PAIRS.values():
            depth -= 1
            if depth == 0:
                return index
    raise ValueError(f"nothing closes the bracket at {tokens[opening].start}")


def opening(tokens: Sequence[Token], closed: int) -> int:
    """The index of the bracket that the one at index `closed` closes.

    Raises `ValueError` when there is none: the text is no Solidity.
    """
    depth = 0
    for index in range(closed, -1, -1):
        if tokens[index].text in _PAIRS.values():
            depth += 1
        elif tokens[index].text in _PAIRS:
            depth -= 1
            if depth == 0:
                return index
    raise ValueError(f"nothing opens the bracket at {tokens[closed].start}")
