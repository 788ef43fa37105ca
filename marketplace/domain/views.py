"""What the contract answers about drops and seats, spelled out.

Owns the values of `contracts/types/Views.sol`, member for member and in its order. Refuses to be
built from anything but the chain's own answer, its packed words or the contract's model.
"""

# Annotations are evaluated: the bindings read them to turn an answer into these values.

from dataclasses import dataclass

from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.drop import DropState, Gate, TransferPolicy
from marketplace.domain.ids import DropId, PhaseIndex, TierIndex
from marketplace.domain.money import Bps, Wei


@dataclass(frozen=True, slots=True)
class DropView:
    """Terms and state of a drop.

    Attributes:
        payout: Where released money goes: the mentor where no other was named.
        verifier: Nobody where none was named yet.
        first_deliver_by: The `deliver_by` of the creation.
        fee: The platform's share of released money, as it was at the creation.
        paused_until: The last second of the newest pause; 0: never paused.
        asserted_at: When the mentor said that everything was delivered; 0: not yet.
        disputed_at: When a dispute began; 0: never.
        objected: The face under objection while the drop is ASSERTED; 0 in other states.
        owed: What the drop owes its seats now.
        split: The holders' share of a dispute that was decided.
    """

    state: DropState
    policy: TransferPolicy
    mentor: ChecksumAddress
    payout: ChecksumAddress
    currency: ChecksumAddress
    verifier: ChecksumAddress
    resolver: ChecksumAddress
    terms_version: int
    postponements: int
    royalty: Bps
    toll: Bps
    resale_cap: Bps
    gift_cooldown: int
    starts_at: int
    ends_at: int
    deliver_by: int
    first_deliver_by: int
    refund_until: int
    penalty: Bps
    challenge_days: int
    default_split: Bps
    fee: Bps
    paused_until: int
    asserted_at: int
    disputed_at: int
    objected: Wei
    owed: Wei
    split: Bps


@dataclass(frozen=True, slots=True)
class TierView:
    """A tier and its sales; `escrowed` is the face that the drop owes to the live seats."""

    list_price: Wei
    cap: int
    issued: int
    live: int
    escrowed: Wei


@dataclass(frozen=True, slots=True)
class PhaseView:
    """A phase and its sales.

    Attributes:
        sold: Counted only where `supply` is not 0.
        reserves: The phases, one bit each, that hold back seats of the same tier.
    """

    tier: TierIndex
    gate: Gate
    price: Wei
    opens: int
    closes: int
    supply: int
    sold: int
    wallet_limit: int
    reserves: int
    gate_data: bytes


@dataclass(frozen=True, slots=True)
class DropOverview:
    """Everything that `termsOf` answers about one drop."""

    terms: DropView
    tiers: tuple[TierView, ...]
    phases: tuple[PhaseView, ...]


@dataclass(frozen=True, slots=True)
class SeatView:
    """All about a living seat.

    Attributes:
        moved_at: When it last changed hands, in Unix seconds.
        movable_from: The first second at which it may be given away.
        face: What was paid at the mint.
        toll: What giving it away costs.
        held: The royalties and tolls that wait with it.
        locked: It will not move again.
        granted: It has no face and is never sold.
        claimed: It has been paid out.
    """

    owner: ChecksumAddress
    drop: DropId
    tier: TierIndex
    number: int
    phase: PhaseIndex
    epoch: int
    moved_at: int
    movable_from: int
    face: Wei
    toll: Wei
    held: Wei
    locked: bool
    checked_in: bool
    granted: bool
    objected: bool
    claimed: bool


@dataclass(frozen=True, slots=True)
class RefundView:
    """What a seat can be turned back into money for, in the currency of its drop.

    Attributes:
        refund: What a refund would pay at this moment; 0 where it would be refused.
        penalty: What that refund would leave behind.
        refund_until: The last second of the refund window.
        claimable: What a claim would give the seat's owner at this moment.
        on_failure: The most that the seat can still be paid if the mentor has not delivered: its
            face and all that waits with it; 0 once delivery is beyond dispute for this seat.
    """

    refund: Wei
    penalty: Wei
    refund_until: int
    claimable: Wei
    on_failure: Wei


@dataclass(frozen=True, slots=True)
class PlatformView:
    """Treasury and fee that the next drop will get."""

    treasury: ChecksumAddress
    fee: Bps


@dataclass(frozen=True, slots=True)
class RoyaltyView:
    """ERC-2981: who would get how much of a sale elsewhere."""

    receiver: ChecksumAddress
    amount: Wei
