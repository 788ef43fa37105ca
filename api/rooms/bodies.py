"""The JSON of what a room is told.

Owns the shapes. Refuses rules: these objects only carry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field

from api.gate.answers import DecisionAnswer
from api.gate.decision import Reason  # noqa: TC001 - pydantic reads the annotations
from api.sessions.writes import EndedBy  # noqa: TC001 - pydantic reads the annotations
from api.wire import WireModel

if TYPE_CHECKING:
    from api.gate.decision import Denied
    from api.gate.values import BlockFacts


class LeaveBody(WireModel):
    """Whoever is in by this admission has to leave."""

    admission_id: str
    why: EndedBy
    decision: Annotated[
        DecisionAnswer | None,
        Field(description="The gate's no, where it was given to this stream."),
    ]

    @classmethod
    def of(cls, admission_id: str, why: EndedBy, denied: Denied | None = None) -> Self:
        """Write who has to leave."""
        return cls(
            admission_id=admission_id,
            why=why,
            decision=None if denied is None else DecisionAnswer.of(denied),
        )


class BehindBody(WireModel):
    """Nothing is known well enough to say who has to leave."""

    reason: Reason
    do: Literal["keep_until_lease_ends"] = "keep_until_lease_ends"
    decision: DecisionAnswer

    @classmethod
    def of(cls, denied: Denied) -> Self:
        """Write why."""
        return cls(reason=denied.reason, decision=DecisionAnswer.of(denied))


class LevelBody(WireModel):
    """Whoever is in and was not told to leave may stay, as of this block."""

    as_of_block: int
    block_hash: str

    @classmethod
    def of(cls, block: BlockFacts) -> Self:
        """Write the block."""
        return cls(as_of_block=block.number, block_hash=block.block_hash)
