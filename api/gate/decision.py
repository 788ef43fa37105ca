"""What the gate answers.

Owns both outcomes, their reasons, and the flat answer that clients get. Refuses to be a bool: a
denial without its reason helps nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, unique
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from api.gate.remedies import Remedy
    from api.gate.values import BlockFacts, Level
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import SeatId


@unique
class Via(StrEnum):
    """What somebody was let in by."""

    SEAT = "seat"
    DELEGATE = "delegate"
    MENTOR = "mentor"
    CO_HOST = "co_host"
    VERIFIER = "verifier"
    OPERATOR = "operator"
    OPEN_TO_ALL = "open_to_all"


@unique
class Reason(StrEnum):
    """Why. The first six say that nothing is known, and are no denial of a right."""

    MIRROR_EMPTY = "mirror_empty"
    MIRROR_LAGS = "mirror_lags"
    MIRROR_BEHIND = "mirror_behind"
    MIRROR_CONTRADICTS = "mirror_contradicts"
    DROP_UNKNOWN = "drop_unknown"
    DELEGATIONS_MISSING = "delegations_missing"
    NOT_SIGNED_IN = "not_signed_in"
    NO_SEAT = "no_seat"
    OTHER_TIER = "other_tier"
    NOT_SETTLED = "not_settled"
    NOT_OPEN_YET = "not_open_yet"
    CLOSED = "closed"
    DROP_ENDED = "drop_ended"
    NOT_THE_MENTOR = "not_the_mentor"
    OPERATORS_STAY_OUT = "operators_stay_out"
    ADMITTED = "admitted"


UNKNOWING = frozenset(
    {
        Reason.MIRROR_EMPTY,
        Reason.MIRROR_LAGS,
        Reason.MIRROR_BEHIND,
        Reason.MIRROR_CONTRADICTS,
        Reason.DROP_UNKNOWN,
        Reason.DELEGATIONS_MISSING,
    }
)
"""Reasons under which a client must ask again instead of believing a no."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer as clients get it.

    Attributes:
        allow: Whether the caller gets in.
        reason: Why, or why not.
        remedy: What would change a denial; None when let in.
        via: What let them in; None when denied.
        seat: The seat that let them in.
        level: How settled ownership had to be; `latest` for what rests on no seat.
        as_of_block: The block that this rests on; None when the mirror is empty.
        block_hash: Of that block.
        lag_s: By how many seconds the mirror may be behind.
        expires_at: The first Unix second at which this may no longer be relied on; ask again by
            then. Always later than now where somebody is let in; a denial is true only for the
            moment in which it is given, which is this.
    """

    allow: bool
    reason: Reason
    remedy: Remedy | None
    via: Via | None
    seat: SeatId | None
    level: Level
    as_of_block: int | None
    block_hash: str | None
    lag_s: int | None
    expires_at: int


@dataclass(frozen=True, slots=True)
class Granted:
    """The caller gets in, until the lease ends.

    Attributes:
        holder: Whose the seat was at that block; None where no seat let them in.
    """

    via: Via
    seat: SeatId | None
    level: Level
    block: BlockFacts
    expires_at: int
    holder: ChecksumAddress | None = None

    @property
    def answer(self) -> Answer:
        """The flat form."""
        return Answer(
            allow=True,
            reason=Reason.ADMITTED,
            remedy=None,
            via=self.via,
            seat=self.seat,
            level=self.level,
            as_of_block=self.block.number,
            block_hash=self.block.block_hash,
            lag_s=self.block.lag_s,
            expires_at=self.expires_at,
        )


@dataclass(frozen=True, slots=True)
class Denied:
    """The caller stays out, and this is what would change it."""

    reason: Reason
    remedy: Remedy
    level: Level
    block: BlockFacts | None
    decided_at: int

    @property
    def answer(self) -> Answer:
        """The flat form."""
        block = self.block
        return Answer(
            allow=False,
            reason=self.reason,
            remedy=self.remedy,
            via=None,
            seat=None,
            level=self.level,
            as_of_block=None if block is None else block.number,
            block_hash=None if block is None else block.block_hash,
            lag_s=None if block is None else block.lag_s,
            expires_at=self.decided_at,
        )


Decision: TypeAlias = Granted | Denied
