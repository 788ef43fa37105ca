"""Reading what a statement does from its tokens and from every function that it calls.

Owns what is understood of Solidity here. What is not is `opaque`: it may do anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scripts.toolchain.mutation.declarations import ELEMENTARY, LOCATIONS, locals_of, references
from scripts.toolchain.mutation.effects import OWN, WHOLE, Effects
from scripts.toolchain.mutation.paths import asked_by, path_from, path_to
from scripts.toolchain.mutation.yul import of_assembly
from scripts.toolchain.tokens import closing, opening

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from scripts.toolchain.mutation.declarations import Declarations, Function
    from scripts.toolchain.tokens import Token

OWNERS: Final = "(owners)"
"""The slots that Solady's ERC721 keeps beside the declared storage."""

SOLADY: Final = ("_setExtraData", "_setAux", "_getExtraData", "_getAux", "_ownerOf")
"""Functions of Solady's ERC721 that do nothing but read and write these slots."""

_PLAIN: Final = frozenset({"length", "offset", "selector", "balance", "code", "max", "min"})
"""Members that the language gives."""
_ASSIGNMENTS: Final = frozenset(
    {"=", "+=", "-=", "*=", "/=", "%=", "|=", "&=", "^="} | {"<<=", ">>="}
)
_STEPS: Final = frozenset({"++", "--"})
_CHECKED: Final = frozenset({"+", "-", "*", "+=", "-=", "*="}) | _STEPS
_DIVISIONS: Final = frozenset({"/", "%", "/=", "%="})
_LANGUAGE: Final = frozenset(
    {"if", "else", "while", "for", "return", "returns", "unchecked", "continue", "break", "type"}
    | {"true", "false", "payable", "keccak256", "blockhash"}
    | LOCATIONS
)
_ENVIRONMENT: Final = frozenset({"block", "msg", "tx"})
_HEAD: Final = frozenset(
    {"internal", "private", "public", "external", "pure", "view"}
    | {"virtual", "override", "returns"}
)


class Reader:
    """Finds the effects of statements of one source, among all declarations."""

    def __init__(self, declarations: Declarations) -> None:
        self._declarations = declarations
        self._known: dict[tuple[str, str, int], Effects] = {}

    def of_statement(
        self, tokens: Sequence[Token], declared: Mapping[str, AbstractSet[str]]
    ) -> Effects:
        """What `tokens` do; `declared` are the names that their source gives a location."""
        return _Pass(self, self._declarations, tokens, declared, frozenset()).run()

    def of_functions(self, functions: Sequence[Function]) -> Effects:
        """What one of `functions` does, whichever it is."""
        together = Effects(opaque=not functions)
        for function in functions:
            together.add(self._of_function(function))
        return together

    def _of_function(self, function: Function) -> Effects:
        key = (function.container, function.name, hash(function.body))
        if key not in self._known:
            # A function that calls itself is not understood.
            self._known[key] = Effects(opaque=True)
            whole = (*function.head, *function.body)
            effects = _Pass(
                self, self._declarations, function.body, references(whole), locals_of(function)
            ).run()
            effects.opaque |= not _is_plain(function.head)
            effects.named |= any(token.text == "memory" for token in whole)
            self._known[key] = effects
        return self._known[key]


def _is_plain(head: Sequence[Token]) -> bool:
    """Whether a function has no modifier, which could do anything."""
    depth = 0
    for token in head:
        depth += (token.text == "(") - (token.text == ")")
        if depth == 0 and token.kind == "word" and token.text not in _HEAD:
            return False
    return True


