"""The branches of the contracts, numbered, and sources that tell which of them they take.

A watched source says each number by a call that forge takes for `console.log`: what it says stays
said when the transaction is taken back, and what it costs is nearly nothing. Owns the text of such
sources. Refuses to know who runs them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from scripts.toolchain.coverage.places import ARM, ASSEMBLY, CONDITION, FUNCTION, places_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scripts.toolchain.coverage.places import Place

MARK: Final = 10**15
"""Added to each number, so that it is like nothing that a test says itself."""

MOST_KEPT: Final = 4_096
"""Bytes of a call's answer that are still there after a number was told."""

WATCH_FILE: Final = "contracts/Watch.sol"
WATCH: Final = f"""// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev The `answer` to a condition, which is told as `number` if it is yes and as the next if not.
function watched(uint256 number, bool answer) pure returns (bool) {{
    entered(answer ? number : number + 1);
    return answer;
}}

/// @dev Tells `number`. Called pure, so that pure functions can tell too.
function entered(uint256 number) pure {{
    function(uint256) view telling = _tell;
    function(uint256) pure silent;
    assembly ("memory-safe") {{
        silent := telling
    }}
    silent(number);
}}

/// @dev `console.log(uint256)`. What the last call answered is answered once more afterwards, by
/// the contract that repeats what it is given: the sources may still want it.
function _tell(uint256 number) view {{
    uint256 told = {MARK} + number;
    assembly ("memory-safe") {{
        let size := returndatasize()
        // More than that nobody reads, and it would cost the test's gas.
        if gt(size, {MOST_KEPT}) {{ size := 0 }}
        let kept := mload(0x40)
        returndatacopy(kept, 0, size)
        mstore(0x00, 0xf82c50f1)
        mstore(0x20, told)
        pop(staticcall(gas(), 0x636f6e736f6c652e6c6f67, 0x1c, 0x24, 0x00, 0x00))
        if size {{ pop(staticcall(gas(), 0x04, kept, size, 0x00, 0x00)) }}
    }}
}}
"""

_ANSWERS: Final = {
    CONDITION: ("true", "false"),
    ASSEMBLY: ("true", "false"),
    ARM: ("taken",),
    FUNCTION: ("entered",),
}


@dataclass(frozen=True, slots=True)
class Branch:
    """One way that a `source` can go at a `line`: what decides (`text`), and the `answer`."""

    number: int
    source: str
    line: int
    kind: str
    text: str
    answer: str

    @property
    def change(self) -> str:
        """What is missing where no test goes this way, without the place."""
        return f"{self.text}: never {self.answer}"

    def __str__(self) -> str:
        """As reports name a branch that no test takes."""
        return f"{self.source}:{self.line} {self.change}"


@dataclass(frozen=True, slots=True)
class Watched:
    """The branches of all sources, and the sources that tell which they take."""

    branches: tuple[Branch, ...]
    texts: Mapping[str, str]


def watch(sources: Mapping[str, str]) -> Watched:
    """Number the branches of `sources`, by path below the project, and put marks at them."""
    branches: list[Branch] = []
    texts = {WATCH_FILE: WATCH}
    for path, source in sources.items():
        insertions: list[tuple[int, int, str]] = []
        for depth, place in enumerate(places_of(source)):
            number = len(branches) + 1
            line = source.count("\n", 0, place.start) + 1
            branches += [
                Branch(number + offset, path, line, place.kind, place.text, answer)
                for offset, answer in enumerate(_ANSWERS[place.kind])
            ]
            insertions += _marks(place, number, depth)
        texts[path] = _marked(path, source, insertions)
    return Watched(tuple(branches), texts)


def _marks(place: Place, number: int, depth: int) -> list[tuple[int, int, str]]:
    """What is put where; at the same place the lower order comes first."""
    if place.kind == ASSEMBLY:
        return []
    if place.kind == CONDITION:
        # A condition inside another begins after it and ends before it.
        return [(place.start, depth, f"watched({number}, "), (place.end, -depth, ")")]
    return [(place.start, -1, f" entered({number});")]


def _marked(path: str, source: str, insertions: list[tuple[int, int, str]]) -> str:
    if not insertions:
        return source
    up = "../" * (len(PurePosixPath(path).parts) - 2) or "./"
    pragma = source.index(";", source.index("pragma solidity")) + 1
    imported = (
        pragma,
        0,
        f' import {{entered, watched}} from "{up}{PurePosixPath(WATCH_FILE).name}";',
    )
    pieces: list[str] = []
    end = 0
    for place, _, text in sorted([imported, *insertions]):
        pieces += [source[end:place], text]
        end = place
    return "".join([*pieces, source[end:]])
