"""The parameters by which addresses name drops and sessions.

Owns where they stand; `api.places` has their spelling and bounds. Refuses to say whether there is
such a drop.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query

from api.places import MAX_BLOCK, MAX_SESSION, BlockNumber, DropNumber, SessionNumber
from marketplace.domain.ids import MAX_DROP

DropPath = Annotated[DropNumber, Path(ge=1, le=MAX_DROP, description="The drop's number.")]
SessionPath = Annotated[
    SessionNumber, Path(ge=1, le=MAX_SESSION, description="Its number in the terms, from 1.")
]
LeastBlock = Annotated[
    BlockNumber, Query(ge=0, le=MAX_BLOCK, description="The newest block that you know of.")
]
