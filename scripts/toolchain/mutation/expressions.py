"""Faults inside one expression: a sign or a number that is another one.

Owns what is exchanged for what. Refuses to know types: what the compiler refuses is no mutant.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from scripts.toolchain.mutation.extremes import equals_alike
from scripts.toolchain.mutation.mutant import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from scripts.toolchain.mutation.statements import Site
    from scripts.toolchain.tokens import Token

_SIGNS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "arithmetic": {
        "+": ("-",),
        "-": ("+",),
        "*": ("/",),
        "/": ("*",),
        "%": ("*",),
        "+=": ("-=",),
        "-=": ("+=",),
        "++": ("--",),
    },
    "comparison": {
        "<": ("<=", ">"),
        ">": (">=", "<"),
        "<=": ("<", ">"),
        ">=": (">", "<"),
        "==": ("!=",),
        "!=": ("==",),
    },
    "boolean": {"&&": ("||",), "||": ("&&",), "true": ("false",), "false": ("true",)},
    "shift": {"<<": (">>",), ">>": ("<<",)},
    "bits": {"&": ("|",), "|": ("&",), "|=": ("&=",)},
}
_DROPPED: Final = {"!": "boolean", "~": "bits"}
_YUL: Final = {
    "add": "sub",
    "sub": "add",
    "shl": "shr",
    "shr": "shl",
    "lt": "gt",
    "gt": "lt",
    "and": "or",
    "or": "and",
}
_BETWEEN: Final = frozenset({"+", "-", "*", "/", "%", "<", ">", "&", "|", "<<", ">>"})


def exchanged(source: str, site: Site) -> Iterator[Fault]:
    """Each sign of the site for its neighbours, and each that stands before an operand left out."""
    for place, token in enumerate(site.tokens):
        between = place > 0 and site.tokens[place - 1].is_operand_end
        if token.text in _BETWEEN and not between:
            continue
        for operator, signs in _SIGNS.items():
            for sign in signs.get(token.text, ()):
                fault = _replaced(source, site, token, operator, sign)
                yield replace(fault, vain=equals_alike(site, place, sign))
        if token.text in _DROPPED:
            yield _replaced(source, site, token, _DROPPED[token.text], "")
        if site.kind == "assembly" and token.text in _YUL:
            yield _replaced(source, site, token, "assembly", _YUL[token.text])


def moved_bounds(source: str, site: Site, constants: AbstractSet[str]) -> Iterator[Fault]:
    """Each number of the site one higher and one lower; `constants` are numbers by name."""
    for token in site.tokens:
        if token.kind == "number":
            for value in _neighbours(token.text):
                yield _replaced(source, site, token, "bounds", value)
        elif token.text in constants and site.kind != "assembly":
            for sign in "+-":
                yield _replaced(source, site, token, "bounds", f"({token.text} {sign} 1)")


def _neighbours(number: str) -> tuple[str, ...]:
    plain = number.replace("_", "").lower()
    if plain.startswith("0x"):
        value = int(plain, 16)
        return (hex(value + 1),)
    if "e" in plain:
        return ()
    value = int(plain)
    return (str(value + 1), str(value - 1)) if value else ("1",)


def _replaced(source: str, site: Site, token: Token, operator: str, by: str) -> Fault:
    text = source[site.start : token.start] + by + source[token.end : site.end]
    return Fault(operator, site, text, token.start, token.end)
