"""Many mutants in one build: each behind a switch that a test run sets from outside.

Mutant n is on where `block.coinbase` is the address n, which forge takes from its environment: no
test and no contract has to know of it, and choosing another mutant compiles nothing. Owns the text
of such sources. Refuses mutants that change no statement: those are built alone.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from scripts.toolchain.mutation.statements import declared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scripts.toolchain.mutation.mutant import Mutant
    from scripts.toolchain.mutation.statements import Site

SWITCH_FILE: Final = "contracts/Mutants.sol"
SWITCH: Final = """// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev Whether mutant `number` is on. Called pure, so that pure functions can ask too.
function mutated(uint256 number) pure returns (bool) {
    function(uint256) view returns (bool) reading = _mutated;
    function(uint256) pure returns (bool) question;
    assembly ("memory-safe") {
        question := reading
    }
    return question(number);
}

function _mutated(uint256 number) view returns (bool) {
    return uint256(uint160(address(block.coinbase))) == number;
}
"""


@dataclass(frozen=True, slots=True)
class Switched:
    """A source with mutants behind switches, and which of them each of its lines belongs to."""

    text: str
    owners: dict[int, frozenset[int]]


def switched(path: str, source: str, mutants: Sequence[Mutant]) -> Switched:
    """Put `mutants` of `source`, which lies at `path`, behind their switches."""
    pieces: list[tuple[str, frozenset[int]]] = []
    place = 0
    nobody: frozenset[int] = frozenset()
    for start, end, replacement in sorted(_replacements(source, mutants), key=lambda it: it[:2]):
        pieces.append((source[place:start], nobody))
        pieces.extend(replacement)
        place = end
    pieces.append((source[place:], nobody))
    text = "".join(piece for piece, _ in pieces)
    owners: dict[int, frozenset[int]] = {}
    line = 1
    for piece, numbers in pieces:
        for offset in range(piece.count("\n") + 1):
            if numbers:
                owners[line + offset] = owners.get(line + offset, nobody) | numbers
        line += piece.count("\n")
    up = "../" * (len(PurePosixPath(path).parts) - 2) or "./"
    pragma = text.index(";") + 1
    imported = f' import {{mutated}} from "{up}Mutants.sol";'
    return Switched(text[:pragma] + imported + text[pragma:], owners)


def replaced(source: str, mutant: Mutant) -> str:
    """The source with this one fault and no switch."""
    fault = mutant.fault
    text = source[: fault.site.start] + fault.text + source[fault.site.end :]
    if fault.early is None:
        return text
    moved = source[fault.site.start : fault.site.end]
    return text[: fault.early.start] + moved + " " + text[fault.early.start :]


Pieces = list[tuple[str, frozenset[int]]]


def _replacements(source: str, mutants: Sequence[Mutant]) -> list[tuple[int, int, Pieces]]:
    sites: dict[Site, list[Mutant]] = defaultdict(list)
    found: list[tuple[int, int, Pieces]] = []
    for mutant in mutants:
        fault = mutant.fault
        sites[fault.site].append(mutant)
        if fault.early is not None:
            moved = source[fault.site.start : fault.site.end]
            early = f"if (mutated({mutant.number})) {{ {moved} }}\n"
            found.append(
                (fault.early.start, fault.early.start, [(early, frozenset({mutant.number}))])
            )
    for site, here in sites.items():
        write = _condition if site.kind == "condition" else _statement
        found.append((site.start, site.end, write(source, site, here)))
    return found


def _condition(source: str, site: Site, mutants: Sequence[Mutant]) -> Pieces:
    pieces: Pieces = []
    for mutant in mutants:
        text = f"\nmutated({mutant.number}) ? ({mutant.fault.text}) :\n"
        pieces.append((text, frozenset({mutant.number})))
    everybody = frozenset(mutant.number for mutant in mutants)
    return [("(", everybody), *pieces, (f"({source[site.start : site.end]}))\n", everybody)]


def _statement(source: str, site: Site, mutants: Sequence[Mutant]) -> Pieces:
    everybody = frozenset(mutant.number for mutant in mutants)
    pieces: Pieces = []
    if site.kind == "declaration":
        names = declared(site.tokens)
        types = "".join(source[name[0].start : name[-1].end] + "; " for name in names)
        pieces.append((types, everybody))
    for mutant in mutants:
        body = _assigned(source, site, mutant.fault.text)
        text = f"if (mutated({mutant.number})) {{\n{body}\n}} else "
        pieces.append((text, frozenset({mutant.number})))
    original = _assigned(source, site, source[site.start : site.end])
    return [*pieces, (f"{{\n{original}\n}}\n", everybody)]


def _assigned(source: str, site: Site, text: str) -> str:
    """A declaration as the assignment that is left of it."""
    if site.kind != "declaration":
        return text
    equal = next(token for token in site.tokens if token.text == "=")
    names = declared(site.tokens)
    left = source[site.start : equal.start]
    if site.tokens[0].text == "(":
        for name in reversed(names):
            first, last = name[0].start - site.start, name[-1].start - site.start
            left = left[:first] + left[last:]
    else:
        left = names[0][-1].text + " "
    return left + text[equal.start - site.start :]
