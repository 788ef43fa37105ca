"""What the chain says, as the API streams it.

Owns the shape. Refuses to say whether it still is so: a later event may take it back.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic.dataclasses import dataclass

from marketplace.client.wire import ANSWER, HashText, SeatText
from marketplace.domain.ids import DropId


@dataclass(frozen=True, config=ANSWER)
class Event:
    """One event of the contract, or (`retract`) that it is taken back.

    Attributes:
        seq: Its number; a stream after it goes on with the next.
        topic: What it is about: `drop`, `seat`, `listing`, `money` or `platform`.
        event: Its name in the ABI.
        seat: The first, where it is about several.
        arguments: By their names in the ABI; numbers are decimal text, bytes are hex.
    """

    seq: int
    kind: Literal["apply", "retract"]
    topic: str
    event: str
    drop: DropId | None
    seat: SeatText | None
    arguments: dict[str, Any]
    block_number: int
    block_hash: HashText
    log_index: int
    tx_hash: HashText