class _Pass:
    """One walk over the tokens of a statement or of a function's body."""

    def __init__(
        self,
        reader: Reader,
        declarations: Declarations,
        tokens: Sequence[Token],
        declared: Mapping[str, AbstractSet[str]],
        inside: AbstractSet[str],
    ) -> None:
        self._reader = reader
        self._declarations = declarations
        self._tokens = tokens
        self._declared = declared
        self._inside = inside
        self._effects = Effects()
        self._unchecked = -1

    def run(self) -> Effects:
        place = 0
        while place < len(self._tokens):
            token = self._tokens[place]
            if token.kind == "word":
                place = self._word(place)
            elif token.kind == "sign":
                self._sign(place)
            place += 1
        return self._effects

    def _text(self, place: int) -> str:
        return self._tokens[place].text if 0 <= place < len(self._tokens) else ""

    def _word(self, place: int) -> int:
        """Note what the word at `place` does; the last place that was read."""
        text, before, behind = (self._text(place + step) for step in (0, -1, 1))
        if text == "assembly":
            effects, place = of_assembly(self._tokens, place)
            self._effects.add(effects)
            return place
        if text in {"emit", "revert"}:
            self._effects.logs |= text == "emit"
            self._effects.refusals |= {OWN} if text == "revert" else set()
            # Its name is no call.
            while self._text(place + 1) not in {"(", ";"}:
                place += 1
        elif text == "unchecked":
            self._unchecked = closing(self._tokens, place + 1)
        elif text == "delete":
            self._write(*path_from(self._tokens, place + 1))
        elif text in {"new", "try", "super"} or (text == "this" and behind == "."):
            self._effects.opaque = True
        elif behind == "(" and text not in _LANGUAGE:
            self._call(place, member=before == ".")
        elif behind == "{" and before == ".":
            self._effects.opaque = True
        elif text not in _LANGUAGE:
            self._read(place, member=before == ".")
        return place

    def _call(self, place: int, *, member: bool) -> None:
        text = self._text(place)
        known = self._declarations
        functions = self._called(place, member=member)
        if functions is not None:
            self._effects.add(self._reader.of_functions(functions))
        elif member:
            is_cast = text in {"wrap", "unwrap"} and self._text(place - 2) in known.kinds
            self._effects.opaque |= not is_cast
        elif text in SOLADY:
            (self._effects.writes if text.startswith("_set") else self._effects.reads).add(OWNERS)
            self._effects.reads.add(OWNERS)
        elif text in known.enumerations:
            self._effects.refusals.add("cast")
        elif not (ELEMENTARY.fullmatch(text) or text[0].isupper()):
            self._effects.opaque = True

    def _called(self, place: int, *, member: bool) -> list[Function] | None:
        """The functions that the call at `place` may mean; nothing when it is none of ours."""
        text, known = self._text(place), self._declarations
        some = known.functions.get(text, [])
        if not member:
            return [it for it in some if not it.is_external] if some else None
        if self._text(place - 2) in known.libraries:
            return [it for it in some if it.container == self._text(place - 2)]
        if text in known.attached:
            return [it for it in some if not it.container]
        return None

    def _read(self, place: int, *, member: bool) -> None:
        text, behind = self._text(place), self._text(place + 1)
        if member:
            owner = self._text(place - 2)
            if owner in _ENVIRONMENT or owner in self._declarations.enumerations:
                return
            self._effects.reads.add(f".{text}")
            if "calldata" in self._declared.get(owner, ()):
                self._read_calldata(text)
            if self._is_compound(place) and not self._is_pointer(place):
                self._effects.reads.add(WHOLE)
            return
        locations = self._declared.get(text, frozenset())
        self._effects.named |= "memory" in locations
        if text not in self._inside:
            self._effects.reads.add(text)
        if "calldata" in locations and behind == "[":
            self._read_calldata(text)
        if locations and behind not in {".", "["} and not self._is_passed(place):
            self._effects.reads.add(WHOLE)

    def _read_calldata(self, member: str) -> None:
        """What does not fit its type is refused where it is read."""
        if member not in self._declarations.wide | {"length"}:
            self._effects.refusals.add("calldata")

    def _is_compound(self, place: int) -> bool:
        """Whether the path that ends at `place` and its indices is no plain value."""
        text = self._text(place)
        if text in self._declarations.values | _PLAIN or text.isupper():
            return False
        end = place + 1
        while self._text(end) == "[":
            end = closing(self._tokens, end) + 1
        return self._text(end) != "."

    def _is_pointer(self, place: int) -> bool:
        """Whether the statement at `place` only gives a place of storage a name."""
        while place >= 0 and self._text(place) not in {";", "{", "}"}:
            if self._text(place) == "storage":
                return True
            place -= 1
        return False

    def _is_passed(self, place: int) -> bool:
        """Whether the name at `place` goes to a function that is read too."""
        called = asked_by(self._tokens, place)
        if called is None:
            return False
        return self._called(called, member=self._text(called - 1) == ".") is not None

    def _sign(self, place: int) -> None:
        text = self._text(place)
        between = place > 0 and self._tokens[place - 1].is_operand_end
        if text in _ASSIGNMENTS:
            self._assigned(place)
        elif text in _STEPS:
            behind = path_from(self._tokens, place + 1) if not between else None
            self._write(*(behind or path_to(self._tokens, place - 1)))
        elif text == "[" and between:
            self._index(place)
        if text in _CHECKED and place > self._unchecked:
            self._effects.refusals.add("arithmetic")
        if text in _DIVISIONS and not self._divides_by_number(place):
            self._effects.refusals.add("division")

    def _divides_by_number(self, place: int) -> bool:
        behind = self._text(place + 1)
        return behind[0].isdigit() and int(behind.replace("_", ""), 0) != 0

    def _index(self, place: int) -> None:
        inside = self._tokens[place + 1 : closing(self._tokens, place)]
        if any(token.text == ":" for token in inside):
            self._effects.refusals.add(OWN)
        start, _ = path_to(self._tokens, place - 1)
        if self._text(start - 1) != "." or self._text(start) not in self._declarations.mappings:
            self._effects.refusals.add("index")

    def _assigned(self, place: int) -> None:
        if self._text(place - 1) != ")":
            self._write(*path_to(self._tokens, place - 1))
            return
        start = opening(self._tokens, place - 1)
        for end in range(start + 1, place):
            if self._text(end) in {",", ")"} and self._text(end - 1) not in {"(", ","}:
                self._write(*path_to(self._tokens, end - 1))

    def _write(self, place: int, indexed: bool) -> None:  # noqa: FBT001 - half of a path
        text = self._text(place)
        if self._text(place - 1) == ".":
            self._effects.writes.add(f".{text}")
            self._effects.opaque |= text not in self._declarations.values
        elif indexed:
            # An array may have other names.
            self._effects.opaque = True
        elif text not in self._inside:
            self._effects.writes.add(text)
