"""What the gate says.

Owns the decision as clients get it. Refuses to be taken for longer than it says: `expires_at` is
when to ask again.
"""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime
from pydantic.dataclasses import dataclass

from marketplace.client.wire import ANSWER, HashText, SeatText
from marketplace.domain.ids import DropId, TierIndex

Action = Literal["enter_session", "watch_recording", "see_resale"]


@dataclass(frozen=True, config=ANSWER)
class Remedy:
    """The one thing that would change a denial; what its name does not speak of is None."""

    name: str
    sentence: str
    drop: DropId | None = None
    tiers: tuple[TierIndex, ...] | None = None
    at: AwareDatetime | None = None
    block: int | None = None
    level: str | None = None
    after_s: int | None = None


@dataclass(frozen=True, config=ANSWER)
class Decision:
    """Whether somebody may, why, and until when this may be relied on.

    Attributes:
        via: What lets in: a seat, the mentor's right or a co-host's, or that it is open to all.
        level: How settled ownership had to be.
        as_of_block: The block that this rests on; None when nothing was mirrored yet.
        lag_s: By how many seconds the API's copy of the chain may be behind.
    """

    allow: bool
    reason: str
    remedy: Remedy | None
    via: str | None
    seat: SeatText | None
    level: str
    as_of_block: int | None
    block_hash: HashText | None
    lag_s: int | None
    expires_at: AwareDatetime


@dataclass(frozen=True, config=ANSWER)
class CheckAnswer:
    """The answer to one of several questions: a decision, or the code of why there is none."""

    decision: Decision | None = None
    problem: str | None = None


@dataclass(frozen=True, config=ANSWER)
class CheckAnswers:
    """One for each question, in their order."""

    answers: tuple[CheckAnswer, ...]
