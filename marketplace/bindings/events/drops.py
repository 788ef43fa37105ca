"""A drop: its creation, its sale and what happens to it as a whole.

Refuses anything but the fields of these events.
"""

# Annotations are evaluated: decoding reads them.

from dataclasses import dataclass

from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.ids import DropId, PhaseIndex, SeatId, TierIndex


@dataclass(frozen=True, slots=True)
class DropCreated:
    """A drop was created; `marketplace.domain.words.DropWords` reads its words."""

    drop: DropId
    mentor: ChecksumAddress
    terms_hash: bytes
    words: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class PayoutSet:
    """Released money of a drop goes to `payout` instead of the mentor."""

    drop: DropId
    payout: ChecksumAddress


@dataclass(frozen=True, slots=True)
class VerifierSet:
    """`verifier` checks people in to the sessions of a drop."""

    drop: DropId
    verifier: ChecksumAddress


@dataclass(frozen=True, slots=True)
class SeatsMinted:
    """`account` minted `quantity` seats, numbered upwards from `first`, at the phase's price."""

    first: SeatId
    phase: PhaseIndex
    quantity: int
    account: ChecksumAddress
    referrer: ChecksumAddress


@dataclass(frozen=True, slots=True)
class SeatsGranted:
    """The mentor gave `quantity` seats away, numbered upwards from `first`; their face is zero."""

    first: SeatId
    quantity: int


@dataclass(frozen=True, slots=True)
class PassUsed:
    """`account` used the pass `nonce` of a drop."""

    drop: DropId
    account: ChecksumAddress
    nonce: int


@dataclass(frozen=True, slots=True)
class SeatUsed:
    """A seat of another drop has opened `phase` of a drop and will not again."""

    drop: DropId
    seat: SeatId
    phase: PhaseIndex


@dataclass(frozen=True, slots=True)
class CapLowered:
    """At most `cap` seats of a tier live from now on."""

    drop: DropId
    tier: TierIndex
    cap: int


@dataclass(frozen=True, slots=True)
class DropPaused:
    """Minting and sales are paused to the end of `until`; a second that is over ends a pause."""

    drop: DropId
    until: int


@dataclass(frozen=True, slots=True)
class DropPostponed:
    """The drop has new times, the next terms version and no penalty."""

    drop: DropId
    starts_at: int
    ends_at: int
    deliver_by: int
    refund_until: int


@dataclass(frozen=True, slots=True)
class DropCancelled:
    """The mentor cancelled the drop: everybody gets everything back."""

    drop: DropId


@dataclass(frozen=True, slots=True)
class DropFailed:
    """The mentor did not assert delivery in time: everybody gets everything back."""

    drop: DropId
