"""Where a Solidity source decides, as far as a run can be asked what was decided.

Owns finding conditions, the arms of `try` and the bodies of functions. Refuses to look into
assembly: what decides there is found, but nothing can be put beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scripts.toolchain.tokens import closing, tokens_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scripts.toolchain.tokens import Token

CONDITION: Final = "condition"
ASSEMBLY: Final = "assembly"
ARM: Final = "arm"
FUNCTION: Final = "function"

_CALLABLES: Final = frozenset({"function", "constructor", "fallback", "receive", "modifier"})
_JOINING: Final = frozenset({"&&", "||"})
_OPENING: Final = frozenset({"(", "[", "{"})
_BETWEEN: Final = frozenset(
    {",", ";", "?", ":", "=>", "return", "else", "emit", "revert"}
    | {"=", "+=", "-=", "*=", "/=", "%=", "|=", "&=", "^=", "<<=", ">>="}
)
"""What no operand of a condition reaches across."""


@dataclass(frozen=True, slots=True)
class Place:
    """A piece of a source that decides: its `kind`, and `source[start:end]`.

    A condition is an expression; an arm or a function is the inside of a block, and `text` says
    whose.
    """

    kind: str
    start: int
    end: int
    text: str


def places_of(source: str) -> tuple[Place, ...]:
    """Find the places of `source` in their order."""
    reader = _Reader(source)
    reader.read()
    return tuple(sorted(reader.found, key=lambda place: (place.start, -place.end)))


class _Reader:
    """Walks over the tokens of one source."""

    def __init__(self, source: str) -> None:
        self.found: list[Place] = []
        self._source = source
        self._tokens: Sequence[Token] = tokens_of(source)

    def read(self) -> None:
        """Find the bodies of functions and what is in them."""
        index = 0
        while index < len(self._tokens):
            if self._text(index) in _CALLABLES:
                body = index
                while self._text(body) not in {"{", ";"}:
                    body += 1
                if self._text(body) == "{":
                    end = closing(self._tokens, body)
                    self._note_block(FUNCTION, body, end, _name(self._tokens[index : index + 2]))
                    self._walk(body + 1, end)
                    body = end
                index = body
            index += 1

    def _text(self, index: int) -> str:
        return self._tokens[index].text

    def _walk(self, first: int, end: int) -> None:
        """Read what stands between two brackets, or between two semicolons."""
        joints: list[int] = []
        part = index = first
        while index < end:
            text = self._text(index)
            after = self._compound(index)
            if after is not None:
                part, joints, index = after, [], after
                continue
            if text in _OPENING:
                close = closing(self._tokens, index)
                self._walk(index + 1, close)
                index = close
            elif text in _JOINING:
                joints.append(index)
            elif text in _BETWEEN:
                self._note_operands(part, index, joints, asked=text == "?")
                part, joints = index + 1, []
            index += 1
        self._note_operands(part, end, joints, asked=False)

    def _compound(self, index: int) -> int | None:
        """Read the head of a statement that decides; the index behind it, None if it is none."""
        text = self._text(index)
        if text in {"if", "while"}:
            end = closing(self._tokens, index + 1)
            self._condition(index + 2, end)
            return end + 1
        if text == "for":
            end = closing(self._tokens, index + 1)
            first = self._find(index + 2, ";")
            second = self._find(first + 1, ";")
            self._walk(index + 2, first)
            if second > first + 1:
                self._condition(first + 1, second)
            self._walk(second + 1, end)
            return end + 1
        if text == "assembly":
            opening = self._find(index, "{")
            end = closing(self._tokens, opening)
            self._assembly(opening + 1, end)
            return end + 1
        return self._attempt(index) if text in {"try", "catch"} else None

    def _attempt(self, index: int) -> int:
        """Read one arm of `try`; the index behind its block."""
        opening = self._find(index + 1, "{")
        # `call{value: price}(…)` has braces too: what a block begins with is never `word :`.
        while self._text(opening + 2) == ":":
            opening = self._find(closing(self._tokens, opening) + 1, "{")
        end = closing(self._tokens, opening)
        self._note_block(ARM, opening, end, self._text(index))
        self._walk(index + 1, opening)
        self._walk(opening + 1, end)
        return end + 1

    def _assembly(self, first: int, end: int) -> None:
        for index in range(first, end):
            if self._text(index) in {"if", "for", "switch"}:
                opening = self._find(index, "{") if self._text(index) == "if" else index + 2
                self._note(ASSEMBLY, index, opening)

    def _condition(self, first: int, end: int) -> None:
        """Read a whole condition: itself, unless its operands say the same."""
        self._walk(first, end)
        signs = {self._text(index) for index in self._outside(first, end)}
        if not signs & _JOINING or "?" in signs:
            self._note_answer(first, end)

    def _outside(self, first: int, end: int) -> list[int]:
        """The indices between these that are in no brackets of their own."""
        found = []
        index = first
        while index < end:
            found.append(index)
            if self._text(index) in _OPENING:
                index = closing(self._tokens, index)
            index += 1
        return found

    def _find(self, index: int, text: str) -> int:
        """The next `text` outside of brackets."""
        while self._text(index) != text:
            if self._text(index) in _OPENING:
                index = closing(self._tokens, index)
            index += 1
        return index

    def _note_operands(self, part: int, end: int, joints: Sequence[int], *, asked: bool) -> None:
        if joints:
            begins = [part, *(joint + 1 for joint in joints)]
            for first, last in zip(begins, [*joints, end], strict=True):
                self._note_answer(first, last)
        elif asked:
            self._note_answer(part, end)

    def _note_answer(self, first: int, end: int) -> None:
        """Note what is true or false, unless operands in its own brackets say the same."""
        bare = first
        while self._text(bare) == "!":
            bare += 1
        if self._text(bare) == "(" and closing(self._tokens, bare) == end - 1:
            signs = {self._text(index) for index in self._outside(bare + 1, end - 1)}
            if signs & _JOINING and "?" not in signs:
                return
        self._note(CONDITION, first, end)

    def _note(self, kind: str, first: int, end: int) -> None:
        start, stop = self._tokens[first].start, self._tokens[end - 1].end
        self.found.append(Place(kind, start, stop, " ".join(self._source[start:stop].split())))

    def _note_block(self, kind: str, opening: int, closing_: int, text: str) -> None:
        start, end = self._tokens[opening].end, self._tokens[closing_].start
        self.found.append(Place(kind, start, end, text))


def _name(tokens: Sequence[Token]) -> str:
    """How a function is called in reports, by its first two `tokens`."""
    first, second = tokens
    return second.text if first.text in {"function", "modifier"} else first.text
