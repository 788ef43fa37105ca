"""The parameters by which addresses name drops and sessions.

Owns where they stand; `api.places` has their spelling and bounds. Refuses to say whether there is
such a drop.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query

from api.places import BlockNumber, DropNumber, SessionNumber
from marketplace.domain.ids import MAX_DROP

DropPath = Annotated[DropNumber, Path(ge=1, le=MAX_DROP, description="The drop's number.")]
SessionPath = Annotated[SessionNumber, Path(description="Its number in the terms, from 1.")]
LeastBlock = Annotated[
    BlockNumber,
    Query(description="The newest block that you know of: nothing is said by an older one."),
]
