"""The parameters by which addresses name drops and sessions.

Owns their bounds. Refuses to say whether there is such a drop.
"""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Path, Query

from marketplace.domain.ids import MAX_DROP

_LARGEST_BLOCK: Final = 2**53 - 1
_LARGEST_SESSION: Final = 10_000

DropPath = Annotated[int, Path(ge=1, le=MAX_DROP, description="The drop's number.")]
SessionPath = Annotated[
    int, Path(ge=1, le=_LARGEST_SESSION, description="Its number in the terms, from 1.")
]
LeastBlock = Annotated[
    int, Query(ge=0, le=_LARGEST_BLOCK, description="The newest block that you know of.")
]
