"""A decision as JSON, the same wherever one is told.

Owns the model: what the access check answers, what a denial's problem carries, what a ticket or a
list of offers was decided by. Refuses to decide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from pydantic import Field

from api.gate.decision import Reason, Via  # noqa: TC001 - pydantic reads the annotations
from api.gate.remedies import (
    BuySeat,
    ClaimRefund,
    Remedy,
    RemedyName,
    RetrySoon,
    WaitForBlock,
    WaitUntil,
)
from api.gate.values import Level
from api.wire import Moment, Uint256Out, WireModel, moment

if TYPE_CHECKING:
    from api.gate.decision import Decision


class RemedyAnswer(WireModel):
    """The one thing that would change a denial. What its name does not speak of is null."""

    name: RemedyName
    """What kind of thing it is: stable, compare it."""

    sentence: str
    """What to do, for people."""

    drop: int | None = None
    """Of `buy_seat` and `claim_refund`: the drop's number; null otherwise."""

    tiers: list[int] | None = None
    """Of `buy_seat`: numbers of tiers, of which any does; null otherwise."""

    at: Moment | None = None
    """Of `wait_until`: when to come back, in UTC; null otherwise."""

    block: int | None = None
    """Of `wait_for_block`: the block's number; null otherwise."""

    level: Level | None = None
    """Of `wait_for_block`: how settled that block must be; null otherwise."""

    after_s: int | None = None
    """Of `retry_soon`: seconds; null otherwise."""

    @classmethod
    def of(cls, remedy: Remedy) -> Self:
        """Write a remedy."""
        said = cls(name=remedy.name, sentence=remedy.sentence)
        match remedy:
            case BuySeat(drop, tiers):
                return said.model_copy(update={"drop": drop, "tiers": list(tiers)})
            case ClaimRefund(drop):
                return said.model_copy(update={"drop": drop})
            case WaitUntil(at):
                return said.model_copy(update={"at": moment(at)})
            case WaitForBlock(block, level):
                return said.model_copy(update={"block": block, "level": Level(level)})
            case RetrySoon(after_s):
                return said.model_copy(update={"after_s": after_s})
            case _:
                return said


class DecisionAnswer(WireModel):
    """Whether the caller gets in, why, on what this rests, and for how long."""

    allow: bool
    """Whether whoever it is about gets in."""

    reason: Reason
    """Why, or why not: stable, compare it."""

    remedy: RemedyAnswer | None
    """What would change a denial; null with a yes."""

    via: Via | None
    """What let the caller in; null with a denial."""

    seat: Uint256Out | None
    """The seat that did, as decimal digits; null where none did."""

    level: Level
    """How settled ownership had to be; `latest` for what rests on no seat, whatever was asked."""

    as_of_block: int | None
    """Number of the block that this rests on; null while nothing is mirrored."""

    block_hash: str | None
    """Hash of that block: `0x` and 64 hex digits; null where there is none."""

    lag_s: int | None
    """Seconds since the mirror last was level with the chain; null where that is not known."""

    expires_at: Moment = Field(description="The first moment at which this counts no longer.")

    @classmethod
    def of(cls, decision: Decision) -> Self:
        """Write a decision."""
        answer = decision.answer
        return cls(
            allow=answer.allow,
            reason=answer.reason,
            remedy=None if answer.remedy is None else RemedyAnswer.of(answer.remedy),
            via=answer.via,
            seat=answer.seat,
            level=answer.level,
            as_of_block=answer.as_of_block,
            block_hash=answer.block_hash,
            lag_s=answer.lag_s,
            expires_at=moment(answer.expires_at),
        )
