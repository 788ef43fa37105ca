"""All mutants of the contracts, numbered, and the choice of some of them.

Owns which sources are mutated. The numbers are the same for the same sources, and so is the choice
for the same seed.
"""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING, Final

from scripts.toolchain.mutation.declarations import read_declarations, references
from scripts.toolchain.mutation.expressions import exchanged, moved_bounds
from scripts.toolchain.mutation.flows import answered, left_out, swapped, unchecked, unguarded
from scripts.toolchain.mutation.mutant import Fault, Mutant
from scripts.toolchain.mutation.reading import Reader
from scripts.toolchain.mutation.statements import read_source
from scripts.toolchain.tokens import tokens_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from pathlib import Path

LEFT_OUT: Final = ("interfaces", "development")
"""Folders without rules of ours."""
LEFT_OUT_FILES: Final = ("SeatRenderer.sol",)

_CONSTANT: Final = re.compile(r"\buint256 (?:\w+ )*constant (?:\w+ )*?([A-Z][A-Z0-9_]+) =")
_SHOWN: Final = 70
_AROUND: Final = 24


def read_contracts(root: Path) -> dict[str, str]:
    """The sources to be mutated, by their path below `root`."""
    folder = root / "contracts"
    return {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*.sol"))
        if path.relative_to(folder).parts[0] not in LEFT_OUT and path.name not in LEFT_OUT_FILES
    }


def all_mutants(sources: Mapping[str, str], *, vain: bool = False) -> tuple[Mutant, ...]:
    """Every mutant of `sources`, numbered from 1; or every fault that is `vain` and no mutant."""
    constants = {name for text in sources.values() for name in _CONSTANT.findall(text)}
    reader = Reader(read_declarations(sources.values()))
    mutants: list[Mutant] = []
    for path, source in sources.items():
        # Two operators can make the same of a site: it counts once.
        once = {
            (fault.site, fault.text, fault.early): fault
            for fault in faults_of(source, constants, reader)
            if fault.vain == vain
        }
        for fault in sorted(once.values(), key=lambda fault: fault.start):
            mutants.append(_numbered(len(mutants) + 1, path, source, fault))
    return tuple(mutants)


def chosen(mutants: Sequence[Mutant], count: int | None, seed: int) -> tuple[Mutant, ...]:
    """`count` of the mutants by chance, in their order; None: all of them."""
    if count is None or count >= len(mutants):
        return tuple(mutants)
    some = random.Random(seed).sample(mutants, count)  # noqa: S311 - repeatable, nothing is secret
    return tuple(sorted(some, key=lambda mutant: mutant.number))


def faults_of(source: str, constants: AbstractSet[str], reader: Reader) -> Iterator[Fault]:
    """What every operator makes of one `source`; `reader` knows what statements do."""
    places = references(tokens_of(source))
    headers, sites = read_source(source)
    for header in headers:
        yield from unguarded(source, header)
    for site in sites:
        yield from exchanged(source, site)
        yield from moved_bounds(source, site, constants)
        yield from left_out(source, site)
        yield from swapped(site, lambda it: reader.of_statement(it.tokens, places))
        yield from unchecked(source, site)
        yield from answered(source, site)


def _numbered(number: int, path: str, source: str, fault: Fault) -> Mutant:
    site = fault.site
    if fault.early is not None:
        first = source[fault.early.start : fault.early.end]
        second = source[site.start : site.end]
        before, after = f"{first} {second}", f"{second} {first}"
    else:
        before, after = source[site.start : site.end], fault.text
        if len(_flat(before)) > _SHOWN and fault.start > site.start:
            # Whole words, so that a spelling checker can read the report.
            near = [
                token
                for token in site.tokens
                if token.start >= fault.start - _AROUND and token.end <= fault.end + _AROUND
            ]
            left, right = near[0].start, near[-1].end
            before = source[left:right]
            after = fault.text[left - site.start : len(fault.text) - (site.end - right)]
    line = source.count("\n", 0, fault.start) + 1
    return Mutant(number, path, line, _flat(before), _flat(after) or "(nothing)", fault)


def _flat(text: str) -> str:
    return " ".join(text.split())
