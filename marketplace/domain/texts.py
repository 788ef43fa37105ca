"""Text of somebody else, as a terminal may get it.

Owns the one way in which the program marks signs that would steer a terminal, hide or reorder what
stands beside them, or begin a line of their own. Refuses to leave anything out: whoever looks sees
that something was there.
"""

from __future__ import annotations

from typing import Final
from unicodedata import category

_MARK: Final = "\N{REPLACEMENT CHARACTER}"
_JOINERS: Final = frozenset({"\N{ZERO WIDTH JOINER}", "\N{ZERO WIDTH NON-JOINER}"})
"""Format signs that words of some scripts are spelt with; they hide nothing."""


def printable(text: str) -> str:
    """The text in one line, with a mark for each sign that is no letter, and one kind of space."""
    if text.isprintable():
        return text
    return "".join(map(_shown, text))


def _shown(sign: str) -> str:
    if sign.isprintable() or sign in _JOINERS:
        return sign
    return " " if category(sign) == "Zs" else _MARK
