"""The values that a decision is made of: who, what for, which thing, what is known.

Owns their types. Refuses to judge: `api.gate.decide` does. Times are Unix seconds; a window names
the last second that counts, as the contract's terms do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum, unique
from typing import TYPE_CHECKING, Final, Self, TypeAlias

from marketplace.domain.addresses import ZERO_ADDRESS

if TYPE_CHECKING:
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.drop import DropState
    from marketplace.domain.ids import DropId, SeatId, TierIndex


@dataclass(frozen=True, slots=True)
class Anonymous:
    """Somebody who has not signed in."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A signed-in account. What it holds is a fact of its own, never part of who it is."""

    account: ChecksumAddress


@dataclass(frozen=True, slots=True)
class Mentor:
    """An account that acts as a mentor and for nothing else: its seats do not count."""

    account: ChecksumAddress


@dataclass(frozen=True, slots=True)
class Operator:
    """A program of those who run the platform: it looks at what is for sale, and nothing else.

    Attributes:
        name: The id of the key that it shows.
    """

    name: str


Principal: TypeAlias = Anonymous | Holder | Mentor | Operator


@unique
class Action(StrEnum):
    """What is asked for."""

    ENTER_SESSION = "enter_session"
    WATCH_RECORDING = "watch_recording"
    SEE_RESALE = "see_resale"


@unique
class Level(StrEnum):
    """How settled the ownership must be that a right rests on."""

    LATEST = "latest"
    SAFE = "safe"
    FINALIZED = "finalized"


_SETTLED: Final = {level: place for place, level in enumerate(Level)}
"""From what may still be taken back to what is not."""


@dataclass(frozen=True, slots=True)
class Opening:
    """Seats that open a resource: those of these tiers of a drop."""

    drop: DropId
    tiers: frozenset[TierIndex]


@dataclass(frozen=True, slots=True)
class Resource:
    """What somebody wants to get at.

    Attributes:
        id: Names it to people and in logs.
        drop: The drop that it belongs to; its mentor and whom they have named as co-host need no
            seat and may come early.
        opened_by: Seats of any of these open it. For resale listings, the audience.
        open_to_all: Whether it needs no seat, as listings without an audience; counts for
            listings only.
        opens_at: The first second; None: from the beginning.
        closes_at: The last second; None: no end.
        level: What the right must rest on at least; whoever asks may want more.
        terms_hash: Of the drop that this was read out of. A reorganisation can give the drop's
            number to another, which this does not belong to. None: it is of any terms.
        mentor: Of that drop: anybody can put its terms hash on a drop of their own. None: of any
            mentor.
    """

    id: str
    drop: DropId
    opened_by: tuple[Opening, ...] = ()
    open_to_all: bool = False
    opens_at: int | None = None
    closes_at: int | None = None
    level: Level = Level.LATEST
    terms_hash: str | None = None
    mentor: ChecksumAddress | None = None

    def held_to(self, level: Level) -> Self:
        """The same thing, for a right that is at least so settled."""
        if _SETTLED[level] <= _SETTLED[self.level]:
            return self
        return replace(self, level=level)


@dataclass(frozen=True, slots=True)
class BlockFacts:
    """Where the mirror stands, as one moment of it.

    Attributes:
        number: The last block mirrored.
        block_hash: Of that block: `0x` and 64 hex digits.
        safe_number: The last mirrored block that is safe.
        finalized_number: The last mirrored block that is final.
        lag_s: Seconds since the mirror last knew itself level with the chain's head.
    """

    number: int
    block_hash: str
    safe_number: int
    finalized_number: int
    lag_s: int


@dataclass(frozen=True, slots=True)
class DropFacts:
    """What a drop is, at the moment of the facts; `terms_hash` is 0x and 64 hex digits.

    `verifier` checks people in at its sessions; the zero address where none was named.
    """

    drop: DropId
    mentor: ChecksumAddress
    state: DropState
    terms_hash: str | None = None
    verifier: ChecksumAddress = ZERO_ADDRESS


@dataclass(frozen=True, slots=True)
class SeatFacts:
    """Whose a seat is, at the moment of the facts.

    Attributes:
        since_block: The block in which it came to this owner, or any later block up to the head.
            For a delegate: in which the delegation stood as well.
        delegate: Whom its owner lets act for it, and as whom it was looked up; None: it was looked
            up by its owner.
    """

    seat: SeatId
    owner: ChecksumAddress
    since_block: int
    delegate: ChecksumAddress | None = None


@dataclass(frozen=True, slots=True)
class CoHostFacts:
    """Whom a mentor has named as co-host; `terms_hash` tells the drop from others of its number.

    It counts while `named_by` is the drop's mentor. The API's own word: no chain knows of it.
    """

    drop: DropId
    terms_hash: str
    named_by: ChecksumAddress
    account: ChecksumAddress


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known when a decision is made; of the mirror, read in one transaction of it.

    Attributes:
        block: None while the mirror cannot be decided on: it has nothing yet, still reads history,
            or has left a branch of the chain and not yet read the other to its end.
        drops: Of the resource and of every opening; a missing one counts as unknown.
        seats: The account's living seats of those drops, at `latest`; of each tier at least the one
            that it has held longest. Also those whose owners let it act for them.
        allowed_lag_s: The lag past which nothing is decided.
        least_block: The newest block that the caller knows of.
        delegations_missing: Whether somebody may be a delegate without its being known yet.
        co_hosts: What is known of the account as a co-host of the drops that are asked about.
    """

    block: BlockFacts | None
    drops: tuple[DropFacts, ...]
    seats: tuple[SeatFacts, ...]
    allowed_lag_s: int
    least_block: int = 0
    delegations_missing: bool = False
    co_hosts: tuple[CoHostFacts, ...] = ()
