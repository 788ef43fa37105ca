"""Comparisons that say the same of two equal numbers: the larger, the smaller, what is beyond.

Owns `a > b ? a : b`, `a > b ? a - b : 0` and `if (a > b) a = b`, each in every direction: where
both are equal, either way gives the same value. Refuses operands that are calls: taking another arm
would make other calls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scripts.toolchain.mutation.statements import Site
    from scripts.toolchain.tokens import Token

_WITH_EQUALS: Final = {"<": "<=", ">": ">=", "<=": "<", ">=": ">"}
_BEFORE: Final = frozenset({"", "(", ",", "=", "return"})
_BEHIND: Final = frozenset({")", ",", ";"})


def equals_alike(site: Site, place: int, sign: str) -> bool:
    """Whether `sign` for the comparison at `place` only decides about two equal numbers in vain."""
    texts = [token.text for token in site.tokens]
    if _WITH_EQUALS.get(texts[place]) != sign:
        return False
    start = _start_of_path(site.tokens, place)
    left, right = texts[start:place], _path(site.tokens, place + 1)
    end = place + 1 + len(right)
    if not left or not right or (texts[start - 1] if start else "") not in _BEFORE:
        return False
    if end < len(texts) and texts[end] == "?":
        return _arms_alike(texts[end + 1 :], left, right)
    return end == len(texts) and start == 0 and _assigns(site.branch, left, right)


def _arms_alike(texts: Sequence[str], left: list[str], right: list[str]) -> bool:
    arms = [(left, right), (right, left)]
    for one, other in tuple(arms):
        arms += [([*one, "-", *other], ["0"]), (["0"], [*one, "-", *other])]
    for one, other in arms:
        both = [*one, ":", *other]
        if texts[: len(both)] == both and texts[len(both)] in _BEHIND:
            return True
    return False


def _assigns(branch: Site | None, left: list[str], right: list[str]) -> bool:
    if branch is None:
        return False
    texts = [token.text for token in branch.tokens]
    return texts in ([*left, "=", *right, ";"], [*right, "=", *left, ";"])


def _start_of_path(tokens: Sequence[Token], end: int) -> int:
    """Where the names and full stops before `end` begin; `end` itself when there are none."""
    start = end
    while start > 0 and tokens[start - 1].kind in {"word", "number"}:
        start -= 1
        if start == 0 or tokens[start - 1].text != ".":
            return start
        start -= 1
    return end


def _path(tokens: Sequence[Token], start: int) -> list[str]:
    """The names and full stops from `start` on."""
    end = start
    while end < len(tokens) and tokens[end].kind in {"word", "number"}:
        end += 1
        if end == len(tokens) or tokens[end].text != ".":
            return [token.text for token in tokens[start:end]]
        end += 1
    return []
