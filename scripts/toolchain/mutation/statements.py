"""Where the statements of a Solidity source are, as far as a fault needs to know.

Owns finding function bodies, conditions and simple statements. Refuses to read what no fault
touches: declarations outside functions, the heads of `for` but for their condition.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scripts.toolchain.tokens import closing, tokens_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scripts.toolchain.tokens import Token

_CALLABLES: Final = frozenset({"function", "constructor", "fallback", "receive", "modifier"})
_PLACES: Final = frozenset({"storage", "memory", "calldata", "payable"})


@dataclass(frozen=True, slots=True)
class Site:
    """A piece of code that faults replace as a whole.

    `kind` is condition, declaration, expression, return, revert, emit, jump or assembly. A
    condition whose branch only refuses is a `guard`; `branch` is the only statement that depends on
    it, if that is simple. `before` is the statement just before it in the same block, if that is
    simple. `returns` is the type of a function's only result.
    """

    kind: str
    start: int
    end: int
    tokens: tuple[Token, ...]
    guard: bool = False
    branch: Site | None = None
    before: Site | None = None
    returns: str = ""


@dataclass(frozen=True, slots=True)
class Header:
    """What stands between a function's name and its body."""

    tokens: tuple[Token, ...]


def read_source(source: str) -> tuple[list[Header], list[Site]]:
    """Find the headers and the sites of all functions of `source`."""
    return _Reader(tokens_of(source)).read()


class _Reader:
    """Walks once over the tokens of one source."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._sites: list[Site] = []
        self._returns = ""

    def read(self) -> tuple[list[Header], list[Site]]:
        headers: list[Header] = []
        index = 0
        while index < len(self._tokens):
            if self._tokens[index].text in _CALLABLES:
                body = index
                while self._text(body) not in {"{", ";"}:
                    body += 1
                if self._text(body) == "{":
                    header = tuple(self._tokens[index:body])
                    headers.append(Header(header))
                    self._returns = _only_result(header)
                    index = self._block(body)
                    continue
                index = body
            index += 1
        return headers, self._sites

    def _text(self, index: int) -> str:
        return self._tokens[index].text

    def _block(self, opening: int) -> int:
        """Read the block that opens here; the index behind it."""
        end = closing(self._tokens, opening)
        index = opening + 1
        before: Site | None = None
        while index < end:
            index, before = self._statement(index, before)
        return end + 1

    def _statement(self, index: int, before: Site | None) -> tuple[int, Site | None]:
        """Read one statement; the index behind it, and its site if it is simple."""
        compound = {
            "{": self._block,
            "unchecked": lambda place: self._block(place + 1),
            "if": self._branches,
            "while": self._branches,
            "for": self._loop,
            "try": self._attempt,
            "assembly": self._assembly,
        }
        read = compound.get(self._text(index))
        return self._simple(index, before) if read is None else (read(index), None)

    def _branches(self, index: int) -> int:
        end = closing(self._tokens, index + 1)
        guarding = self._text(index) == "if"
        place = len(self._sites)
        after, _ = self._statement(end + 1, None)
        inside = self._sites[place:]
        has_else = after < len(self._tokens) and self._text(after) == "else"
        branch = inside[0] if guarding and not has_else and len(inside) == 1 else None
        self._sites.insert(place, self._site("condition", index + 2, end, branch=branch))
        if has_else:
            after, _ = self._statement(after + 1, None)
        return after

    def _loop(self, index: int) -> int:
        end = closing(self._tokens, index + 1)
        first = self._find(index + 2, ";")
        second = self._find(first + 1, ";")
        if second > first + 1:
            self._sites.append(self._site("condition", first + 1, second))
        after, _ = self._statement(end + 1, None)
        return after

    def _attempt(self, index: int) -> int:
        opening = self._find(index + 1, "{")
        # `call{value: price}(…)` has braces too: what a block begins with is never `word :`.
        while self._text(opening + 2) == ":":
            opening = self._find(closing(self._tokens, opening) + 1, "{")
        index = self._block(opening)
        while self._text(index) == "catch":
            index = self._block(self._find(index, "{"))
        return index

    def _assembly(self, index: int) -> int:
        opening = self._find(index, "{")
        end = closing(self._tokens, opening)
        self._sites.append(self._site("assembly", index, end + 1))
        return end + 1

    def _simple(self, index: int, before: Site | None) -> tuple[int, Site]:
        end = self._find(index, ";")
        kinds = {"return": "return", "revert": "revert", "emit": "emit"}
        kinds |= {"continue": "jump", "break": "jump", "_": "jump"}
        first = self._text(index)
        other = "declaration" if declared(self._tokens[index : end + 1]) else "expression"
        site = self._site(kinds.get(first, other), index, end + 1, before=before)
        self._sites.append(site)
        return end + 1, site

    def _find(self, index: int, text: str) -> int:
        """The next `text` outside of brackets."""
        while self._text(index) != text:
            if self._text(index) in {"(", "[", "{"}:
                index = closing(self._tokens, index)
            index += 1
        return index

    def _site(
        self,
        kind: str,
        first: int,
        end: int,
        *,
        branch: Site | None = None,
        before: Site | None = None,
    ) -> Site:
        inside = tuple(self._tokens[first:end])
        guard = branch is not None and _refuses(branch)
        return Site(
            kind, inside[0].start, inside[-1].end, inside, guard, branch, before, self._returns
        )


def declared(tokens: Sequence[Token]) -> list[list[Token]]:
    """The variables that a statement declares, each as the tokens of its type and name."""
    equal = next((i for i, token in enumerate(tokens) if token.text in {"=", ";"}), 0)
    left = list(tokens[:equal])
    if left and left[0].text == "(" and left[-1].text == ")":
        parts: list[list[Token]] = [[]]
        for token in left[1:-1]:
            if token.text == ",":
                parts.append([])
            else:
                parts[-1].append(token)
        return [part for part in parts if _declares(part)]
    return [left] if _declares(left) else []


def _declares(part: Sequence[Token]) -> bool:
    if len(part) < 2 or part[-1].kind != "word" or part[0].kind != "word":  # noqa: PLR2004 - type and name
        return False
    return part[0].text != "delete" and (part[-2].kind == "word" or part[-2].text == "]")


def _refuses(site: Site) -> bool:
    return site.kind == "revert" or site.tokens[0].text.startswith("_refuse")


def _only_result(header: Sequence[Token]) -> str:
    """The type of the only result, or nothing."""
    place = next((i for i, token in enumerate(header) if token.text == "returns"), None)
    if place is None:
        return ""
    result = header[place + 2 : closing(header, place + 1)]
    named = [token.text for token in result if token.text not in _PLACES]
    return named[0] if 1 <= len(named) <= 2 else ""  # noqa: PLR2004 - a type, and perhaps a name
