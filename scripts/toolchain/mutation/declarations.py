"""What the sources declare: functions by name, and the members of structs.

Owns finding declarations by their tokens. Refuses to know what they do: see `effects`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from scripts.toolchain.tokens import closing, tokens_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from scripts.toolchain.tokens import Token

ELEMENTARY: Final = re.compile(r"address|bool|u?int\d*|bytes\d+")
LOCATIONS: Final = frozenset({"storage", "memory", "calldata"})

_CONTAINERS: Final = frozenset({"contract", "interface", "library", "struct"})
_NO_TYPES: Final = frozenset({"return", "emit", "delete", "new", "revert", "else", "case", "let"})
_BEHIND_NAMES: Final = frozenset({"=", ";", ",", ")"})


@dataclass(frozen=True, slots=True)
class Function:
    """One function with a body; `container` is its contract or library, empty when it is free."""

    name: str
    container: str
    head: tuple[Token, ...]
    body: tuple[Token, ...]

    @property
    def is_external(self) -> bool:
        """Whether it is only reached by a call of the contract."""
        return any(token.text == "external" for token in self.head)


@dataclass(frozen=True, slots=True)
class Declarations:
    """All declarations of the sources.

    `kinds` are value types, `attached` names of functions that are called on them (`using {…}`).
    `values` are members that hold no struct and no array, `wide` those that any word fits,
    `mappings` those that are looked up in without a bound.
    """

    functions: dict[str, list[Function]] = field(default_factory=lambda: defaultdict(list))
    libraries: set[str] = field(default_factory=set)
    enumerations: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    attached: set[str] = field(default_factory=set)
    values: set[str] = field(default_factory=set)
    wide: set[str] = field(default_factory=set)
    mappings: set[str] = field(default_factory=set)


def read_declarations(sources: Iterable[str]) -> Declarations:
    """Find what `sources` declare."""
    found = Declarations()
    members: list[tuple[str, Sequence[Token]]] = []
    for source in sources:
        tokens = tokens_of(source)
        for function in _functions(tokens):
            found.functions[function.name].append(function)
        for place, token in enumerate(tokens):
            name = tokens[place + 1].text if place + 1 < len(tokens) else ""
            if token.text == "library":
                found.libraries.add(name)
            elif token.text == "enum":
                found.enumerations.add(name)
            elif token.text == "type" and name != "(":
                found.kinds.add(name)
            elif token.text == "using" and name == "{":
                inside = tokens[place + 2 : closing(tokens, place + 1)]
                found.attached.update(it.text for it in inside if it.kind == "word")
            elif token.text == "struct":
                members.extend(_members(tokens, place + 2))
    _sort_members(found, members)
    return found


def references(tokens: Sequence[Token]) -> dict[str, set[str]]:
    """The names that `tokens` declare with a location, with all their locations."""
    found: dict[str, set[str]] = defaultdict(set)
    for before, token in pairwise(tokens):
        if before.text in LOCATIONS and token.kind == "word":
            found[token.text].add(before.text)
    return found


def locals_of(function: Function) -> set[str]:
    """The names that mean something inside of `function` alone."""
    inside = {token.text for token in function.head if token.kind == "word"}
    body = function.body
    for before, token, behind in zip(body, body[1:], body[2:], strict=False):
        is_typed = before.kind == "word" and before.text not in _NO_TYPES
        if is_typed and token.kind == "word" and behind.text in _BEHIND_NAMES:
            inside.add(token.text)
    return inside


def _functions(tokens: Sequence[Token]) -> Iterator[Function]:
    container, end = "", -1
    for place, token in enumerate(tokens):
        if place > end:
            container = ""
        if token.text in _CONTAINERS and not container:
            container = tokens[place + 1].text
            opened = next(i for i in range(place, len(tokens)) if tokens[i].text == "{")
            end = closing(tokens, opened)
        elif token.text == "function" and tokens[place + 1].kind == "word":
            body = next(i for i in range(place, len(tokens)) if tokens[i].text in {"{", ";"})
            if tokens[body].text == "{":
                inside = tuple(tokens[body + 1 : closing(tokens, body)])
                head = tuple(tokens[place + 2 : body])
                yield Function(tokens[place + 1].text, container, head, inside)


def _members(tokens: Sequence[Token], opened: int) -> Iterator[tuple[str, Sequence[Token]]]:
    """Each member of the struct that opens here, with the tokens of its type."""
    first = opened + 1
    for place in range(first, closing(tokens, opened)):
        if tokens[place].text == ";":
            yield tokens[place - 1].text, tokens[first : place - 1]
            first = place + 1


def _sort_members(found: Declarations, members: Sequence[tuple[str, Sequence[Token]]]) -> None:
    kinds = found.kinds | found.enumerations
    others: set[str] = set()
    narrow: set[str] = set()
    bounded: set[str] = set()
    for name, declared in members:
        texts = [token.text for token in declared]
        held = texts[len(texts) - texts[::-1].index("=>")] if "=>" in texts else texts[0]
        plain = "[" not in texts and (held in kinds or ELEMENTARY.fullmatch(held))
        (found.values if plain else others).add(name)
        (found.wide if texts in (["uint256"], ["bytes32"]) else narrow).add(name)
        if texts[0] == "mapping" and "[" not in texts:
            found.mappings.add(name)
        elif not plain or texts[0].startswith("bytes"):
            bounded.add(name)
    # A name that several structs use is only what all of them say.
    found.values.difference_update(others)
    found.wide.difference_update(narrow)
    found.mappings.difference_update(bounded)
