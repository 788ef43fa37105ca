"""What the API tells a room.

Owns the shapes. Refuses to act on them.
"""

from __future__ import annotations

from typing import Literal

from pydantic.dataclasses import dataclass

from marketplace.client.answers.access import Decision
from marketplace.client.wire import ANSWER, HashText


@dataclass(frozen=True, config=ANSWER)
class Leave:
    """Whoever is in by this admission has to leave.

    Attributes:
        admission_id: As `redeem` gave it.
        why: `denied` by the gate, `replaced` by who came in later by the same right, or `lapsed`.
        decision: The gate's no; None where another process, or a renewal, was told it.
    """

    admission_id: HashText
    why: str
    decision: Decision | None


@dataclass(frozen=True, config=ANSWER)
class Behind:
    """Nothing is known: keep whoever is in until their lease ends."""

    reason: str
    do: Literal["keep_until_lease_ends"]
    decision: Decision


@dataclass(frozen=True, config=ANSWER)
class RoomLevel:
    """Whoever is in and was not told to leave may stay, as of this block."""

    as_of_block: int
    block_hash: HashText
