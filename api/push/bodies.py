"""The JSON of an event that is told.

Owns the shape. Refuses rules: these objects only carry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import Field

from api.push.telling import Topic  # noqa: TC001 - pydantic reads the annotations
from api.wire import WireModel

if TYPE_CHECKING:
    from api.push.telling import Told


class EventBody(WireModel):
    """One thing that the chain says, or takes back."""

    seq: int
    kind: Literal["apply", "retract"]
    topic: Topic
    event: Annotated[str, Field(description="Its name in the contract's ABI.")]
    drop: int | None
    seat: Annotated[str | None, Field(description="The first, where it is about several.")]
    arguments: Annotated[
        dict[str, Any], Field(description="By name; numbers are decimal text, bytes are hex.")
    ]
    block_number: int
    block_hash: str
    log_index: int
    tx_hash: str

    @classmethod
    def of(cls, told: Told) -> Self:
        """Write down what is told."""
        message = told.message
        return cls(
            seq=message.seq,
            kind=message.kind,
            topic=told.topic,
            event=message.event,
            drop=told.drop,
            seat=None if told.first is None else str(int(told.first)),
            arguments=dict(message.arguments),
            block_number=message.block.number,
            block_hash=message.block.hash,
            log_index=message.log_index,
            tx_hash=message.tx_hash,
        )
