"""What a block of assembly does: arithmetic, memory and logs are understood, all else is not.

Owns the list of Yul's functions that cannot leave the call, call others or reach storage.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from scripts.toolchain.mutation.effects import Effects
from scripts.toolchain.tokens import closing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scripts.toolchain.tokens import Token

_VALUES: Final = frozenset(
    {"add", "sub", "mul", "div", "mod", "shl", "shr", "and", "or", "xor", "not", "byte"}
    | {"eq", "lt", "gt", "iszero", "calldataload", "calldatasize"}
)
_MEMORY: Final = frozenset({"mload", "mstore", "mstore8", "mcopy", "keccak256", "calldatacopy"})
_LOG: Final = re.compile(r"log[0-4]")


def of_assembly(tokens: Sequence[Token], place: int) -> tuple[Effects, int]:
    """What the block behind `assembly` at `place` does, and where it ends."""
    start = place
    while tokens[start].text != "{":
        start += 1
    end = closing(tokens, start)
    safe = any(token.text == '"memory-safe"' for token in tokens[place:start])
    effects = Effects(opaque=not safe)
    for at in range(start + 1, end):
        text = tokens[at].text
        if tokens[at].kind == "word" and tokens[at + 1].text == "(":
            logs = _LOG.fullmatch(text) is not None
            effects.logs |= logs
            effects.raw |= logs or text in _MEMORY
            effects.opaque |= not (logs or text in _MEMORY or text in _VALUES)
    return effects, end
